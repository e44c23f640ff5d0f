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

    def tell(self, subject: T) -> None:
        """Call each of them; what one raises goes to the log."""
        for observer in tuple(self):
            try:
                observer(subject)
            except Exception:
                log.exception("an observer failed")
