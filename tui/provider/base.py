"""The contract between a session and whatever answers it: a request in, typed events out.

Invariant: a stream ends by `Finished` or by raising `ChatError`; it never just ends. Cancelling
the task that reads it closes the connection at once.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from tui.core.conversation import Parameters
from tui.core.message import Attachment, Role
from tui.core.settings import Endpoint
from tui.core.usage import ModelFacts, Usage


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message of the prompt, as it is sent."""

    role: Role
    text: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a model; `parameters.stream` None means streaming."""

    endpoint: Endpoint
    model: str
    messages: tuple[PromptMessage, ...]
    parameters: Parameters = Parameters()


@dataclass(frozen=True, slots=True)
class Preparing:
    """Something is made ready before the request can be sent (a local model loads, say).

    Attributes:
        text: what, in a few words; empty: it is ready now.
        fraction: how far, 0 to 1; None where it can't be told.
    """

    text: str
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """The request was made otherwise than asked (a parameter left out, say); `text` says how."""

    text: str


@dataclass(frozen=True, slots=True)
class Started:
    """The endpoint accepted the request: headers are here, no token yet."""

    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More text of the reply; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of what the model thinks before it answers; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class UsageReport:
    """Tokens as the endpoint counted them; the last report holds."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class Finished:
    """The reply is whole; `reason` is the wire's finish reason (`stop`, `length`, ...)."""

    reason: str


Event = Preparing | Notice | Started | TextDelta | ReasoningDelta | UsageReport | Finished


class Provider(Protocol):
    """Answers requests."""

    def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """The reply to `request`, as it comes; read it inside `aclosing`.

        Raises:
            ChatError: whatever went wrong, in the user's words.
        """
        ...

    async def models(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Ids of the models that `endpoint` lists.

        Raises:
            ChatError: whatever went wrong, in the user's words.
        """
        ...

    async def close(self) -> None:
        """Let go of connections and child processes."""
        ...


class Prices(Protocol):
    """What is known of models. Looking up may load a library: call it off the event loop."""

    def facts(self, endpoint: Endpoint, model: str) -> ModelFacts:
        """Context window and prices; None in each place where nothing is known."""
        ...

    def cost(self, endpoint: Endpoint, model: str, usage: Usage) -> float | None:
        """US dollars for `usage`; None where the price is unknown, 0.0 for a local model."""
        ...
