"""Slash commands: the actions by name, typed where the message is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui.ui.actions import all_actions

_COMMAND = re.compile(r"/([a-z][a-z-]*)(?:\s+(.*))?", re.DOTALL)
# Commands that take words; the others ignore none: words after them make it a message.
_WITH_WORDS = {"export", "model", "title", "system", "set", "retry-with", "search"}


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command with what follows it.

    Attributes:
        name: without the slash.
        action: what it runs, as Textual takes it.
        words: what stands behind it, stripped.
    """

    name: str
    action: str
    words: str


def slash_names() -> dict[str, tuple[str, str]]:
    """Command name to what it runs and what that does."""
    names = {action.slash: (action.target, action.text) for action in all_actions() if action.slash}
    names["system"] = ("screen.chat_settings", "Set the system prompt of this chat")
    return dict(sorted(names.items()))


def parse_slash(text: str) -> SlashCommand | None:
    """The command that `text` is, None if it is a message."""
    match = _COMMAND.fullmatch(text.strip())
    if match is None or match[1] not in (names := slash_names()):
        return None
    words = (match[2] or "").strip()
    if words and match[1] not in _WITH_WORDS:
        return None
    return SlashCommand(match[1], names[match[1]][0], words)


def looks_like_slash(text: str) -> str | None:
    """The name, when `text` begins like a command but with the name of none.

    A path (`/etc/hosts`) does not; white space in front makes any text a message.
    """
    match = re.match(r"/([a-z][a-z-]*)(?!\S)", text)
    return match[1] if match and match[1] not in slash_names() else None


def completions(text: str) -> list[tuple[str, str]]:
    """(name, what it does) of the commands that begin with what is typed; none past the name."""
    match = re.fullmatch(r"/([a-z-]*)", text)
    if match is None:
        return []
    return [(name, what) for name, (_, what) in slash_names().items() if name.startswith(match[1])]
