"""What a person types to find something, as a value.

Every text is a query: what is no filter, phrase or exclusion is words to be found as they stand.

    tide moon              messages with a word that begins with each of these
    "high tide"            these words, side by side and whole
    -sun  -"low tide"      messages without
    foo_bar(  C++  #123    code, as it stands
    role:user  tag:sea     filters (`Field` lists them); -role:user for all others

Messages' texts and chats' titles are looked through; reasoning and attached files are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from tui.core.message import Role, Status
from tui.core.safe import storable
from tui.core.words import SPANS_MOST, Term, ends_word, folded, folded_line

LENGTH_MOST = 1000  # characters of what is typed that are looked at


class Field(StrEnum):
    """What can be filtered by; the values are what is typed before the colon."""

    MODEL = "model"  # what wrote a reply: the beginning of `gpt-4o` or `ollama/llama3.2`
    ROLE = "role"  # user, assistant
    IN = "in"  # this: the chat that is open
    TAG = "tag"  # a tag of the chat
    BEFORE = "before"  # 2026-01-01, 2026-01 or 2026: said before that day began
    AFTER = "after"  # said on that day or later
    IS = "is"  # pinned, archived: the chat is
    HAS = "has"  # code: a fenced block; image: an attached one
    STATUS = "status"  # how a reply ended: complete, stopped, failed...


# What those can be that can't be anything.
CHOICES = {
    Field.ROLE: frozenset({Role.USER.value, Role.ASSISTANT.value}),
    Field.IN: frozenset({"this"}),
    Field.IS: frozenset({"pinned", "archived"}),
    Field.HAS: frozenset({"code", "image"}),
    Field.STATUS: frozenset(status.value for status in Status if not status.in_flight),
}
_FIELDS = {field.value: field for field in Field}
_PIECE = re.compile(
    r"""
    (?P<minus>-?) (?:
        (?P<field>[a-z]+) : (?: "(?P<quoted>[^"]*)"? | (?P<value>\S+) ) (?=\s|$)
      | "(?P<phrase>[^"]*)"?
    )
    | (?P<word>\S+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNFINISHED = re.compile(r"(?:^|\s)-?([a-z]+):([^\s\"]*)$", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a message, or its chat, must be; or, `negated`, must not be.

    Attributes:
        value: in lower case; a tag without accents, too; a day as `2026-01-01`.
        going_on: it may be only the beginning of a tag.
    """

    field: Field
    value: str
    negated: bool = False
    going_on: bool = False

    def names(self, tag: str) -> bool:
        """Whether a tag is the one that is asked for: case and accents make no other tag."""
        plain = folded_line(tag)
        return plain == self.value or (self.going_on and plain.startswith(self.value))


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The beginning of a filter at the end of what is typed.

    Attributes:
        value: what there is of it, in lower case.
    """

    field: Field
    value: str


class Looked(NamedTuple):
    """What of a query a text has.

    Attributes:
        spans: (start, end) of its terms, in order, apart from each other.
        whole: each term is there as it was typed, not only as the beginning of a longer word.
    """

    spans: tuple[tuple[int, int], ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A question to the library.

    Attributes:
        terms: all of them must be found in a message.
        excluded: none of them may be.
        filters: all of them must hold.
    """

    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.terms or self.excluded or self.filters)

    def matches(self, text: str) -> bool:
        """Whether a message's text is one of those that are asked for, filters apart."""
        return self.look(text) is not None

    def look(self, text: str) -> Looked | None:
        """Where a text has what is asked for, filters apart; None where it is not asked for."""
        plain = folded(text)
        spans: list[tuple[int, int]] = []
        whole = True
        for term in self.terms:
            its_own = list(islice(term.spans(plain), SPANS_MOST))
            if not its_own:
                return None
            whole = whole and any(ends_word(plain, end) for _, end in its_own)
            spans += its_own
        if any(term.found_in(plain) for term in self.excluded):
            return None
        return Looked(tuple(islice(_apart(sorted(spans)), SPANS_MOST)), whole)


def unfinished(typed: str) -> Unfinished | None:
    """The filter that is being typed, where more must follow until it is one."""
    if (found := _UNFINISHED.search(typed)) is None:
        return None
    field, value = _FIELDS.get(found[1].lower()), found[2].lower()
    if field is None:
        return None
    if field in (Field.BEFORE, Field.AFTER):
        is_begun = not _day(value) and not value.strip("0123456789-")
    elif choices := CHOICES.get(field):
        is_begun = value not in choices and any(choice.startswith(value) for choice in choices)
    else:
        is_begun = not value
    return Unfinished(field, value) if is_begun else None


def parse_query(typed: str, *, typing: bool = False) -> Query:
    """The query that `typed` is; whatever it is, it is one.

    Args:
        typed: any text.
        typing: more may follow: the beginning of a filter at the end is not looked for yet.
    """
    going_on = typing and typed[-1:].strip() not in ("", '"')
    if typing and (rest := unfinished(typed)) is not None:
        typed = typed[: -len(rest.value) or None].removesuffix(":")
        typed = typed[: -len(rest.field)].removesuffix("-")
        going_on = False
    terms: dict[Term, None] = {}
    excluded: dict[Term, None] = {}
    filters: dict[Filter, None] = {}
    for piece in _PIECE.finditer(storable(typed[:LENGTH_MOST])):
        found = _filter(piece)
        if found is not None:
            is_last = going_on and found.field is Field.TAG and piece.end() == len(piece.string)
            filters[replace(found, going_on=is_last)] = None
        elif (phrase := piece["phrase"]) is not None:
            if phrase.strip():
                (excluded if piece["minus"] else terms)[Term(phrase.strip(), whole=True)] = None
        else:
            word = piece[0]
            is_excluded = len(word) > 1 and word[0] == "-" and word[1].isalnum()
            (excluded if is_excluded else terms)[_word(word[1:] if is_excluded else word)] = None
    return Query(tuple(terms), tuple(excluded), tuple(filters))


def _word(text: str) -> Term:
    """A word; an asterisk behind a letter says what holds anyway: it may go on."""
    stem = text.removesuffix("*")
    return Term(stem if stem and stem[-1].isalnum() else text)


def _filter(piece: re.Match[str]) -> Filter | None:
    field = _FIELDS.get((piece["field"] or "").lower())
    if field is None:
        return None
    value = (piece["quoted"] if piece["value"] is None else piece["value"]).strip().lower()
    if field is Field.TAG:
        value = folded_line(value)
    if field in (Field.BEFORE, Field.AFTER):
        value = _day(value)
    elif value not in CHOICES.get(field, {value}):
        return None
    return Filter(field, value, negated=bool(piece["minus"])) if value else None


def _day(value: str) -> str:
    """A day, or the first one of a month or a year; empty if it is none."""
    if (match := _DAY.fullmatch(value)) is None:
        return ""
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        # What lies further off is no time that a message can have, nor any that computers agree on.
        return date(year, month, day).isoformat() if 1970 <= year <= 9000 else ""
    except ValueError:
        return ""


def _apart(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Sorted stretches, those that overlap made one."""
    first, last = -1, -1
    for start, end in spans:
        if start > last:
            if last > first:
                yield first, last
            first, last = start, end
        else:
            last = max(last, end)
    if last > first:
        yield first, last
