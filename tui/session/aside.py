"""Work aside: on a thread that the end of the program does not wait for.

Not by `asyncio.to_thread`, whose threads are waited for when the loop closes: looking up the first
price loads a library, which takes a second that nobody who quits should spend.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


async def aside(work: Callable[[], T]) -> T:
    """What `work` returns or raises. It goes on when the caller is cancelled, and is let go."""
    done: Future[T] = Future()
    # Running, so that a cancelled caller leaves it where its outcome can be put.
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            done.set_exception(error)

    threading.Thread(target=run, name="aside", daemon=True).start()
    return await asyncio.wrap_future(done)
