"""What is read of a file, for the tests of each kind."""

from __future__ import annotations

from pathlib import Path

from tui.core.errors import ChatError
from tui.core.whole import WholeConversation
from tui.store.foreign.reading import opened

# What the chats in `exports` say.
TIDES = [("user", "Why are there tides?"), ("assistant", "The moon.")]


def read(path: Path) -> list[WholeConversation | ChatError]:
    with opened(path) as source:
        assert not source.ours
        return list(source.chats)


def only(path: Path) -> WholeConversation:
    (found,) = read(path)
    assert isinstance(found, WholeConversation), found
    return found


def refusal(path: Path) -> str:
    """Why nothing of a file can be read."""
    try:
        (found,) = read(path)
    except ChatError as error:
        return error.text
    assert isinstance(found, ChatError)
    return found.text


def names_in(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


def said(whole: WholeConversation) -> list[tuple[str, str]]:
    return [(message.role.value, message.text) for message in whole.messages]
