"""What becomes of replies in flight when the program ends around them."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from tests.session.disk import fill_disk, free_disk
from tests.session.journal import Journal
from tests.session.scripted import MODEL, SETTINGS, RoundPrices, Scripted, says
from tests.waiting import until
from tui.core.errors import ChatError, ErrorKind
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


async def test_the_end_of_the_program_ends_every_reply(
    sessions: Sessions, provider: Scripted, journal: Journal
) -> None:
    """Those that stream, those that wait to be sent again, and those that nobody came to run."""
    provider.script(TextDelta("Once upon"), asyncio.Event())
    provider.script(ChatError(ErrorKind.RATE_LIMIT, "Too many.", retry_after=60))
    turns = [await sessions.send(sessions.new(MODEL), "Tell me a story") for _ in range(3)]
    running = [asyncio.create_task(turn.run()) for turn in turns[:2]]
    await until(lambda: turns[0].text and turns[1].waiting)
    await sessions.end_turns()
    assert [turn.reply.status for turn in turns] == [Status.STOPPED] * 3
    assert [journal.ends(turn.reply.id) for turn in turns] == [
        [(Status.STOPPED, "Once upon")],
        [(Status.STOPPED, "")],
        [(Status.STOPPED, "")],
    ]
    assert sessions.turns == {}
    await asyncio.gather(*running)


async def test_the_program_ends_also_on_a_full_disk(sessions: Sessions, provider: Scripted) -> None:
    provider.script(TextDelta("tide " * 100_000), asyncio.Event())
    turn = await sessions.send(sessions.new(MODEL), "Tell me a story")
    running = asyncio.create_task(turn.run())
    await fill_disk(sessions)
    await until(lambda: turn.text)
    await sessions.end_turns()
    assert sessions.unsaved == {turn.reply.id: turn.reply}
    with pytest.raises(ChatError, match="The disk is full"):
        await running


async def test_the_end_of_the_program_is_another_chance_for_what_could_not_be_saved(
    sessions: Sessions, provider: Scripted, journal: Journal
) -> None:
    text = "tide " * 100_000
    provider.script(*says(text))
    turn = await sessions.send(sessions.new(MODEL), "Tell me a story")
    await fill_disk(sessions)
    with pytest.raises(ChatError, match="The disk is full"):
        await turn.run()
    await free_disk(sessions)
    await sessions.end_turns()
    assert journal.ends(turn.reply.id) == [(Status.COMPLETE, text)]
