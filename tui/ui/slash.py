"""Slash commands: the actions by name, typed where the message is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui.ui.actions import all_actions

_COMMAND = re.compile(r"/([a-z][a-z-]*)(?:\s+(.*))?", re.DOTALL)
# Commands that take words; the others ignore none: words after them make it a message.
_WITH_WORDS = {
    "compare", "export", "export-all", "model", "retry-with", "search", "set", "system", "tag",
    "title",
}  # fmt: skip
# Commands whose words are models; those after the first are only `/compare`'s.
_MODEL_WORDS = re.compile(r"/(?:(?:model|retry-with)\s+|compare\s+(?:\S+\s+)*)(?P<word>\S*)")
_BEFORE_MESSAGE = re.compile(r"\n|(?:^|\s)--(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Completion:
    """Something that fits what is typed.

    Attributes:
        label: as it is shown.
        what: what it does; empty where its name says it.
        text: what stands in the composer once it is taken.
        command: the command that it is; None for a word of one.
    """

    label: str
    what: str
    text: str
    command: str | None = None


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


def compared(words: str) -> tuple[tuple[str, ...], str]:
    """The models' names and the message in what follows `/compare`.

    The message stands behind ` -- ` or on the lines below; it is empty where there is none.
    """
    names, message = [*_BEFORE_MESSAGE.split(words, maxsplit=1), ""][:2]
    return tuple(names.replace(",", " ").split()), message.strip()


def completions(text: str, models: Callable[[], Sequence[str]]) -> list[Completion]:
    """The commands that begin with what is typed; past `/compare` and its like, the models.

    Args:
        text: all that is typed.
        models: names of those there are, asked for only where they fit.
    """
    if match := re.fullmatch(r"/([a-z-]*)", text):
        return [
            Completion(f"/{name}", what, f"/{name} ", name)
            for name, (_, what) in slash_names().items()
            if name.startswith(match[1])
        ]
    match = _MODEL_WORDS.fullmatch(text)
    if match is None or _BEFORE_MESSAGE.search(text):
        return []
    typed = match["word"]
    names = [name for name in models() if typed.lower() in name.lower()]
    if typed in names:
        return []
    names.sort(key=lambda name: not name.startswith(typed))  # stable: else as they came
    return [Completion(name, "", f"{text[: match.start('word')]}{name} ") for name in names]
