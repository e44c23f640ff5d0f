"""Where what is too long for one part may be divided, so that nobody sees it.

Each rule gets the first so many characters of something that goes on, and answers with an offset
in their second half, wherever that can be. It knows nothing of what follows, so a text is divided
at the same places however it arrives. How rows go on across a seam is `flow`'s business.

Markup is kept whole: a seam stands in plain text alone, and before any sign that may open
something. What is longer than half of a part (emphasis of some 1,500 characters) may be divided
all the same, and is then shown as typed: without a bound, each new character could change the
look of all that is before it.
"""

from __future__ import annotations

import re

from tui.ui.transcript import look as looks
from tui.ui.transcript.inline import write_inline
from tui.ui.transcript.passage import PassageWriter
from tui.ui.transcript.wrap import graphemes, is_simple

_OPENING = re.compile(r"!\[|[*_~`\[$\\]")
_TOKEN = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[\s,;{}()\[\]]""")
_PIPE = re.compile(r"(?<!\\)\|")


def in_plain(text: str) -> int:
    """A seam in verbatim text: between words, else between characters."""
    return _last_space(text, len(text) // 2) or _between_graphemes(text)


def in_code(text: str) -> int:
    """A seam in a line of code: not inside a string, where that can be."""
    found = 0
    for token in _TOKEN.finditer(text):
        found = token.end()
    return found if found > len(text) // 2 else _between_graphemes(text)


def in_row(text: str) -> int:
    """A seam in a row of a table: inside its last cell if that is long, else before it."""
    begin = 0
    for pipe in _PIPE.finditer(text):
        begin = pipe.end()
    return begin if begin > len(text) // 2 else begin + in_markdown(text[begin:])


def in_markdown(text: str) -> int:
    """A seam in inline Markdown."""
    half = len(text) // 2
    plain = _plain(text)
    end = len(text)
    for sign in _OPENING.finditer(text, half):
        escaped = text[sign.start() - 1] == "\\" and not plain[sign.start() - 1]
        if plain[sign.start()] and not escaped:
            end = sign.start()
            break
    for low, high in ((half, end), (half // 2, half)):
        at = high
        while (at := text.rfind(" ", low, at)) >= low:
            if at + 1 < len(text) and plain[at] and not text[at + 1].isspace():
                return at + 1
    # No space in sight (Chinese, or a word without end): between two letters in plain text.
    for at in range(min(end, len(text) - 1), half, -1):
        if plain[at - 1] and plain[at] and _is_letter(text[at - 1]) and _is_letter(text[at]):
            return at
    return _last_space(text, half) or _between_graphemes(text)


def _plain(text: str) -> bytearray:
    """For each character, whether it is plain text: no markup, and inside of none."""
    writer = PassageWriter()
    write_inline(writer, text, {})
    passage = writer.passage()
    plain = bytearray(len(text))
    for start, source, size in passage.origins or [(0, 0, len(text))]:
        if passage.stretches(start, start + 1)[0][2] == looks.PLAIN:
            plain[source : source + size] = b"\1" * size
    return plain


def _last_space(text: str, low: int) -> int:
    """The offset after the last space that a word follows; 0 if there is none from `low` on."""
    at = len(text)
    while (at := text.rfind(" ", low, at)) >= 0:
        if at + 1 < len(text) and not text[at + 1].isspace():
            return at + 1
    return 0


def _is_letter(sign: str) -> bool:
    """Whether a character is one that nothing can be combined with before it."""
    return sign.isalnum() and (sign.isascii() or "\u2e80" <= sign < "\ufb00")


def _between_graphemes(text: str) -> int:
    """The last place where a character ends for sure: not before what may yet join it."""
    if is_simple(text):
        return len(text) - 1
    found = graphemes(text)
    return found[-1][0] or len(text)
