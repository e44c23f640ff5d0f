"""What turns go by: the clock, waiting, and how often they save. Tests bring their own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """The flow of time.

    Attributes:
        clock: seconds, from any zero on; never goes back.
        sleep: waits so many seconds.
        flush_seconds: from one save of a reply in flight to the next. At most a second of a reply
            may be lost, and what is left of that second is for the disk.
    """

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    flush_seconds: float = 0.75


REAL_TIME = Pace()
