"""What is said of a chat or a message that is asked for and isn't there."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.errors import ChatError, ErrorKind
from tui.core.safe import shown_line

CANDIDATES_NAMED = 5


def no_such_chat(named: str) -> ChatError:
    """No chat has an id that begins so."""
    which = f"There is no chat {shown_line(named)}." if named else "No chat was named."
    return ChatError(ErrorKind.NO_SUCH_CHAT, f"{which} `chinwag chats` lists those there are.")


def no_such_message(message_id: str) -> ChatError:
    """No message has that id (any more)."""
    return ChatError(
        ErrorKind.NO_SUCH_CHAT,
        f"Message {shown_line(message_id)} is not there: its chat was removed for good. "
        "Start a new chat.",
    )


def ambiguous(prefix: str, found: Sequence[tuple[str, str]]) -> ChatError:
    """Several chats, given as (id, title), have an id that begins so."""
    named = [f"{chat} ({shown_line(title)})" for chat, title in found[:CANDIDATES_NAMED]]
    more = " and more" if len(found) > CANDIDATES_NAMED else ""
    return ChatError(
        ErrorKind.NO_SUCH_CHAT,
        f"Several chats have an id that begins with {shown_line(prefix)}: {', '.join(named)}{more}."
        " Give more of it.",
    )
