"""A message that was found, with the few words of it that tell whether it is the one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tui.core.message import Role

BEFORE_HIT = 40  # characters of a snippet before what was found
SNIPPET_LENGTH = 200
_SEEN = 60  # characters from the first thing found on that a list has room for
_WORD_LENGTH = 20  # further than this nobody looks for a space to cut at
_SPACES = re.compile(r"\s+")
_CUT = "…"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found.

    Attributes:
        conversation: id of its chat.
        message: its id.
        number: its place in the order in which all messages were made.
        title: the chat's.
        created: UTC.
        snippet: some of its text, on one line.
        ranges: (start, end) of what was found in the snippet.
        spans: (start, end) of what was found in the message's text.
        whole: it has what was looked for as it was typed, not only as the beginnings of words.
        in_title: (start, end) of what was found in the title, where it is the chat itself that was
            found: the message is then the one it was left at.
    """

    conversation: str
    message: str
    number: int
    title: str
    role: Role
    created: datetime
    snippet: str
    ranges: tuple[Span, ...] = ()
    spans: tuple[Span, ...] = ()
    whole: bool = False
    in_title: tuple[Span, ...] = ()


def snippet(text: str, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    """A line of `text` around the first of `spans`, and where they are in it."""
    start, end = _stretch(text, _most_telling(text, spans))
    parts: list[str] = [_CUT] if start else []
    length, at = len(parts), start
    ranges: list[Span] = []
    for left, right in spans:
        if left >= end:
            break
        if right <= at:
            continue  # ahead of the line
        left = max(left, at)
        for is_found, stretch in ((False, text[at:left]), (True, text[left : min(right, end)])):
            line = _SPACES.sub(" ", stretch)
            if is_found and line:
                ranges.append((length, length + len(line)))
            parts.append(line)
            length += len(line)
        at = min(right, end)
    parts.append(_SPACES.sub(" ", text[at:end]))
    if end < len(text):
        parts.append(_CUT)
    return "".join(parts), tuple(ranges)


def _most_telling(text: str, spans: Sequence[Span]) -> int:
    """Where the line begins that has most of the different things that were found, the first one.

    Words that stand far apart would else be told by the one that is in every line.
    """
    different = len({text[left:right].lower() for left, right in spans})
    best, most = 0, 0
    for at, (start, _) in enumerate(spans):
        near: set[str] = set()
        for index in range(at, len(spans)):
            left, right = spans[index]
            if right > start + _SEEN:
                break
            near.add(text[left:right].lower())
        if len(near) > most:
            best, most = start, len(near)
        if most == different:
            break
    return best


def _stretch(text: str, found: int) -> Span:
    """What to show of a text, cut between words where there is a space near."""
    start = max(0, found - BEFORE_HIT)
    if start and (space := _SPACES.search(text, start, min(found, start + _WORD_LENGTH))):
        start = space.end()
    start = found - len(text[start:found].lstrip())
    end = min(len(text), start + SNIPPET_LENGTH)
    if end < len(text) and (space_at := text.rfind(" ", end - _WORD_LENGTH, end)) > found:
        end = space_at
    return start, end
