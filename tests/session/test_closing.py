"""What becomes of replies in flight when the program ends around them."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from tests.session.scripted import MODEL, SETTINGS, RoundPrices, Scripted
from tests.waiting import until
from tui.core.errors import ErrorKind
from tui.core.message import Status
from tui.core.settings import Endpoint
from tui.core.usage import Usage
from tui.provider.base import TextDelta
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.store.library import Library
from tui.store.thread import LibraryThread


async def begun(library: LibraryThread) -> Turn:
    """A turn in flight, run by a task that nobody awaits."""
    provider = Scripted()
    provider.script(TextDelta("Once upon"), asyncio.Event())
    sessions = Sessions(library, provider, RoundPrices(), SETTINGS)
    turn = await sessions.send(sessions.new(MODEL), "Tell me a story")
    running = asyncio.create_task(turn.run())
    running.add_done_callback(lambda task: task.cancelled() or task.exception())
    await until(lambda: turn.text)
    return turn


def test_a_loop_that_closes_down_saves_what_has_arrived(path: Path) -> None:
    """The end of `asyncio.run` cancels every task there is, those inside a turn as well."""
    library = LibraryThread(lambda: Library(path))
    turn = asyncio.run(begun(library))
    library.close()
    with_new_eyes = Library(path)
    (reply,) = with_new_eyes.messages([turn.reply.id])
    assert (reply.status, reply.text) == (Status.STOPPED, "Once upon")
    with_new_eyes.close()


def test_a_loop_that_closes_down_does_not_wait_for_a_price(path: Path) -> None:
    """The reply is over and its price looked up; what matters is that it is saved."""
    library = LibraryThread(lambda: Library(path))
    asked, told = threading.Event(), threading.Event()

    class SlowPrices(RoundPrices):
        def cost(self, endpoint: Endpoint, model: str, usage: Usage) -> float | None:
            asked.set()
            told.wait()
            return super().cost(endpoint, model, usage)

    async def leave_at_once() -> Turn:
        sessions = Sessions(library, Scripted(), SlowPrices(), SETTINGS)
        turn = await sessions.send(sessions.new(MODEL), "Hello")
        running = asyncio.create_task(turn.run())
        running.add_done_callback(lambda task: told.set())
        await until(asked.is_set)
        return turn

    turn = asyncio.run(leave_at_once())
    library.close()
    with_new_eyes = Library(path)
    (reply,) = with_new_eyes.messages([turn.reply.id])
    assert (reply.status, reply.text, reply.cost_usd) == (Status.COMPLETE, "Well.", None)
    with_new_eyes.close()


def test_a_library_closed_under_a_reply_interrupts_it(path: Path) -> None:
    """Whoever closes it too early loses what came after the last save, and no more."""

    async def leave_in_disorder() -> Turn:
        library = LibraryThread(lambda: Library(path))
        turn = await begun(library)
        await library.run(lambda library: library.flush(turn.reply.id, turn.text, ""))
        library.close()
        return turn

    turn = asyncio.run(leave_in_disorder())
    assert turn.done
    assert turn.reply.text == "Once upon"
    with_new_eyes = Library(path)
    (reply,) = with_new_eyes.messages([turn.reply.id])
    assert (reply.status, reply.text) == (Status.INTERRUPTED, "Once upon")
    with_new_eyes.close()


async def test_a_library_that_closed_ends_a_reply_by_raising(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = LibraryThread(lambda: Library(path))
    provider = Scripted()
    wire = provider.live()
    sessions = Sessions(library, provider, RoundPrices(), SETTINGS)
    turn = await sessions.send(sessions.new(MODEL), "Tell me a story")
    running = asyncio.create_task(turn.run())
    wire.put_nowait(TextDelta("Once upon"))
    await until(lambda: turn.text)
    library.close()
    turn.stop()
    with pytest.raises(RuntimeError, match="the library is closed"):
        await running
    assert (turn.reply.status, turn.reply.text) == (Status.STOPPED, "Once upon")
    assert turn.reply.error is None or turn.reply.error.kind is not ErrorKind.INTERNAL
