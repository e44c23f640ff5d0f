"""The formats by name, each loaded when it is used, and which one a file name asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path

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
_ENDINGS = {"md": "md", "markdown": "md", "json": "json", "toml": "toml", "html": "html"}


def writer(name: str) -> Writer:
    """What writes chats in the format of that name: the document, in pieces."""
    write: Writer = import_module(_MODULES[name]).write
    return write


def format_of(path: Path) -> str | None:
    """The format that a file's name asks for, None if it asks for none."""
    return _ENDINGS.get(path.suffix[1:].lower())
