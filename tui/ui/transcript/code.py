"""Highlighting of code, part by part.

Pygments reads whole texts and its state can't be carried over, while our code comes in parts of
some 32 lines that are shown, or not, on their own. What a part leaves open (a long comment, a
long string) is found by `carry` in one cheap pass, and the next part is read as if that opening
stood before it. The language is the one the fence names: guessing would load every lexer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from tui.ui.transcript import look as looks
from tui.ui.transcript.passage import PassageWriter

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_C_LIKE = [
    "c",
    "c++",
    "cpp",
    "cs",
    "csharp",
    "css",
    "dart",
    "go",
    "h",
    "hpp",
    "java",
    "javascript",
    "js",
    "json5",
    "jsx",
    "kotlin",
    "kt",
    "php",
    "rs",
    "rust",
    "scala",
    "scss",
    "sql",
    "swift",
    "ts",
    "tsx",
    "typescript",
    "zig",
]
_MARKUP = ("html", "svg", "vue", "xml")
_PYTHON = ("py", "py3", "python", "python3", "pyi")
_STRING = r'"(?:\\.|[^"\\\n])*"' + r"|'(?:\\.|[^'\\\n])*'"
# What opens something that may span lines, and what closes it.
_CLOSERS = {'"""': '"""', "'''": "'''", "/*": "*/", "<!--": "-->"}
_OPENERS = {
    **dict.fromkeys(_PYTHON, re.compile(rf"(\"\"\"|''')|{_STRING}|#[^\n]*")),
    **dict.fromkeys(_C_LIKE, re.compile(rf"(/\*)|{_STRING}|//[^\n]*")),
    **dict.fromkeys(_MARKUP, re.compile(r"(<!--)")),
}
# Names by which models call what pygments knows under another.
_ALIASES = {"jsonc": "json", "shell": "bash", "sh-session": "console", "vue": "html", "zsh": "bash"}

# Pygments' token types, the most specific first, as looks.
_LOOKS = (
    ("Comment", looks.COMMENT),
    ("Keyword.Constant", looks.NUMBER),
    ("Keyword", looks.KEYWORD),
    ("Operator.Word", looks.KEYWORD),
    ("Operator", looks.OPERATOR),
    ("Literal.String.Doc", looks.COMMENT),
    ("Literal.String", looks.STRING),
    ("Literal.Number", looks.NUMBER),
    ("Name.Function", looks.FUNCTION),
    ("Name.Class", looks.FUNCTION),
    ("Name.Decorator", looks.FUNCTION),
    ("Name.Tag", looks.KEYWORD),
    ("Name.Attribute", looks.FUNCTION),
    ("Name.Builtin", looks.BUILTIN),
    ("Name.Exception", looks.BUILTIN),
    ("Generic.Deleted", looks.ERROR),
    ("Generic.Inserted", looks.SUCCESS),
    ("Generic.Heading", looks.STRONG),
    ("Generic.Subheading", looks.STRONG),
    ("Generic.Prompt", looks.QUIET),
)


def carry(info: str, carried: str, text: str) -> str:
    """What is open at the end of a part of code: an opening, or nothing."""
    opener = _OPENERS.get(info.lower())
    if opener is None:
        return ""
    at = 0
    while True:
        if carried:
            end = text.find(_CLOSERS[carried], at)
            if end < 0:
                return carried
            at, carried = end + len(_CLOSERS[carried]), ""
        found = opener.search(text, at)
        if found is None:
            return ""
        at, carried = found.end(), found[1] or ""


@lru_cache(maxsize=32)
def _lexer(info: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(_ALIASES.get(info, info), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=512)
def _look_of(name: str) -> int:
    return next((look for prefix, look in _LOOKS if name.startswith(prefix)), looks.PLAIN)


def warm_up() -> None:
    """Load the lexer that models need most; any thread may."""
    lexer = _lexer("python")
    if lexer is not None:
        list(lexer.get_tokens("x = 1"))


def write_code(writer: PassageWriter, text: str, info: str, carried: str) -> None:
    """Write a part of code, highlighted where its language is known."""
    lexer = _lexer(info.lower()) if info else None
    if lexer is None:
        writer.add(text, looks.SURFACE, 0)
        return
    at = -len(carried)  # the opening that is only imagined is not written
    for _, kind, piece in lexer.get_tokens_unprocessed(f"{carried}{text}\n"):
        start, at = at, at + len(piece)
        if at > len(text):
            piece = piece[:-1]  # nor is the line end that lexers wait for
        if at > 0:
            look = _look_of(".".join(kind))
            writer.add(piece[max(0, -start) :], look | looks.SURFACE, max(0, start))
