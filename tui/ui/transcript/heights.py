"""Heights of a growing sequence: where item n begins, and which item stands at a row.

A Fenwick tree: setting a height, adding an item, a prefix sum and the search all take the
logarithm of the length, so 10,000 messages cost what ten do.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate


class Heights:
    """Row counts of items, in order."""

    __slots__ = ("_items", "_tree")

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._items = list(heights)
        sums = [0, *accumulate(self._items)]
        self._tree = [rows - sums[at & (at - 1)] for at, rows in enumerate(sums)]

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: int) -> int:
        return self._items[index]

    @property
    def total(self) -> int:
        """Rows of all items."""
        return self.before(len(self._items))

    def before(self, index: int) -> int:
        """Rows of the items before `index`: the row where it begins."""
        rows = 0
        while index:
            rows += self._tree[index]
            index &= index - 1
        return rows

    def find(self, row: int) -> tuple[int, int]:
        """The item that stands at `row` (the last one past the end) and the row it begins at."""
        at = start = 0
        step = 1 << max(0, len(self._items).bit_length() - 1)
        while step:
            probe = at + step
            if probe < len(self._items) and start + self._tree[probe] <= row:
                at, start = probe, start + self._tree[probe]
            step >>= 1
        return at, start

    def set(self, index: int, height: int) -> None:
        """Change one height."""
        change = height - self._items[index]
        if not change:
            return
        self._items[index] = height
        index += 1
        while index < len(self._tree):
            self._tree[index] += change
            index += index & -index

    def append(self, height: int) -> None:
        """Add an item at the end."""
        self._items.append(height)
        index = len(self._items)
        total = height
        step = 1
        while step < index & -index:
            total += self._tree[index - step]
            step <<= 1
        self._tree.append(total)

    def truncate(self, length: int) -> None:
        """Drop the items from `length` on."""
        del self._items[length:]
        del self._tree[length + 1 :]
