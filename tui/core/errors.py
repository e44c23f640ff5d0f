"""What can go wrong, in the user's words.

Every failure that reaches a person is a `ChatError`: a kind (for code), a sentence of what
happened and a sentence of what to do next. No key, header or traceback ever enters its text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ErrorKind(StrEnum):
    """Kinds of failure; the values are stored and part of the JSON contract."""

    NO_KEY = "no_key"
    WRONG_KEY = "wrong_key"
    FORBIDDEN = "forbidden"
    UNKNOWN_MODEL = "unknown_model"
    BAD_REQUEST = "bad_request"
    PARAMETER = "parameter"
    CONTEXT_LENGTH = "context_length"
    RATE_LIMIT = "rate_limit"
    QUOTA = "quota"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    UNKNOWN_HOST = "unknown_host"
    NETWORK = "network"
    SERVER = "server"
    BROKEN_STREAM = "broken_stream"
    BAD_RESPONSE = "bad_response"
    CONFIG = "config"
    LOCAL = "local"
    NO_SUCH_CHAT = "no_such_chat"
    BRANCH = "branch"
    LIBRARY = "library"
    FILE = "file"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """A failure as it is kept with a message: its kind and the text shown."""

    kind: ErrorKind
    text: str


class ChatError(Exception):
    """A failure with words for the user.

    Attributes:
        kind: what sort of failure.
        text: what happened and what to do, one or two plain sentences.
        retry_after: seconds the server asked us to wait, None if it did not say.
        lasting: it will not pass by itself, though failures of its kind do.
        request_id: the server's name for the request, for its support.
    """

    def __init__(
        self,
        kind: ErrorKind,
        text: str,
        *,
        retry_after: float | None = None,
        lasting: bool = False,
        request_id: str | None = None,
    ) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.retry_after = retry_after
        self.lasting = lasting
        self.request_id = request_id

    @property
    def info(self) -> ErrorInfo:
        """What is saved with the message."""
        return ErrorInfo(self.kind, self.text)
