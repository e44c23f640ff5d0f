"""The lines of a list of which only a part is known: how many rows each heading has, and some rows.

Where a row stands follows from the counts alone, so that going anywhere in ten thousand rows costs
what it costs in ten.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Generic

from tui.ui.row_lines import Heading, RowT

_NOTHING = Heading("")


@dataclass(frozen=True)
class GroupedLines(Generic[RowT]):
    """Groups, each a heading with its rows under it; at the end, after an empty line, more rows.

    A row's rank is its place among the rows, from 0, whether it is known or not.

    Attributes:
        groups: headings, each with how many rows stand under it: one at least.
        first: rank of the first known row.
        known: rows from there on.
        ranks: those of rows that are not known but for this.
        last: rows under no heading.
        total: how many rows there are, `last` apart.
    """

    groups: Sequence[tuple[str, int]] = ()
    first: int = 0
    known: Sequence[RowT] = ()
    ranks: Mapping[str, int] = field(default_factory=dict)
    last: Sequence[RowT] = ()
    total: int = field(init=False)
    _ends: Sequence[int] = field(init=False, repr=False)  # ranks at which the groups end
    _headings: Sequence[int] = field(init=False, repr=False)  # lines of the headings
    _ranks: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        ends = list(accumulate(count for _, count in self.groups))
        starts = [0, *ends[:-1]] if ends else []
        set_field = object.__setattr__
        set_field(self, "total", ends[-1] if ends else 0)
        set_field(self, "_ends", ends)
        set_field(self, "_headings", [start + place for place, start in enumerate(starts)])
        known = {row.id: rank for rank, row in enumerate(self.known, self.first)}
        last = {row.id: rank for rank, row in enumerate(self.last, self.total)}
        set_field(self, "_ranks", {**self.ranks, **known, **last})

    def __len__(self) -> int:
        """Lines: those of rows, headings, and the empty one before the last rows."""
        gap = 1 if self.groups and self.last else 0
        return self.total + len(self.groups) + gap + len(self.last)

    def rank_at(self, line: int) -> int | None:
        """The rank of the row on `line`; None for a heading and outside."""
        if not 0 <= line < len(self):
            return None
        group = bisect_right(self._headings, line) - 1
        if group < 0:
            return self.total + line
        rank = line - group - 1
        if rank < self._ends[group]:
            return None if line == self._headings[group] else rank
        after = rank - self.total  # 0 is the empty line
        return self.total + after - 1 if after > 0 else None

    def line_at(self, rank: int) -> int:
        """The line of the row of that rank."""
        if rank >= self.total:
            return rank + len(self.groups) + (1 if self.groups else 0)
        return rank + bisect_right(self._ends, rank) + 1

    def at(self, line: int) -> RowT | Heading | None:
        """What stands on `line`; None for a row that is not known."""
        rank = self.rank_at(line)
        if rank is not None:
            return self._row_of(rank)
        group = bisect_right(self._headings, line) - 1
        if group >= 0 and line == self._headings[group]:
            return Heading(self.groups[group][0])
        return _NOTHING

    def row(self, line: int | None) -> RowT | None:
        """The row on `line`; None for a heading, outside, and where it is not known."""
        rank = None if line is None else self.rank_at(line)
        return None if rank is None else self._row_of(rank)

    def _row_of(self, rank: int) -> RowT | None:
        if rank >= self.total:
            return self.last[rank - self.total]
        if self.first <= rank < self.first + len(self.known):
            return self.known[rank - self.first]
        return None

    def find(self, row_id: str) -> int | None:
        """The line of a row."""
        rank = self._ranks.get(row_id)
        return None if rank is None else self.line_at(rank)

    @property
    def _count(self) -> int:
        return self.total + len(self.last)

    def rank_from(self, line: int) -> int:
        """The rank of the row on `line`, else of the next one; past all rows: how many they are."""
        if line < 0:
            return 0
        while line < len(self):
            if (rank := self.rank_at(line)) is not None:
                return rank
            line += 1  # no two lines in a row are headings
        return self._count

    def nearest(self, line: int) -> int | None:
        """The row on `line`, else the next one, else the one before; None when there is none."""
        if not self._count:
            return None
        return self.line_at(min(self.rank_from(line), self._count - 1))

    def stepped(self, line: int | None, count: int) -> int | None:
        """The line `count` rows on (negative: back) from `line`, or as far as there are rows."""
        if not self._count:
            return None
        rank = -1 if line is None else self.rank_from(line)
        return self.line_at(max(0, min(rank + count, self._count - 1)))

    def with_headings(self, line: int) -> int:
        """The heading right above `line`, else `line` itself."""
        above = line - 1
        return above if above >= 0 and self.rank_at(above) is None else line
