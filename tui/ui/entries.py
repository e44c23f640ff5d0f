"""From what is kept of a message to what is shown of it: pure."""

from __future__ import annotations

from tui.core.errors import ErrorKind
from tui.core.message import Message, Role, Status
from tui.core.safe import shown_line
from tui.ui.format import numbers_line
from tui.ui.transcript import Entry

_STATUS = {
    Status.STOPPED: "stopped",
    Status.TRUNCATED: "cut off at the token limit",
    Status.FILTERED: "withheld by the content filter",
    Status.INTERRUPTED: "interrupted: chinwag ended while this was being written",
}
RETRY = ("retry", "Retry")
PICK_MODEL = ("pick_model", "Other model")
# Where another model is more likely to help than the same again.
_MODEL_FIRST = frozenset(
    {ErrorKind.UNKNOWN_MODEL, ErrorKind.NO_KEY, ErrorKind.WRONG_KEY, ErrorKind.QUOTA}
)


def entry_of(
    message: Message,
    sibling: tuple[int, int] = (1, 1),
    *,
    waiting: str = "",
    notices: tuple[str, ...] = (),
    reasoning_ms: int | None = None,
    width: int | None = None,
) -> Entry:
    """What `message` shows.

    Args:
        message: as it is kept.
        sibling: which of how many, from 1.
        waiting: what a reply in flight waits for; only while nothing of it has arrived.
        notices: those of a reply in flight; a finished one carries its own.
        reasoning_ms: how long a reply in flight thought; a finished one carries its own.
        width: cells for the line of numbers; None: as many as it needs.
    """
    own = message.role is Role.USER
    live = message.status.in_flight
    status = _STATUS.get(message.status, "")
    if not own and message.status is Status.COMPLETE and not message.text.strip():
        status = "the reply was empty"
    return Entry(
        id=message.id,
        role=message.role,
        text=message.text,
        heading="You" if own else shown_line(message.model) or str(message.role),
        reasoning=message.reasoning,
        reasoning_ms=message.reasoning_ms if reasoning_ms is None else reasoning_ms,
        live=live,
        waiting=waiting if live else "",
        numbers=numbers_of(message, width),
        status=status,
        error=message.error.text if message.error else "",
        notices=message.notices or notices,
        attachments=tuple(shown_line(attachment.name) for attachment in message.attachments),
        sibling=sibling,
        actions=_actions(message),
    )


def numbers_of(message: Message, width: int | None) -> str:
    """The line of numbers under a message; none where there is nothing to count."""
    if message.role is Role.USER or message.status.in_flight:
        return ""
    # A reply that failed before it began took some time and nothing else.
    return numbers_line(message, width) if message.usage or message.text else ""


def _actions(message: Message) -> tuple[tuple[str, str], ...]:
    if message.status is Status.INTERRUPTED:
        return (RETRY,)
    if message.error is None:
        return ()
    if message.error.kind in _MODEL_FIRST:
        return (PICK_MODEL, RETRY)
    return (RETRY, PICK_MODEL)
