"""Inline Markdown into a passage: markdown-it's grammar, our picture.

Two additions of ours keep what models write as it was meant: mathematics stays as typed (else
Markdown eats its backslashes and underscores), and `[^1]` is the mark of a footnote. Raw HTML is
text. markdown-it is loaded on first use: nothing here may delay the first frame.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from functools import cache
from typing import TYPE_CHECKING

from tui.ui.transcript import look as looks
from tui.ui.transcript.passage import Link, PassageWriter

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

References = dict[str, dict[str, object]]  # as markdown-it keeps them: normalised label -> target

_OPENED = {"strong_open": looks.STRONG, "em_open": looks.EM, "s_open": looks.STRIKE}
_VERBATIM = {"code_inline": looks.CODE, "math": looks.MATH, "note": looks.QUIET}
# Without any of these a text is plain: most table cells are, and code-free prose often is.
_SPECIAL = re.compile(r"[\\`*_~\[\]<>&!$\n]|://|www\.|@|https?:")
_ADDRESS = re.compile(r"://|www\.|@|mailto:")  # linkify doubles the cost: only where it may matter
# Of what linkify takes for an address, what GitHub does: with a scheme, `www.` or an "@". The rest
# are file names (README.md, main.py) more often than hosts.
_LINKED = re.compile(r"(?:[a-z][a-z\d+.-]*://|www\.)", re.IGNORECASE)
_MATH = re.compile(
    r"\\\((?:[^\n]|\n(?!\n))+?\\\)|\\\[(?:[^\n]|\n(?!\n))+?\\\]|\$\$(?:[^$\n]|\n(?!\n))+?\$\$"
    r"|\$(?![\s$])[^$\n]*?(?<![\s\\])\$(?!\d)"
)
_NOTE = re.compile(r"\[\^([^\]\s]+)\]")


def _math(state: StateInline, silent: bool) -> bool:
    r"""Mathematics as typed: `\(...\)`, `\[...\]`, `$$...$$` and (as pandoc has it) `$...$`."""
    if state.src[state.pos] not in "\\$":
        return False
    found = _MATH.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("math", "", 0).content = found[0]
    state.pos = found.end()
    return True


def _note(state: StateInline, silent: bool) -> bool:
    """The mark of a footnote."""
    if state.src[state.pos] != "[":
        return False
    found = _NOTE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("note", "", 0).content = f"[{found[1]}]"
    state.pos = found.end()
    return True


@cache
def _reader(linkify: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("gfm-like", {"html": False, "linkify": linkify})
    reader.inline.ruler.before("escape", "math", _math)
    reader.inline.ruler.before("link", "note", _note)
    return reader


def warm_up() -> None:
    """Load the grammar; any thread may."""
    for linkify in (False, True):
        _reader(linkify).parseInline("*x* https://example.org")


def definitions(text: str, references: References) -> str:
    """Move the link definitions that a paragraph begins with into `references`; what is left."""
    reader = _definition_reader()
    env: MutableMapping[str, object] = {"references": references}
    tokens = reader.parse(text, env)
    lines = text.split("\n")
    return "\n".join(lines[tokens[0].map[0] :]) if tokens and tokens[0].map else ""


def normalised(text: str) -> str:
    """`text` as the labels of links are compared: in any case, with any white space."""
    from markdown_it.common.utils import normalizeReference

    return normalizeReference(text)


@cache
def _definition_reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("zero")
    reader.enable("reference")
    return reader


def write_inline(
    writer: PassageWriter,
    text: str,
    references: References,
    base: int = looks.PLAIN,
    source: int = 0,
) -> None:
    """Write `text`, which stands at `source` of its block; `base` is added to every look."""
    if not _SPECIAL.search(text):
        writer.add(text, base, source)
        return
    tokens = _reader(bool(_ADDRESS.search(text))).parseInline(text, {"references": references})
    _Writing(writer, text, base, source).tokens(tokens[0].children or [])


class _Writing:
    """One run over the tokens of a paragraph."""

    def __init__(self, writer: PassageWriter, text: str, base: int, source: int) -> None:
        self.writer = writer
        self.text = text
        self.look = base
        self.source = source
        self.cursor = 0
        self.opened: list[int] = []
        self.links: list[tuple[int, str]] = []

    def tokens(self, tokens: list[Token]) -> None:
        for number, token in enumerate(tokens):
            kind = token.type
            if kind == "text":
                self.verbatim(token.content, self.look)
            elif kind in ("softbreak", "hardbreak"):
                self.new_line()
            elif kind in _VERBATIM:
                self.verbatim(token.content, self.look | _VERBATIM[kind])
            elif kind == "image":
                self.image(token)
            elif kind == "link_open":
                linked = _is_link(token, tokens[number + 1].content)
                href = str(token.attrs.get("href", "")) if linked else ""
                self.links.append((self.writer.size, href))
                self.enter(looks.LINK if linked else looks.PLAIN)
            elif kind in _OPENED:
                self.enter(_OPENED[kind])
            elif kind.endswith("_close") and self.opened:
                self.look = self.opened.pop()
                if kind == "link_close" and self.links:
                    start, href = self.links.pop()
                    if href:
                        self.writer.links.append(Link(start, self.writer.size, href))
                    if self.text.startswith("](", self.cursor):  # what follows is not in the target
                        self.cursor = max(self.cursor, self.text.find(")", self.cursor))
            else:
                self.verbatim(token.content, self.look)

    def enter(self, look: int) -> None:
        self.opened.append(self.look)
        self.look |= look

    def image(self, token: Token) -> None:
        """An image as a link with its label."""
        href = str(token.attrs.get("src", ""))
        start = self.writer.size
        self.writer.add("▣ ", self.look | looks.LINK)
        self.verbatim(token.content or href, self.look | looks.LINK)
        self.writer.links.append(Link(start, self.writer.size, href))

    def new_line(self) -> None:
        """A line break is kept: models mean it, and nothing they wrapped is ever joined wrongly."""
        at = self.text.find("\n", self.cursor)
        self.writer.add("\n", self.look, self.source + at if at >= 0 else None)
        if at >= 0:
            self.cursor = at + 1

    def verbatim(self, content: str, look: int) -> None:
        """Write `content` and find where it stands: after what was written before."""
        at = self.text.find(content, self.cursor)
        if at >= 0:
            self.writer.add(content, look, self.source + at)
            self.cursor = at + len(content)
            return
        # An escape or an entity stands differently in the source: character by character.
        for sign in content:
            at = self.text.find(sign, self.cursor, self.cursor + 12)
            self.writer.add(sign, look, self.source + at if at >= 0 else None)
            if at >= 0:
                self.cursor = at + 1


def _is_link(token: Token, text: str) -> bool:
    """Whether what is marked as a link, and says `text`, is one."""
    if token.markup != "linkify" or str(token.attrs.get("href", "")).startswith("mailto:"):
        return True
    return _LINKED.match(text) is not None
