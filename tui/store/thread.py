"""The library on a thread of its own, so that the event loop never waits for the disk.

Invariants: work is done in the order in which it was asked for, one piece at a time; what was asked
for is done, even when the task that awaited it is cancelled meanwhile. Nothing is opened before the
first piece of work, so making a `LibraryThread` costs nothing at start-up. While nothing is asked
for, what waits for that is done a little at a time (`Library.catch_up`).
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TypeVar

from tui.core.errors import ChatError
from tui.store.library import Library

T = TypeVar("T")
log = logging.getLogger(__name__)

# A piece of work: it is given the library, or what went wrong with opening it.
_Job = Callable[[Library | Exception], None]


class LibraryThread:
    """Does work on a library, elsewhere.

    The thread is a daemon: a program that ends without `close` is not held up by it.
    """

    def __init__(self, open_library: Callable[[], Library]) -> None:
        """Nothing happens yet; `open_library` is called on the thread, once."""
        self._open_library = open_library
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._gave_up = False  # on quiet work, which failed
        self._starting = threading.Lock()

    async def run(self, work: Callable[[Library], T]) -> T:
        """What `work` returns or raises, done after all that was asked for before.

        Raises:
            ChatError: the library could not be opened (kind LIBRARY), each time the same.
        """
        return await asyncio.wrap_future(self._submit(work))

    def run_sync(self, work: Callable[[Library], T]) -> T:
        """As `run`, for callers without an event loop."""
        return self._submit(work).result()

    def close(self) -> None:
        """Finish what was asked for, close the library, and wait until that is done.

        Raises:
            RuntimeError: on later calls of `run`.
        """
        with self._starting:
            if self._closed:
                return
            self._closed = True
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()

    def _submit(self, work: Callable[[Library], T]) -> Future[T]:
        future: Future[T] = Future()
        # From the start it counts as running: a cancelled task then can't take it off the queue.
        future.set_running_or_notify_cancel()

        def job(library: Library | Exception) -> None:
            if isinstance(library, Exception):
                future.set_exception(_again(library))
                return
            try:
                result = work(library)
            except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._starting:
            if self._closed:
                raise RuntimeError("the library is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="library", daemon=True)
                self._thread.start()
            self._jobs.put(job)
        return future

    def _serve(self) -> None:
        library: Library | Exception
        try:
            library = self._open_library()
        except Exception as error:  # noqa: BLE001 - it is raised where work is awaited
            library = error
        rest: float | None = 0.0  # seconds until the next quiet work; None: there is none
        while True:
            try:
                job = self._jobs.get(timeout=rest)
            except Empty:
                rest = self._catch_up(library)
                continue
            if job is None:
                break
            job(library)
            del job  # what it holds (the text of a reply) is not kept until the next one
            if rest is None:
                rest = 0.0  # it may have left something to do
        if isinstance(library, Library):
            library.close()

    def _catch_up(self, library: Library | Exception) -> float | None:
        """Do a little of what waits; returns how long to rest then, None: there is no more."""
        if self._gave_up or isinstance(library, Exception):
            return None
        started = time.monotonic()
        try:
            if not library.catch_up():
                return None
        except Exception as error:
            # Nobody asked for it, so nobody hears of it, and none may wait for a thread that is
            # gone. The next start goes on; searching does without.
            self._gave_up = True
            if not isinstance(error, ChatError):
                log.exception("what waited for a quiet moment was not done")
            return None
        # Half of the time the file is free for the other processes that have it open.
        return time.monotonic() - started


def _again(error: Exception) -> Exception:
    """A `ChatError` anew, so that each raising has a traceback of its own, not all of them."""
    return ChatError(error.kind, error.text) if isinstance(error, ChatError) else error
