"""Stopping, by the user or by whoever cancels the task, at every moment of a reply's life.

Always: the reply ends at once, keeps each word that had arrived, and gets one final status.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from tests.session.disk import slow_disk
from tests.session.journal import Journal
from tests.session.scripted import MODEL, HandClock, Scripted, Step, says
from tests.waiting import until
from tui.core.errors import ChatError, ErrorInfo, ErrorKind
from tui.core.message import Message, Status
from tui.provider.base import Finished, Preparing, ReasoningDelta, Started, TextDelta
from tui.session.retrying import countdown
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.store.library import Library

LIMITED = ChatError(ErrorKind.RATE_LIMIT, "Too many.", retry_after=60)


def never() -> asyncio.Event:
    return asyncio.Event()


# What the provider does, how one sees that it got there, and what is left of the reply.
STAGES: dict[str, tuple[Callable[[], Sequence[Step]], Callable[[Turn, Scripted], object], str]] = {
    "before headers": (lambda: [never()], lambda turn, provider: provider.asked, ""),
    "while preparing": (
        lambda: [Preparing("Loading the model", 0.4), never()],
        lambda turn, provider: turn.waiting == "Loading the model 40%",
        "",
    ),
    "before the first token": (
        lambda: [Started("req_1"), never()],
        lambda turn, provider: turn.revision == 1,
        "",
    ),
    "during the countdown": (
        lambda: [LIMITED],
        lambda turn, provider: turn.waiting == countdown(LIMITED, 60),
        "",
    ),
    "while it thinks": (
        lambda: [ReasoningDelta("Hm"), never()],
        lambda turn, provider: turn.reasoning,
        "",
    ),
    "mid-stream": (
        lambda: [Started(), TextDelta("Once "), TextDelta("upon"), never()],
        lambda turn, provider: turn.text == "Once upon",
        "Once upon",
    ),
}


@asynccontextmanager
async def at(
    stage: str, sessions: Sessions, provider: Scripted
) -> AsyncIterator[tuple[Turn, asyncio.Task[Message]]]:
    """A turn that runs and has come to that stage."""
    steps, reached, _ = STAGES[stage]
    provider.script(*steps())
    turn = await sessions.send(sessions.new(MODEL), "Tell me a story")
    running = asyncio.create_task(turn.run())
    await until(lambda: reached(turn, provider))
    yield turn, running


@pytest.mark.parametrize("stage", STAGES)
async def test_a_reply_is_stopped(
    sessions: Sessions, provider: Scripted, journal: Journal, elsewhere: Library, stage: str
) -> None:
    async with at(stage, sessions, provider) as (turn, running):
        turn.stop()
        reply = await running
    text = STAGES[stage][2]
    assert (reply.status, reply.text) == (Status.STOPPED, text)
    assert journal.ends(reply.id) == [(Status.STOPPED, text)]
    assert elsewhere.messages([reply.id]) == [reply]
    assert all(asked.left.is_set() for asked in provider.asked)
    assert turn.waiting == ""
    assert running.cancelling() == 0  # stopping a reply cancels nothing of the caller's


@pytest.mark.parametrize("stage", STAGES)
async def test_a_task_that_is_cancelled_stops_its_reply(
    sessions: Sessions, provider: Scripted, journal: Journal, stage: str
) -> None:
    async with at(stage, sessions, provider) as (turn, running):
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    text = STAGES[stage][2]
    # It is saved by the time the cancellation comes out.
    assert journal.ends(turn.reply.id) == [(Status.STOPPED, text)]
    assert (turn.reply.status, turn.reply.text) == (Status.STOPPED, text)
    assert all(asked.left.is_set() for asked in provider.asked)


@pytest.mark.parametrize("stage", STAGES)
async def test_stopping_twice_and_cancelling_as_well_is_stopping(
    sessions: Sessions, provider: Scripted, journal: Journal, stage: str
) -> None:
    async with at(stage, sessions, provider) as (turn, running):
        turn.stop()
        turn.stop()
        running.cancel()
        await asyncio.sleep(0)
        turn.stop()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert journal.ends(turn.reply.id) == [(Status.STOPPED, STAGES[stage][2])]


async def test_a_reply_is_stopped_before_it_runs(
    sessions: Sessions, provider: Scripted, journal: Journal
) -> None:
    turn = await sessions.send(sessions.new(MODEL), "Wait, no")
    turn.stop()
    reply = await turn.run()
    assert provider.asked == []
    assert journal.ends(reply.id) == [(Status.STOPPED, "")]
    assert (reply.first_token_ms, reply.total_ms, reply.usage) == (None, None, None)


async def test_a_reply_is_stopped_in_the_moment_it_begins(
    sessions: Sessions, provider: Scripted, journal: Journal
) -> None:
    turn = await sessions.send(sessions.new(MODEL), "Wait, no")
    running = asyncio.create_task(turn.run())
    await asyncio.sleep(0)  # `run` has begun, its inside has not
    turn.stop()
    reply = await running
    assert provider.asked == []
    assert journal.ends(reply.id) == [(Status.STOPPED, "")]


@pytest.mark.parametrize("arrivals", range(1, 6))
async def test_an_observer_may_stop_it_after_any_delta(
    sessions: Sessions, provider: Scripted, journal: Journal, arrivals: int
) -> None:
    """Also where the reply goes on without a pause, so that nothing could be cancelled."""
    deltas = ("a", "b", "c")
    provider.script(*says(*deltas))
    turn = await sessions.send(sessions.new(MODEL), "Count")

    def stop_it(turn: Turn) -> None:
        if turn.revision == arrivals:
            turn.stop()

    turn.observers.append(stop_it)
    reply = await turn.run()
    assert journal.ends(reply.id) == [(reply.status, reply.text)]
    assert reply.text == "".join(turn.parts)
    # What came in one piece with the rest is there, and then the reply is whole.
    assert (reply.text, reply.status) == ("abc", Status.COMPLETE)


if sys.version_info >= (3, 12):

    async def test_also_where_tasks_begin_within_the_call_that_makes_them(
        sessions: Sessions, provider: Scripted, journal: Journal
    ) -> None:
        """As Textual has them; the first deltas come before `run` has its task in hand."""
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        provider.script(TextDelta("Once"), never())
        turn = await sessions.send(sessions.new(MODEL), "Tell me a story")
        turn.observers.append(lambda turn: turn.stop() if not turn.done else None)
        await turn.run()
        assert journal.ends(turn.reply.id) == [(Status.STOPPED, "Once")]


async def test_a_reply_that_is_whole_is_complete_though_stopped_a_moment_later(
    sessions: Sessions, provider: Scripted, journal: Journal
) -> None:
    """The connection may stay open after the last event; what was said is all that will be."""
    provider.script(*says("The end."), never())
    turn = await sessions.send(sessions.new(MODEL), "Tell me a story")
    running = asyncio.create_task(turn.run())
    await until(lambda: turn.revision == 3)
    turn.stop()
    reply = await running
    assert journal.ends(reply.id) == [(Status.COMPLETE, "The end.")]
    assert provider.asked[0].left.is_set()


async def test_stopping_while_the_end_is_saved_changes_nothing(
    sessions: Sessions, provider: Scripted, journal: Journal
) -> None:
    provider.script(*says("The end."))
    turn = await sessions.send(sessions.new(MODEL), "Tell me a story")
    with slow_disk(sessions) as waiting:
        running = asyncio.create_task(turn.run())
        await until(lambda: waiting() == 1)
        turn.stop()
        await asyncio.sleep(0)
    reply = await running
    assert journal.ends(reply.id) == [(Status.COMPLETE, "The end.")]


async def test_a_cancellation_while_the_end_is_saved_comes_out_after_it(
    sessions: Sessions, provider: Scripted, journal: Journal
) -> None:
    provider.script(*says("The end."))
    turn = await sessions.send(sessions.new(MODEL), "Tell me a story")
    with slow_disk(sessions) as waiting:
        running = asyncio.create_task(turn.run())
        await until(lambda: waiting() == 1)
        for _ in range(3):
            running.cancel()
            await asyncio.sleep(0)
        assert not running.done()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert turn.reply.status is Status.COMPLETE
    assert journal.ends(turn.reply.id) == [(Status.COMPLETE, "The end.")]


async def test_stopping_after_the_end_changes_nothing(
    sessions: Sessions, provider: Scripted, journal: Journal
) -> None:
    turn = await sessions.send(sessions.new(MODEL), "Hello")
    reply = await turn.run()
    turn.stop()
    assert turn.reply == reply
    assert journal.ends(reply.id) == [(Status.COMPLETE, "Well.")]


async def test_what_it_was_waiting_for_is_kept_when_the_countdown_is_stopped(
    sessions: Sessions, provider: Scripted
) -> None:
    async with at("during the countdown", sessions, provider) as (turn, running):
        turn.stop()
        reply = await running
    assert reply.error == ErrorInfo(ErrorKind.RATE_LIMIT, "Too many.")
    assert len(provider.asked) == 1


async def test_a_timeout_of_the_callers_works_as_anywhere(
    sessions: Sessions, provider: Scripted, journal: Journal
) -> None:
    provider.script(TextDelta("Once"), never())
    turn = await sessions.send(sessions.new(MODEL), "Tell me a story")
    with suppress(TimeoutError):
        async with asyncio.timeout(None) as patience:
            turn.observers.append(
                lambda _turn: patience.reschedule(asyncio.get_running_loop().time())
            )
            await turn.run()
    assert patience.expired()
    assert journal.ends(turn.reply.id) == [(Status.STOPPED, "Once")]


async def test_stopping_one_reply_leaves_the_others_alone(
    sessions: Sessions, provider: Scripted
) -> None:
    first, second = provider.live(), provider.live()
    turns = [await sessions.send(sessions.new(MODEL), "Hello") for _ in range(2)]
    running = [asyncio.create_task(turn.run()) for turn in turns]
    first.put_nowait(TextDelta("one"))
    second.put_nowait(TextDelta("two"))
    await until(lambda: all(turn.text for turn in turns))
    turns[0].stop()
    assert (await running[0]).status is Status.STOPPED
    second.put_nowait(TextDelta(", three"))
    second.put_nowait(Finished("stop"))
    reply = await running[1]
    assert (reply.status, reply.text) == (Status.COMPLETE, "two, three")


async def test_a_send_that_is_cancelled_while_it_is_saved_is_kept_and_its_reply_ended(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    chat = sessions.new(MODEL)
    await (await sessions.send(chat, "Hello")).run()
    with slow_disk(sessions) as waiting:
        sending = asyncio.create_task(sessions.send(chat, "Are you there?"))
        await until(lambda: waiting() == 1)
        sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    question, reply = elsewhere.messages(chat.path[-2:])
    assert (question.text, question.status) == ("Are you there?", Status.COMPLETE)
    assert reply.status is Status.STOPPED
    assert len(provider.asked) == 1
    assert sessions.turns == {}


async def test_the_clock_stands_still_and_nothing_waits_for_it(
    sessions: Sessions, provider: Scripted, clock: HandClock
) -> None:
    """Stopping needs no tick: neither of the countdown nor of the saves."""
    before = clock.now
    async with at("during the countdown", sessions, provider) as (turn, running):
        turn.stop()
        await running
    assert clock.now == before
