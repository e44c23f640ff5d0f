"""The lines of a list, as a value: which are rows, which headings, and which comes next.

`RowLines` holds all of them. A list too long for that needs only keep what `Lines` asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar


class Row(Protocol):
    """What a list holds: any value with an identity that is unique in the list."""

    @property
    def id(self) -> str:
        """The row's identity, by which it is found again in the next list."""
        ...


RowT = TypeVar("RowT", bound=Row)
RowT_co = TypeVar("RowT_co", bound=Row, covariant=True)


@dataclass(frozen=True, slots=True)
class Heading:
    """A line between rows that can't be chosen."""

    text: str


class Lines(Protocol[RowT_co]):
    """Lines from 0 on."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def at(self, line: int) -> RowT_co | Heading | None:
        """What stands on `line`; None for a row that is not known (yet)."""
        ...

    def row(self, line: int | None) -> RowT_co | None:
        """The row on `line`; None for a heading, outside, and where it is not known."""
        ...

    def find(self, row_id: str) -> int | None:
        """The line of a row."""
        ...

    def nearest(self, line: int) -> int | None:
        """The row on `line`, else the next one, else the one before; None when there is none."""
        ...

    def stepped(self, line: int | None, count: int) -> int | None:
        """The line `count` rows on (negative: back) from `line`, or as far as there are rows."""
        ...

    def with_headings(self, line: int) -> int:
        """The first of the headings right above `line`, else `line` itself."""
        ...


def moved(old: Lines[RowT], new: Lines[RowT], on_screen: range) -> int | None:
    """By how many lines the rows that were on screen have moved; None when all have gone.

    Only a row that did not change tells: one that did has probably moved to the top of the
    list, and a view must not follow it there.
    """
    for number in on_screen:
        row = old.row(number)
        if row and (line := new.find(row.id)) is not None and new.row(line) == row:
            return line - number
    return None


@dataclass(frozen=True)
class RowLines(Generic[RowT]):
    """Rows and headings, from line 0 on.

    Attributes:
        line_of: a row's id to its line.
    """

    lines: Sequence[RowT | Heading] = ()
    line_of: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        line_of = {
            line.id: number
            for number, line in enumerate(self.lines)
            if not isinstance(line, Heading)
        }
        object.__setattr__(self, "line_of", line_of)

    def __len__(self) -> int:
        return len(self.lines)

    def at(self, line: int) -> RowT | Heading:
        """What stands on `line`."""
        return self.lines[line]

    def find(self, row_id: str) -> int | None:
        """The line of a row."""
        return self.line_of.get(row_id)

    def row(self, line: int | None) -> RowT | None:
        """The row on `line`; None for a heading and outside."""
        if line is None or not 0 <= line < len(self.lines):
            return None
        row = self.lines[line]
        return None if isinstance(row, Heading) else row

    def nearest(self, line: int) -> int | None:
        """The row on `line`, else the next one, else the one before; None when there is none."""
        after = range(line, len(self.lines))
        before = range(min(line, len(self.lines)) - 1, -1, -1)
        return next(
            (number for among in (after, before) for number in among if self.row(number)), None
        )

    def stepped(self, line: int | None, count: int) -> int | None:
        """The line `count` rows on (negative: back) from `line`, or as far as there are rows."""
        at, direction = line, 1 if count > 0 else -1
        number, left = (-1 if line is None else line) + direction, abs(count)
        while left and 0 <= number < len(self.lines):
            if self.row(number):
                at, left = number, left - 1
            number += direction
        return at

    def with_headings(self, line: int) -> int:
        """The first of the headings right above `line`, else `line` itself."""
        while line and isinstance(self.lines[line - 1], Heading):
            line -= 1
        return line
