"""What models write, Markdown, as HTML that can't act. Imported when a page is made: it is heavy.

Invariant: the result holds only elements of markdown-it's own and Pygments' spans, without style
attributes; HTML in the text is text; links lead to http, https and mailto addresses; of a picture
its name is left, and a link to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

LINKED = {"http", "https", "mailto"}
HIGHLIGHTED = 100_000  # characters of code; some lexers take seconds for more
_OWN_HEADINGS = 2  # h1 is a chat, h2 a message: a text's headings come below


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's own name
        """Whether a link may lead there; one that may not stays as it was written."""
        try:
            return urlsplit(url.strip()).scheme.lower() in LINKED
        except ValueError:
            return False


def as_html(text: str) -> str:
    """`text`, which is safe to show, as HTML."""
    tokens = _PARSER.parse(text)
    _tame(tokens)
    return str(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def highlighted(code: str, language: str, _: Any = None) -> str:
    """Code as HTML, coloured where its language is known by this name."""
    lexer = _lexer(language.lower()) if language and len(code) <= HIGHLIGHTED else None
    return escape(code) if lexer is None else str(highlight(code, lexer, _FORMATTER))


@lru_cache(maxsize=32)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


def _tame(tokens: Iterable[Token]) -> None:
    """Change what would load something, style itself, or stand above the page's own headings."""
    for token in tokens:
        style = str(token.attrs.pop("style", ""))
        if (side := style.removeprefix("text-align:")) in ("center", "right"):
            token.attrs["class"] = side
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + _OWN_HEADINGS)}"
        elif token.type == "link_open":
            token.attrs = {"href": token.attrs.get("href", ""), **_UNTOLD}
        if token.children:
            token.children = list(_without_pictures(token.children))
            _tame(token.children)


def _without_pictures(tokens: Iterable[Token]) -> Iterator[Token]:
    """In place of each picture its name, as a link to it unless it stands within a link."""
    within = 0
    for token in tokens:
        within += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type != "image":
            yield token
            continue
        named = Token("text", "", 0, content=f"[picture: {_text(token.children or [])}]")
        if within:
            yield named
            continue
        yield Token("link_open", "a", 1, attrs={"href": token.attrs.get("src", "")})
        yield named
        yield Token("link_close", "a", -1)


def _text(tokens: Iterable[Token]) -> str:
    return "".join(token.content or _text(token.children or []) for token in tokens)


_FORMATTER = HtmlFormatter(nowrap=True)  # to make one takes as long as to colour a page of code
_UNTOLD = {
    "rel": "noopener noreferrer nofollow"
}  # a page that is opened learns nothing of this one
_PARSER = _Parser("commonmark", {"html": False, "highlight": highlighted}).enable(
    ["table", "strikethrough"]
)
