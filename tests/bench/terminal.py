"""A program on a pty of its own: what it writes, what it costs."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
PATIENCE = 120.0  # seconds until a measurement is given up


class Program:
    """A child with a terminal of `columns` by `rows`; its output is kept with the times it came.

    Attributes:
        output: all it wrote so far.
    """

    def __init__(
        self,
        argv: Sequence[str],
        environ: Mapping[str, str],
        columns: int = 120,
        rows: int = 40,
    ) -> None:
        self.output = bytearray()
        self._arrivals: list[tuple[float, int]] = []
        self._changed = threading.Condition()
        self._master, slave = pty.openpty()
        attributes = termios.tcgetattr(slave)
        attributes[3] &= ~termios.ECHO  # an echo must be the program's own
        termios.tcsetattr(slave, termios.TCSANOW, attributes)
        self.resize(columns, rows)
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            argv,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environ},
            start_new_session=True,
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        # Until it sees the end: the next program's terminal may get the number of this one's.
        self._reader.join()
        os.close(self._master)

    def _read(self) -> None:
        while True:
            try:
                select.select([self._master], [], [])
                piece = os.read(self._master, 1 << 16)
            except (OSError, ValueError):
                return
            if b"\x1b[?2026$p" in piece:  # as a terminal that can take a frame in one piece
                os.write(self._master, b"\x1b[?2026;2$y")
            with self._changed:
                self.output += piece
                self._arrivals.append((time.perf_counter(), len(self.output)))
                self._changed.notify_all()

    def write(self, text: str) -> float:
        """Type; returns when."""
        now = time.perf_counter()
        os.write(self._master, text.encode())
        return now

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if hasattr(self, "_process"):
            os.killpg(self._process.pid, signal.SIGWINCH)

    def seen(self, text: str, start: int = 0) -> float:
        """Wait until `text` was written after the first `start` bytes; returns when it came.

        Raises:
            TimeoutError: it did not come, or the program ended.
        """
        wanted = text.encode()
        deadline = time.perf_counter() + PATIENCE
        with self._changed:
            while (at := self.output.find(wanted, start)) < 0:
                left = deadline - time.perf_counter()
                if left <= 0 or self._process.poll() is not None:
                    tail = bytes(self.output[-600:]).decode("utf-8", "replace")
                    raise TimeoutError(f"{text!r} did not come; last output: {tail!r}")
                self._changed.wait(min(left, 0.5))
            end = at + len(wanted)
            return next(when for when, size in self._arrivals if size >= end)

    def ended(self) -> int:
        """Wait for its end; returns its exit code."""
        return self._process.wait(PATIENCE * 10)

    def quiet(self, seconds: float = 0.3) -> None:
        """Wait until nothing was written for `seconds`; a cursor blinks each half second."""
        until(lambda: not self._arrivals or time.perf_counter() - self._arrivals[-1][0] > seconds)

    def frames(self, since: float) -> int:
        """How many synchronised updates (one for each painted frame) were written since then."""
        with self._changed:
            before = [size for when, size in self._arrivals if when < since]
            return self.output.count(b"\x1b[?2026h", before[-1] if before else 0)

    def cpu(self) -> float:
        """Seconds of processor time it took so far."""
        text = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8")
        fields = text.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


def until(predicate: Callable[[], object]) -> None:
    """Wait for something to become true.

    Raises:
        TimeoutError: it did not.
    """
    deadline = time.perf_counter() + PATIENCE
    while not predicate():
        if time.perf_counter() > deadline:
            raise TimeoutError("what was waited for did not happen")
        time.sleep(0.01)


def resident_megabytes() -> float:
    """Memory of this process."""
    text = Path("/proc/self/statm").read_text(encoding="utf-8")
    return int(text.split()[1]) * _PAGE / 1e6
