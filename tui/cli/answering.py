"""Runs a turn on the command line: prints what comes, stops it when told to, says how it went.

Whatever ends it - a signal, a pipe that closed, a failure - the turn saves what had arrived before
the exit status is known.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tui.cli.output import (
    CLOSED_PIPE,
    FAILURE,
    StatusLine,
    complain,
    faint,
    is_terminal,
    print_json,
)
from tui.cli.printer import Printer
from tui.core.errors import ChatError
from tui.core.json_values import reply_value
from tui.core.message import Message, Status
from tui.core.safe import shown_line
from tui.session.turn import Turn
from tui.ui.format import numbers_line

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # the last one is not on Windows
SIGNALLED = 128  # a shell adds the signal's number to it
LAST_WORDS_SECONDS = 0.2
# What a person at the terminal should know about an answer that came, but not as it should.
_REMARKS = {
    Status.TRUNCATED: "The answer was cut: it reached the longest length allowed (--max-tokens).",
    Status.FILTERED: "The answer was cut by the endpoint's content filter.",
}


class Answering:
    """One turn, from its request to the exit status.

    Args:
        turn: not running yet.
        as_json: print the reply as JSON when it has ended, instead of its text as it comes.
    """

    def __init__(self, turn: Turn, *, as_json: bool) -> None:
        self._turn = turn
        self._as_json = as_json
        self._printed = 0
        self._waiting = ""
        self._signal = 0
        self._unwritten: OSError | None = None
        self._stopped = asyncio.Event()

    async def run(self) -> int:
        """Run the turn; returns the exit status.

        Raises:
            ChatError: the reply could not be saved (kind LIBRARY); what came of it is printed.
        """
        loop = asyncio.get_running_loop()

        def failed(error: OSError) -> None:
            # When the reply has ended meanwhile, so has the loop perhaps.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._can_not_write, error)

        printer = Printer(sys.stdout, StatusLine(sys.stderr), failed)
        self._turn.observers.append(lambda turn: self._show(turn, printer))
        self._say_what_goes_on(printer)
        with _signals_to(self._stop):
            try:
                reply = await self._ended(printer)
            except ChatError:  # nowhere else is the reply now, and its value is final
                if self._as_json:
                    print_json(reply_value(self._turn.reply))
                raise
        self._remark(reply)
        if self._as_json:
            print_json(reply_value(reply))
        return self._status(reply)

    async def _ended(self, printer: Printer) -> Message:
        try:
            return await self._turn.run()
        finally:
            await self._written(printer)

    def _show(self, turn: Turn, printer: Printer) -> None:
        if turn.waiting != self._waiting:
            self._say_what_goes_on(printer)
        if not self._as_json and len(turn.parts) > self._printed:
            printer.text("".join(turn.parts[self._printed :]))
            self._printed = len(turn.parts)

    def _say_what_goes_on(self, printer: Printer) -> None:
        """Before the answer there is always something; its own text ends it."""
        self._waiting = self._turn.waiting
        if not self._printed:
            printer.going_on(self._waiting or f"Waiting for {self._turn.request.model}")

    def _stop(self, number: int) -> None:
        self._signal = number
        self._stopped.set()
        self._turn.stop()

    def _can_not_write(self, error: OSError) -> None:
        self._unwritten = error
        self._turn.stop()

    async def _written(self, printer: Printer) -> None:
        """Wait until all is written, or a signal says not to."""
        written = asyncio.wrap_future(printer.end())
        if not self._signal:
            stopped = asyncio.ensure_future(self._stopped.wait())
            ends: set[asyncio.Future[Any]] = {written, stopped}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
        # A moment for what is queued; a reader that rests longer is not waited for.
        await asyncio.wait({written}, timeout=LAST_WORDS_SECONDS)

    def _remark(self, reply: Message) -> None:
        """Say what the text itself does not."""
        if self._unwritten and not isinstance(self._unwritten, BrokenPipeError):
            complain(f"The answer can't be written: {self._unwritten.strerror}")
        if reply.error is not None and reply.status is Status.FAILED:
            complain(reply.error.text)
        if not is_terminal(sys.stderr):
            return
        for notice in reply.notices:
            complain(notice)
        if remark := _REMARKS.get(reply.status):
            complain(remark)
        elif reply.status is Status.COMPLETE and not reply.text.strip():
            complain("The answer is blank.")
        if not self._as_json and (numbers := numbers_line(reply)):
            print(faint(shown_line(numbers), sys.stderr), file=sys.stderr, flush=True)

    def _status(self, reply: Message) -> int:
        if self._signal:
            return SIGNALLED + self._signal
        if isinstance(self._unwritten, BrokenPipeError):
            return CLOSED_PIPE
        return FAILURE if self._unwritten or reply.status is Status.FAILED else 0


@contextmanager
def _signals_to(stop: Callable[[int], None]) -> Iterator[None]:
    """Call `stop` with the number of a signal that asks to end, on the event loop.

    One that is ignored already (`nohup`, a job in the background) stays so.
    """
    loop = asyncio.get_running_loop()
    known = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in known}
    taken = [number for number in known if before[number] is not signal.SIG_IGN]
    for number in taken:
        try:
            loop.add_signal_handler(number, stop, int(number))
        except NotImplementedError:  # Windows
            signal.signal(number, lambda got, _: loop.call_soon_threadsafe(stop, got))
    try:
        yield
    finally:
        for number in taken:
            with suppress(NotImplementedError):
                loop.remove_signal_handler(number)
            signal.signal(number, before[number])
