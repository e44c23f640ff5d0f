"""Finding a name by some of its letters, in order: `g4m` finds `gpt-4o-mini`.

Textual's own matcher lists every way to place the letters, which is exponential in what is typed;
this one finds the best way in time proportional to query times text (as fzf does). Letters at the
start of a word and letters in a row count most; among equals the shorter text wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

# Only their order matters: a run inside a word beats scattered letters, the start of a word beats
# a run, so that `cs` is `access-[c]ode-[s]tyle` and not `ac[c]e[s]s-code-style`.
_LETTER = 10
_RUN = 12
_WORD_START = 14
_TEXT_START = 18
_GAP = 3
_PER_CHARACTER = 0.1  # of length: a tie-break, smaller than any of the above for real names
_NONE = float("-inf")


@dataclass(frozen=True, slots=True)
class Match:
    """How well a text matches, and where.

    Attributes:
        score: higher is better; comparable between matches of one query.
        positions: indexes of the matched characters, rising.
    """

    score: float
    positions: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """How `text` matches `query`, or None.

    Words of the query may match anywhere and in any order; the letters of each stand in the text
    in their order. Case does not matter. An empty query matches everything, equally.
    """
    words = _lower(query).split()
    lower = _lower(text)
    if not words:
        return Match(0, ())
    if not all(_is_subsequence(word, lower) for word in words):
        return None
    bonuses = _bonuses(text)
    score, positions = 0.0, set[int]()
    for word in words:
        word_score, word_positions = _place(word, lower, bonuses)
        score += word_score
        positions.update(word_positions)
    return Match(score - _PER_CHARACTER * len(text), tuple(sorted(positions)))


def _lower(text: str) -> str:
    """`text` in lower case, the same length: a position in it is a position in `text`."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def _is_subsequence(word: str, text: str) -> bool:
    characters = iter(text)
    return all(letter in characters for letter in word)  # `in` moves the iterator on


@lru_cache(maxsize=2048)  # the same names are asked for at each letter typed
def _bonuses(text: str) -> tuple[int, ...]:
    """What a letter at each position is worth."""
    bonuses, before = [], ""
    for character in text:
        if not before:
            bonus = _TEXT_START
        elif character.isalnum() and (
            not before.isalnum()
            or (character.isupper() and before.islower())
            or (character.isdigit() and not before.isdigit())
        ):
            bonus = _WORD_START
        else:
            bonus = _LETTER
        bonuses.append(bonus)
        before = character
    return tuple(bonuses)


def _place(word: str, text: str, bonuses: tuple[int, ...]) -> tuple[float, list[int]]:
    """The best places for the letters of `word`, which is a subsequence of `text`."""
    length = len(text)
    # scores[at]: the best score of the letters so far, with the last one of them at `at`.
    scores: list[float] = []
    came_from: list[list[int]] = []
    for letter in word:
        next_scores, origins = [_NONE] * length, [-1] * length
        best, best_at = _NONE, -1  # over all places before the one looked at
        for at in range(length):
            if at and scores and scores[at - 1] > best:
                best, best_at = scores[at - 1], at - 1
            if text[at] != letter:
                continue
            if not scores:
                next_scores[at] = bonuses[at]
            elif best_at >= 0:
                score, origin = best + bonuses[at] - _GAP, best_at
                run = scores[at - 1] + max(bonuses[at], _RUN)
                if run >= score:
                    score, origin = run, at - 1
                next_scores[at], origins[at] = score, origin
        scores = next_scores
        came_from.append(origins)
    at = max(range(length), key=scores.__getitem__)
    score, places = scores[at], []
    for origins in reversed(came_from):
        places.append(at)
        at = origins[at]
    return score, places[::-1]
