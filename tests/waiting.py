"""Waiting in tests: on a predicate, never on the clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


async def until(predicate: Callable[[], object], timeout: float = 10.0) -> None:  # noqa: ASYNC109 - a deadline for the failure message, not for cancelling
    """Let the event loop run until `predicate()` is true.

    Raises:
        AssertionError: it was not within `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    while not predicate():
        assert time.monotonic() < deadline, f"not true within {timeout:g} s"
        await asyncio.sleep(0.005)
