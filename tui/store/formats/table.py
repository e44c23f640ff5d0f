"""The formats by name, each loaded when it is used, and which one a file name asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path

from tui.core.errors import ChatError, ErrorKind
from tui.core.safe import shown_line
from tui.core.whole import WholeConversation

Writer = Callable[[Iterable[WholeConversation]], Iterator[str]]

_MODULES = {
    "md": "tui.store.formats.markdown_text",
    "json": "tui.store.formats.json_text",
    "toml": "tui.store.formats.toml_text",
    "html": "tui.store.formats.html_text",
}
NAMES = tuple(_MODULES)
DEFAULT = "md"
ENDINGS = {"md": "md", "markdown": "md", "json": "json", "toml": "toml", "html": "html"}


def writer(name: str) -> Writer:
    """What writes chats in the format of that name: the document, in pieces."""
    write: Writer = import_module(_MODULES[name]).write
    return write


def format_of(path: Path) -> str:
    """The format that a file's name asks for, the usual one if it asks for none.

    Raises:
        ChatError: it asks for one that there is not (kind FILE).
    """
    ending = path.suffix[1:].lower()
    if ending in ENDINGS:
        return ENDINGS[ending]
    if ending.isalnum() and not ending.isdigit():  # `Dr. Smith` and `2026.11` have no ending
        raise no_format(ending)
    return DEFAULT


def no_format(word: str) -> ChatError:
    """Nothing is exported as `word`."""
    return ChatError(
        ErrorKind.FILE,
        f"Chats can't be exported as {shown_line(word)}. Name {', '.join(NAMES[:-1])} or "
        f"{NAMES[-1]}, as the format or as the ending of the file.",
    )
