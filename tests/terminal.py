"""A program in a pseudo-terminal: what it shows, what it is sent, how it leaves the terminal.

    with Terminal([sys.executable, "-m", "tui"], size=(80, 24), environ=environ) as terminal:
        terminal.send("hello", Key.ENTER)
        terminal.shows("hello")
        terminal.resize(60, 16)
        assert terminal.wait() == 0
        assert terminal.left_behind() == []

What the program writes is drawn by pyte as it comes, in a thread, onto a normal and an alternate
screen. Everything that may take time is waited for by a predicate with a deadline. Nothing is
answered to the program's questions about the terminal but what `answers` holds, which is what the
oldest terminals do.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

SECONDS = 30.0  # a deadline, not an expectation: a busy machine starts Python in several seconds

# Makes the terminal the controlling one of the program, as it is in real life: only so do its size,
# its hang-up and job control reach the program as signals. `exec` keeps the process id.
_CONTROL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execvp(sys.argv[1], sys.argv[1:])"
)
_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_KITTY = re.compile(rb"\x1b\[([><])\d*u")
# Where the drawing changes hands: the alternate screen comes or goes. A pop of keyboard flags,
# which pyte would draw as a letter, is left out.
_SWITCH = re.compile("(\x1b\\[\\?1049[hl]|\x1b\\[<\\d*u)")
_UNFINISHED = re.compile("\x1b(\\[[\\d;?<=>$]*)?\\Z")
# Private modes that a terminal has set from the start: wrapping, and a cursor that is seen.
_FIRST_MODES = {7, 25}


class Key:
    """What terminals send for keys."""

    ENTER = "\r"
    ESCAPE = "\x1b"
    TAB = "\t"
    BACKSPACE = "\x7f"
    ALT_ENTER = "\x1b\r"
    SHIFT_ENTER = "\x1b[13;2u"  # the kitty keyboard protocol; older terminals send ENTER
    UP = "\x1b[A"
    DOWN = "\x1b[B"
    PAGE_UP = "\x1b[5~"
    F2 = "\x1bOQ"

    @staticmethod
    def ctrl(letter: str) -> str:
        return chr(ord(letter.upper()) & 0x1F)

    @staticmethod
    def pasted(text: str) -> str:
        """A bracketed paste."""
        return f"\x1b[200~{text}\x1b[201~"


class Terminal:
    """A terminal with a program in it, from entering the block on.

    Attributes:
        written: every byte that the program wrote.
        size: columns and lines.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int] = (120, 40),
        environ: Mapping[str, str] | None = None,
        folder: Path | None = None,
        answers: Mapping[bytes, bytes] | None = None,
    ) -> None:
        """Nothing runs yet.

        Args:
            command: the program and its arguments.
            size: columns and lines.
            environ: its environment; None: ours.
            folder: where it runs.
            answers: what is typed by the terminal itself when the program writes something.
        """
        self.size = size
        self.written = bytearray()
        self._command = command
        self._environ = environ
        self._folder = folder
        self._answers = dict(answers or {})
        self._change = threading.Condition()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""
        self._normal, self._alternate = pyte.Screen(*size), pyte.Screen(*size)
        self._screen = self._normal
        self._stream = pyte.Stream(self._screen)

    def __enter__(self) -> Self:
        self._master, self._slave = pty.openpty()
        self._set_size()
        self._settings = termios.tcgetattr(self._slave)
        self._process = subprocess.Popen(
            [sys.executable, "-ISc", _CONTROL, *self._command],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=self._folder,
            env=self._environ,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._settled()
        self._close_master()

    # What the program is told

    def send(self, *keys: str | bytes) -> None:
        """Type."""
        for key in keys:
            os.write(self._master, key.encode() if isinstance(key, str) else key)

    def resize(self, columns: int, lines: int) -> None:
        """Another size, which the system tells the program by SIGWINCH."""
        with self._change:
            self.size = columns, lines
            for screen in (self._normal, self._alternate):
                screen.resize(lines, columns)
        self._set_size()

    def signal(self, number: signal.Signals) -> None:
        """A signal to the program alone."""
        self._process.send_signal(number)

    def hang_up(self) -> None:
        """The terminal goes away: its window was closed, or its connection broke."""
        self._close_slave()
        self._close_master()

    # What it shows

    @property
    def lines(self) -> list[str]:
        """What is on screen, line by line, without spaces at their ends."""
        with self._change:
            return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """What is on screen."""
        return "\n".join(self.lines)

    @property
    def full_screen(self) -> bool:
        """Whether the program draws on the alternate screen."""
        return self._screen is self._alternate

    @property
    def modes(self) -> set[int]:
        """The private modes that are set."""
        with self._change:
            return private_modes(bytes(self.written))

    def until(self, predicate: Callable[[], object], timeout: float = SECONDS) -> None:
        """Wait until something holds; what it fails with shows the screen."""
        deadline = time.monotonic() + timeout
        with self._change:
            while not predicate():
                if time.monotonic() > deadline:
                    shown = "\n".join(self.lines)
                    raise AssertionError(f"not true within {timeout:g} s; on screen:\n{shown}")
                # Not all that a predicate looks at is on screen, hence the limit.
                self._change.wait(0.02)

    def shows(self, *texts: str) -> None:
        """Wait until all of these are on screen."""
        self.until(lambda: all(text in self.text for text in texts))

    def hides(self, *texts: str) -> None:
        """Wait until none of these is on screen."""
        self.until(lambda: not any(text in self.text for text in texts))

    # How it ends

    @property
    def pid(self) -> int:
        """The program's process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the program has not ended."""
        return self._process.poll() is None

    def wait(self, timeout: float = SECONDS) -> int:
        """Its exit status, once it has ended and all it wrote is drawn; -N when signal N ended it.

        Raises:
            AssertionError: it goes on, or something else holds on to the terminal.
        """
        self.until(lambda: not self.running, timeout)
        self._settled()
        return self._process.returncode

    def left_behind(self) -> list[str]:
        """What is not as it was before the program; to be asked after `wait`."""
        left = [f"mode {mode} stays set" for mode in sorted(self.modes - _FIRST_MODES)]
        left += [f"mode {mode} stays reset" for mode in sorted(_FIRST_MODES - self.modes)]
        if flags := keyboard_flags(bytes(self.written)):
            left.append(f"the keyboard protocol's flags were pushed {flags} times more than popped")
        if self._settings_now != self._settings:
            left.append("the terminal's settings (termios) changed")
        return left

    def _set_size(self) -> None:
        columns, lines = self.size
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def _settled(self) -> None:
        """Wait for what was written to be drawn. Ours must not be what keeps the terminal open."""
        self._close_slave()
        self._reader.join(SECONDS)
        assert not self._reader.is_alive(), "a process outlived the program and holds its terminal"

    def _close_slave(self) -> None:
        if self._slave >= 0:
            self._settings_now = termios.tcgetattr(self._slave)
            os.close(self._slave)
            self._slave = -1

    def _close_master(self) -> None:
        master, self._master = self._master, -1
        if master >= 0:
            os.close(master)

    def _read(self) -> None:
        """Draw what comes, until nobody has the terminal open any more."""
        while True:
            try:
                chunk = os.read(self._master, 65536)
            except OSError:  # EIO: the last one closed it; EBADF: we did
                return
            if not chunk:
                return
            with self._change:
                self.written += chunk
                self._draw(self._decoder.decode(chunk))
                self._change.notify_all()
            self._answer()

    def _answer(self) -> None:
        for question in [question for question in self._answers if question in self.written]:
            self.send(self._answers.pop(question))

    def _draw(self, text: str) -> None:
        text = self._pending + text
        unfinished = _UNFINISHED.search(text)
        self._pending = unfinished.group() if unfinished else ""
        for part in _SWITCH.split(text.removesuffix(self._pending)):
            if part.startswith("\x1b[?1049"):
                self._screen = self._alternate if part.endswith("h") else self._normal
                self._stream = pyte.Stream(self._screen)
            elif not _SWITCH.fullmatch(part):
                self._stream.feed(part)


def private_modes(written: bytes) -> set[int]:
    """The private modes (DECSET) that are set after `written`."""
    modes = set(_FIRST_MODES)
    for found in _MODE.finditer(written):
        numbers = {int(number) for number in found[1].split(b";") if number}
        modes = modes | numbers if found[2] == b"h" else modes - numbers
    return modes


def keyboard_flags(written: bytes) -> int:
    """How many sets of flags `written` leaves on the kitty keyboard protocol's stack."""
    return sum(1 if found[1] == b">" else -1 for found in _KITTY.finditer(written))
