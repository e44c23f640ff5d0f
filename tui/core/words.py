"""How text is cut into words for searching, and what counts as the same word.

`folded` maps one character to one character, so a place in folded text is a place in the original.
`words` and `Term` belong together: wherever a term is found in a text, the index's words of that
text hold the term's `words`, side by side. The index therefore only ever finds too much, and what
it finds is looked at with `Term.spans`.

Chinese, Japanese and Korean write no spaces between words (or hang endings on them): each of their
characters begins a word of two characters, the last one of a run a word of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from tui.core.safe import storable

_CJK = (
    "\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_LETTER = rf"[^\W_{_CJK}]"
_LATIN = (range(0xC0, 0x250), range(0x1E00, 0x1F00))
_FULL_WIDTH = range(0xFF01, 0xFF5F)  # `!` to `~` as wide as a Chinese character
_TO_ASCII = 0xFEE0
_LONG_ASCII = r"([\x00-\x7f]{16,})"
SPANS_MOST = 1000  # stretches that are marked in one message


class _Folding(dict[int, int]):
    """What each character counts as; filled as they are met."""

    def __missing__(self, code: int) -> int:
        character = chr(code - _TO_ASCII if code in _FULL_WIDTH else code)
        # One that becomes two would move all that follows.
        one = unicodedata.normalize("NFC", character)
        character = one if len(one) == 1 else character
        for lower in (character.casefold(), character.lower()):
            if len(lower) == 1:
                character = lower
                break
        if any(ord(character) in letters for letters in _LATIN):
            character = unicodedata.normalize("NFD", character)[0].lower()
        self[code] = ord(character)
        return self[code]


_FOLDING = _Folding()


@cache
def _runs() -> re.Pattern[str]:
    """Runs of letters; compiled when there is something to cut up, for that takes 10 ms."""
    return re.compile(rf"(?P<cjk>(?:(?=\w)[{_CJK}])+)|{_LETTER}+")


def folded(text: str) -> str:
    """`text` without case, Latin accents and full-width forms: of the same length."""
    if text.isascii():
        return text.lower()
    # One character by one takes forty times as long: only what has others goes that way.
    parts = re.split(_LONG_ASCII, text)
    return "".join(part.lower() if part.isascii() else part.translate(_FOLDING) for part in parts)


def folded_line(text: str) -> str:
    """`text` on one line and `folded`: what titles and tags are compared by."""
    return folded(unicodedata.normalize("NFC", " ".join(storable(text).split())))


def words(text: str) -> list[str]:
    """The words of a text, as the index holds them."""
    return list(_words(folded(text), ends=True))


def _words(text: str, *, ends: bool) -> Iterator[str]:
    """The words of folded text; `ends`: nothing follows it."""
    for run in _runs().finditer(text):
        if run["cjk"] is None:
            yield run[0]
            continue
        characters = run[0]
        yield from (characters[at : at + 2] for at in range(len(characters) - 1))
        if ends or run.end() < len(text):
            yield characters[-1]


@dataclass(frozen=True, slots=True)
class Term:
    """Something to find in a text: words as they stand, with any white space between them.

    Attributes:
        text: what was typed.
        whole: its last word must end where it ends; else that may go on.
        parts: what stands between the white space of it, folded.
        words: what a text's words hold side by side where the term is found; may be none.
        open: the last of `words` may be the beginning of one.
    """

    text: str
    whole: bool = False
    parts: tuple[str, ...] = field(init=False, compare=False)
    words: tuple[str, ...] = field(init=False, compare=False)
    open: bool = field(init=False, compare=False)
    _pattern: re.Pattern[str] = field(init=False, compare=False, repr=False)
    _ends: tuple[bool, bool] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        parts = folded(unicodedata.normalize("NFC", self.text)).split()
        plain = " ".join(parts)
        # A single letter goes on to everything: it is a word of its own.
        whole = self.whole or (len(plain) == 1 and _is_letter(plain))
        ends = (_is_letter(plain[:1]), whole and _is_letter(plain[-1:]))
        found, is_open = _side_by_side(plain, whole=whole)
        object.__setattr__(self, "parts", tuple(parts))
        object.__setattr__(self, "words", found)
        object.__setattr__(self, "open", is_open)
        object.__setattr__(
            self, "_pattern", re.compile(r"\s+".join(map(re.escape, parts)) or "(?!)")
        )
        object.__setattr__(self, "_ends", ends)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it is found in folded text."""
        begins, ends = self._ends
        at = 0
        while (found := self._pattern.search(text, at)) is not None:
            start, end = found.span()
            at = end
            # A condition in the pattern itself would take ten times as long to compile.
            goes_on_before = begins and start > 0 and _is_letter(text[start - 1])
            if goes_on_before or (ends and end < len(text) and _is_letter(text[end])):
                at = start + 1
            else:
                yield start, end

    def found_in(self, text: str) -> bool:
        """Whether it is found in folded text."""
        return next(self.spans(text), None) is not None


def ends_word(text: str, end: int) -> bool:
    """Whether a word of folded text ends there, or what spaces do not set apart."""
    return end == len(text) or not (_is_letter(text[end]) and _is_letter(text[end - 1]))


@lru_cache(maxsize=4096)
def _is_letter(character: str) -> bool:
    """Whether it is part of a word that spaces set apart."""
    return re.fullmatch(_LETTER, character) is not None


def _side_by_side(plain: str, *, whole: bool) -> tuple[tuple[str, ...], bool]:
    """A term's words, and whether the last one is only the beginning of one."""
    found = tuple(_words(plain, ends=False))
    runs = list(_runs().finditer(plain))
    if not runs or runs[-1].end() < len(plain):
        return found, False
    last = runs[-1]
    if last["cjk"] is not None:
        # One character alone begins a word of two; of more, all words are there.
        return (*found, last[0]) if len(last[0]) == 1 else found, len(last[0]) == 1
    if whole:
        return found, False
    if len(last[0]) == 1 and len(found) > 1:
        return found[:-1], False  # hardly a word that does not begin with it: not worth asking for
    return found, True
