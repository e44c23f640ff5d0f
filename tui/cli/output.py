"""What commands write: results to standard output, everything else to standard error.

Text from outside goes to a terminal only as `tui.core.safe` shows it; a file or a pipe gets it as
it is.
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import shutil
import sys
from contextlib import suppress
from typing import NoReturn, TextIO

from tui.core.safe import shown, shown_line

# Exit statuses; 130 and 141 are what a shell makes of SIGINT and SIGPIPE.
FAILURE, WRONG_USAGE, INTERRUPTED, CLOSED_PIPE = 1, 2, 130, 141


class UsageError(Exception):
    """The command was called in a way that makes no sense; its text says what is wrong."""


def allow_any_text() -> None:
    """Let what an encoding can't carry become a `?` instead of an exception."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person looks at it; a closed stream is None."""
    return stream is not None and stream.isatty()


def fit(text: str, stream: TextIO) -> str:
    """Text from outside, of any number of lines, as it may be written to `stream`."""
    return shown(text) if is_terminal(stream) else text


def complain(text: str) -> None:
    """Say in one line what went wrong, if there is anybody left to hear it."""
    if sys.stderr is not None:
        with suppress(OSError):
            print(f"chinwag: {shown_line(text)}", file=sys.stderr, flush=True)


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """For programs."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def print_json(value: object) -> None:
    """Print a result as JSON; a stream that is not UTF-8 gets escapes for all but ASCII."""
    from tui.core.json_values import to_json

    encoding = (sys.stdout.encoding or "") if sys.stdout is not None else ""
    print(to_json(value, ascii_only=not encoding.lower().startswith("utf")))


def leave(status: int) -> NoReturn:
    """End the program, everything being saved and closed.

    Tearing down what was imported takes up to 0.4 s, and an import that still runs in a thread
    would be waited for: none of it is worth waiting for.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            try:
                stream.flush()
            except OSError as error:
                if error.errno != errno.EIO:  # the terminal is gone: nobody is left to read it
                    raise
    os._exit(status)


class StatusLine:
    """One line at the bottom of a terminal that says what goes on; nothing where there is none.

    Whatever else is written to the terminal comes after `clear`.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream if stream is not None and stream.isatty() else None
        self._there = False

    def show(self, text: str) -> None:
        """Say this instead of what was said before."""
        width = shutil.get_terminal_size().columns - 1
        self._write(shown_line(text)[:width])
        self._there = True

    def clear(self) -> None:
        """Leave an empty line."""
        if self._there:
            self._write("")
            self._there = False

    def _write(self, text: str) -> None:
        if self._stream is not None:
            try:
                self._stream.write(f"\r\x1b[K{text}")
                self._stream.flush()
            except OSError:  # the terminal is gone, and what the line speaks of goes on
                self._stream = None


def faint(text: str, stream: TextIO) -> str:
    """`text` in the background, where the terminal can and the user has not forbidden it."""
    plain = (
        not is_terminal(stream) or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    )
    return text if plain else f"\x1b[2m{text}\x1b[22m"
