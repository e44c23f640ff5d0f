"""Writes an answer while it comes, from a thread of its own.

A pipe whose reader rests (`| less`) blocks whoever writes to it. That must hold up neither the
saving of the reply nor Ctrl+C, so the event loop only queues what is to be written. The thread is
a daemon and writes past Python's buffers: a program that ends does not wait for it.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TextIO

from tui.cli.output import StatusLine, fit


class Printer:
    """Answer to `out`, remarks to the terminal behind `status`.

    Args:
        out: standard output; None where it is closed.
        status: a line for what goes on, cleared before anything else is written.
        failed: called on the thread, once, when no more can be written to `out`.
    """

    def __init__(
        self, out: TextIO | None, status: StatusLine, failed: Callable[[OSError], object]
    ) -> None:
        self._out = out
        self._status = status
        self._failed = failed
        self._last = ""
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._ended: Future[None] = Future()
        threading.Thread(target=self._serve, name="printer", daemon=True).start()

    def text(self, text: str) -> None:
        """More of the answer."""
        self._jobs.put(lambda: self._write(text))

    def going_on(self, text: str) -> None:
        """Say what goes on; empty: nothing does."""
        self._jobs.put(lambda: self._status.show(text) if text else self._status.clear())

    def end(self) -> Future[None]:
        """End the last line, and the thread; the future is done when all is written."""
        self._jobs.put(self._end_line)
        self._jobs.put(None)
        return self._ended

    def _serve(self) -> None:
        try:
            while (job := self._jobs.get()) is not None:
                job()
        finally:  # whatever happens here, nobody waits for it for ever
            self._ended.set_result(None)

    def _write(self, text: str) -> None:
        self._status.clear()
        if self._out is None:
            return
        try:
            _write_through(fit(text, self._out), self._out)
        except OSError as error:
            self._out = None
            self._failed(error)
        self._last = text[-1:] or self._last

    def _end_line(self) -> None:
        self._status.clear()
        if self._last not in ("", "\n"):
            self._write("\n")


def _write_through(text: str, out: TextIO) -> None:
    """Write all of `text` at once."""
    content = memoryview(text.encode(out.encoding or "utf-8", "replace"))
    buffer = getattr(out, "buffer", None)
    raw = buffer.raw if isinstance(buffer, io.BufferedWriter) else None
    if raw is None:  # not a stream of the system's
        out.write(text)
        out.flush()
        return
    while content:
        content = content[raw.write(content) or 0 :]
