"""The one place that makes text from outside safe to show.

What a model, a server or a file says can only ever be text. `shown` maps one character to one
character, so an offset into what is on screen is an offset into the original: copying gives the
original back. Escape and control characters become their visible pictures, bidirectional
controls a mark, lone surrogates (which no terminal encoding can carry) the replacement sign.
Markup is not its business: text goes to Textual as `Content`, never through a markup parser.
"""

from __future__ import annotations

import re

_PICTURES = 0x2400  # U+2400..U+241F: SYMBOL FOR NULL and so on, in the order of the C0 controls
_KEPT = {"\n", "\t"}
# Unicode's explicit directional controls (UAX #9): they reorder what is around them.
_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_MARK = "\ufffd"

_TABLE: dict[int, str] = {
    **{code: chr(_PICTURES + code) for code in range(0x20) if chr(code) not in _KEPT},
    ord("\r"): " ",  # half of a Windows line end: nothing to see
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), _MARK),  # C1: CSI, OSC, DCS in one byte
    **dict.fromkeys(map(ord, _BIDI), _MARK),
    0x2028: " ",  # line and paragraph separators: some terminals break the line there
    0x2029: " ",
    **dict.fromkeys(range(0xD800, 0xE000), _MARK),
}
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")


def shown(text: str) -> str:
    """`text` as it may go to a screen: the same length, only new lines and tabs left to act."""
    # The search makes the usual case (nothing to replace) ten times cheaper than translating.
    return text.translate(_TABLE) if _UNSAFE.search(text) else text


def shown_line(text: str) -> str:
    """`text` on one line: titles, model names, file names. Runs of white space become a space."""
    return _SPACES.sub(" ", shown(text)).strip()


def storable(text: str) -> str:
    """`text` as UTF-8 can carry it: lone surrogates replaced, everything else as it was."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text
