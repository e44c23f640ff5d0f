"""When to send a request again by itself, and after how long: pure rules.

A request is sent again only while no token of its reply has arrived, at most three times in all,
and only for failures that pass by themselves. A refused connection is not one of them: whoever
forgot to start a server wants to know at once.
"""

from __future__ import annotations

from tui.core.errors import ChatError, ErrorKind

TRIES = 3
LONGEST_WAIT = 120.0  # seconds; past it, saying so beats a screen that seems to hang
_PASSING = frozenset({ErrorKind.RATE_LIMIT, ErrorKind.SERVER, ErrorKind.NETWORK})
_REASONS = {
    ErrorKind.RATE_LIMIT: "Too many requests",
    ErrorKind.SERVER: "The server had a problem",
    ErrorKind.NETWORK: "The connection broke",
}


def wait_before_next(error: ChatError, tries: int) -> float | None:
    """Seconds to wait before the next try, None when there is to be none.

    Args:
        error: how the last try failed.
        tries: how many there were, this one included.
    """
    if error.kind not in _PASSING or error.lasting or tries >= TRIES:
        return None
    wait = error.retry_after if error.retry_after is not None else float(2 ** (tries - 1))
    return wait if wait <= LONGEST_WAIT else None


def countdown(error: ChatError, seconds: float) -> str:
    """What the screen says during the wait."""
    reason = _REASONS.get(error.kind, "That failed")
    return f"{reason}. Trying again in {max(1, round(seconds))} s"
