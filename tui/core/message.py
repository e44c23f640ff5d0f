"""A message of a conversation, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from tui.core.errors import ErrorInfo
from tui.core.usage import Usage


class Role(StrEnum):
    """Who speaks; the values are stored and go over the wire."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    TOOL = "tool"


class Status(StrEnum):
    """Where a message stands; the values are stored and part of the JSON contract."""

    PENDING = "pending"
    STREAMING = "streaming"
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"
    TRUNCATED = "truncated"
    FILTERED = "filtered"
    INTERRUPTED = "interrupted"

    @property
    def in_flight(self) -> bool:
        """True while some process is still writing the message."""
        return self in (Status.PENDING, Status.STREAMING)


# What a finish reason of the wire makes of a reply; any other reason counts as complete.
STATUS_OF_FINISH = {"length": Status.TRUNCATED, "content_filter": Status.FILTERED}


def utc_now() -> datetime:
    """This moment in UTC, cut to the millisecond (what the database keeps)."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message.

    Attributes:
        name: the file's name as the user knew it, without its folders.
        media_type: MIME type.
        size: bytes of the original file.
        text: its content where it is text that is sent along, else None.
    """

    name: str
    media_type: str
    size: int
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message; immutable: a change is a new value made with `dataclasses.replace`.

    Attributes:
        parent: id of the message before it, None for the first of a branch.
        model: what wrote a reply (as the endpoint names it), empty for others.
        error: why it failed, never mixed into `text`.
        notices: what was done on the way that the user should know (a parameter dropped, say).
        cost_usd: US dollars; None where unknown.
        created: UTC.
        first_token_ms: from sending the request to the first token; None before it.
        reasoning_ms: from the first token of reasoning to the first of the answer; None without.
        total_ms: from sending the request to the end; None before it.
        request_id: the endpoint's own name for the request.
        branch_name: what a person called the branch that begins with it; empty: nothing.
    """

    id: str
    conversation: str
    parent: str | None
    role: Role
    text: str
    created: datetime
    status: Status = Status.COMPLETE
    reasoning: str = ""
    model: str = ""
    endpoint: str = ""
    error: ErrorInfo | None = None
    notices: tuple[str, ...] = ()
    finish_reason: str | None = None
    usage: Usage | None = None
    cost_usd: float | None = None
    first_token_ms: int | None = None
    reasoning_ms: int | None = None
    total_ms: int | None = None
    request_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    branch_name: str = ""

    @property
    def tokens_per_second(self) -> float | None:
        """Output tokens a second between the first token and the end; None where unknown.

        Below a tenth of a second (a reply that came in one piece) a rate says nothing.
        """
        if self.usage is None or self.first_token_ms is None or self.total_ms is None:
            return None
        milliseconds = self.total_ms - self.first_token_ms
        if milliseconds < 100 or self.usage.output < 2:
            return None
        return (self.usage.output - 1) * 1000 / milliseconds
