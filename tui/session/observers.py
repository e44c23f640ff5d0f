"""Who is told of changes. None of them can do harm: not to what is observed, not to each other.

What is told of is work that must go on (a reply, say), and who is told is a screen: a mistake in
drawing must not end a reply. An observer may add and remove observers while it is told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)


class Observers(list[Callable[[T], object]]):
    """Called in the order in which they were added."""

    def __init__(self) -> None:
        super().__init__()
        self._noted: set[int] = set()  # of which observer what sort of mistake is in the log

    def tell(self, subject: T) -> None:
        """Call each of them; what one raises goes to the log, each sort of it once."""
        for observer in tuple(self):
            try:
                observer(subject)
            except Exception as mistake:
                # Once: the next token makes the same. By its hash, which keeps nobody alive.
                sort = hash((observer, type(mistake)))
                if sort not in self._noted:
                    self._noted.add(sort)
                    log.exception("an observer failed")
