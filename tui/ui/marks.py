"""Which rows of a list are marked, and how marking goes on with Shift: pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Marks:
    """Ids, in the order in which they were marked.

    What Shift and an arrow marked on the way is not marked any more on the way back.
    """

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}
        self._before: dict[str, None] = {}
        self.anchor: str | None = None  # where marking with Shift began

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __contains__(self, row_id: str) -> bool:
        return row_id in self._ids

    def toggle(self, row_id: str) -> None:
        """Mark a row, or not."""
        self.anchor = None
        if row_id in self._ids:
            del self._ids[row_id]
        else:
            self._ids[row_id] = None

    def add(self, ids: Iterable[str]) -> None:
        """Mark rows besides those that are."""
        self.anchor = None
        self._ids.update(dict.fromkeys(ids))

    def drop(self, ids: Iterable[str]) -> None:
        """Mark these no more."""
        for row_id in ids:
            self._ids.pop(row_id, None)
            self._before.pop(row_id, None)

    def clear(self) -> None:
        """Mark none."""
        self.anchor = None
        self._ids.clear()

    def begin(self, row_id: str) -> str:
        """Where marking with Shift began: at this row, if it begins now."""
        if self.anchor is None:
            self.anchor = row_id
            self._before = dict(self._ids)
        return self.anchor

    def extend(self, between: Iterable[str]) -> None:
        """Mark what lies between the anchor and where one is now, besides what was before."""
        self._ids = {**self._before, **dict.fromkeys(between)}
