"""How something long tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

# What is going on, in a few words, and how far it is: 0 to 1, None where that can't be told.
Progress = Callable[[str, float | None], None]
