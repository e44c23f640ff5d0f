"""Work that has to end by itself, whatever happens to the task that waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def to_the_end(
    task: asyncio.Task[T], when_cancelled: Callable[[], object] | None = None
) -> T:
    """What `task` returns or raises.

    When the caller is cancelled, `when_cancelled` is called at once; the cancellation itself is
    raised once `task` has ended, and takes the place of what it returned or raised.
    """
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
            if when_cancelled is not None:
                when_cancelled()
    if cancelled:
        raise asyncio.CancelledError from task.exception()
    return task.result()
