"""Streaming does not depend on who looks: nobody, one view, another, or one that fails."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from tests.session.scripted import MODEL, Scripted, says
from tests.waiting import until
from tui.core.message import Status
from tui.provider.base import Finished, ReasoningDelta, TextDelta
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.store.library import Library


class View:
    """Pulls what is new, as a transcript does: it remembers how many parts it has shown."""

    def __init__(self, turn: Turn) -> None:
        self.shown = turn.text
        self._seen = len(turn.parts)
        self.turn = turn
        turn.observers.append(self.pull)

    def pull(self, turn: Turn) -> None:
        self.shown += "".join(turn.parts[self._seen :])
        self._seen = len(turn.parts)

    def close(self) -> None:
        self.turn.observers.remove(self.pull)


async def test_two_chats_stream_with_no_view_then_one_then_another(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    wires = [provider.live(), provider.live()]
    turns = [await sessions.send(sessions.new(MODEL), "Count") for _ in wires]
    running = [asyncio.create_task(turn.run()) for turn in turns]
    expected = ["", ""]

    async def arrive(number: int) -> None:
        for which, wire in enumerate(wires):
            wire.put_nowait(TextDelta(f"{which}.{number} "))
            expected[which] += f"{which}.{number} "
        await until(lambda: [turn.text for turn in turns] == expected)

    await arrive(1)  # nobody looks
    view = View(turns[0])
    assert view.shown == expected[0]
    await arrive(2)
    assert view.shown == expected[0]
    view.close()
    other = View(turns[1])  # the other chat is chosen in the middle of both replies
    await arrive(3)
    assert other.shown == expected[1]
    assert view.shown != expected[0]
    again = View(turns[0])
    assert again.shown == expected[0]
    for wire in wires:
        wire.put_nowait(Finished("stop"))
    replies = [await task for task in running]
    assert [reply.text for reply in replies] == expected
    assert {reply.status for reply in replies} == {Status.COMPLETE}
    assert elsewhere.messages([reply.id for reply in replies]) == replies


async def test_ten_chats_at_once(sessions: Sessions, provider: Scripted) -> None:
    wires = [provider.live() for _ in range(10)]
    turns = [await sessions.send(sessions.new(MODEL), f"Chat {n}") for n in range(10)]
    running = [asyncio.create_task(turn.run()) for turn in turns]
    for number in range(5):
        for which, wire in enumerate(wires):
            wire.put_nowait(TextDelta(f"{which}.{number} "))
    for wire in wires:
        wire.put_nowait(Finished("stop"))
    replies = [await task for task in running]
    for which, reply in enumerate(replies):
        assert reply.text == "".join(f"{which}.{number} " for number in range(5))


async def test_two_replies_of_one_chat_at_once(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    """As when two models are asked the same."""
    chat = sessions.new(MODEL)
    wires = [provider.live(), provider.live()]
    first = await sessions.send(chat, "Hello")
    second = await sessions.retry(chat, first.reply.id)
    assert sessions.turns_of(chat.id) == [first, second]
    running = [asyncio.create_task(turn.run()) for turn in (first, second)]
    for wire, text in zip(wires, ("one", "two"), strict=True):
        wire.put_nowait(TextDelta(text))
        wire.put_nowait(Finished("stop"))
    replies = [await task for task in running]
    assert [reply.text for reply in replies] == ["one", "two"]
    assert chat.tree.siblings(first.reply.id) == [reply.id for reply in replies]
    assert elsewhere.messages(chat.tree.siblings(first.reply.id)) == replies


async def test_each_change_raises_the_revision(sessions: Sessions, provider: Scripted) -> None:
    wire = provider.live()
    turn = await sessions.send(sessions.new(MODEL), "Hello")
    revisions: list[int] = []
    turn.observers.append(lambda turn: revisions.append(turn.revision))
    running = asyncio.create_task(turn.run())
    for event in (ReasoningDelta("Hm"), TextDelta("Well"), Finished("stop")):
        wire.put_nowait(event)
    await running
    assert revisions == [1, 2, 3, 4]  # the last one is the end


async def test_sessions_tell_what_is_begun_ended_and_changed_but_no_token_and_no_draft(
    sessions: Sessions, provider: Scripted
) -> None:
    wire = provider.live()
    told: list[tuple[Chat, int]] = []
    sessions.observers.append(lambda chat: told.append((chat, len(sessions.turns))))
    chat = sessions.new(MODEL)
    turn = await sessions.send(chat, "Hello")
    assert told == [(chat, 1)]
    running = asyncio.create_task(turn.run())
    for _ in range(10):
        wire.put_nowait(TextDelta("more "))
    wire.put_nowait(Finished("stop"))
    await running
    assert told == [(chat, 1), (chat, 0)]
    await sessions.change(chat, draft="And")
    await sessions.change(chat, title="Renamed", titled=True)
    assert told == [(chat, 1), (chat, 0), (chat, 0)]


async def test_when_an_end_is_told_it_is_saved_and_the_chat_has_it(
    sessions: Sessions, elsewhere: Library
) -> None:
    chat = sessions.new(MODEL)
    turn = await sessions.send(chat, "Hello")
    at_the_end: list[bool] = []

    def look(turn: Turn) -> None:
        if turn.done:
            at_the_end.append(elsewhere.messages([turn.reply.id]) == [turn.reply])
            at_the_end.append(chat.messages[turn.reply.id] is turn.reply)

    turn.observers.append(look)
    await turn.run()
    assert at_the_end == [True, True]


class TestObserversThatMisbehave:
    async def test_one_that_fails_harms_neither_the_reply_nor_the_others(
        self, sessions: Sessions, provider: Scripted, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(_: object) -> None:
            raise RuntimeError("the screen is gone")

        sessions.observers.append(broken)
        turn = await sessions.send(sessions.new(MODEL), "Hello")
        turn.observers.append(broken)
        view = View(turn)
        reply = await turn.run()
        assert (reply.status, view.shown) == (Status.COMPLETE, "Well.")
        assert "the screen is gone" in caplog.text

    async def test_one_that_fails_at_each_token_is_noted_once(
        self, sessions: Sessions, provider: Scripted, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Broken:
            def look(self, turn: Turn) -> None:
                raise RuntimeError("too narrow") if len(turn.parts) % 2 else KeyError("no place")

        broken = Broken()
        provider.script(*says(*["word "] * 100))
        turn = await sessions.send(sessions.new(MODEL), "Hello")
        turn.observers.append(broken.look)
        await turn.run()
        assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == [
            "'no place'",
            "too narrow",
        ]

    async def test_one_may_leave_and_others_come_while_they_are_told(
        self, sessions: Sessions, provider: Scripted
    ) -> None:
        turn = await sessions.send(sessions.new(MODEL), "Hello")
        late: list[View] = []
        told: list[int] = []

        def once(turn: Turn) -> None:
            turn.observers.remove(once)
            late.append(View(turn))

        turn.observers.append(once)
        turn.observers.append(lambda turn: told.append(turn.revision))
        await turn.run()
        assert late[0].shown == "Well."
        assert told == list(range(1, turn.revision + 1))  # the one after it misses nothing


async def test_a_chat_lives_as_long_as_its_reply_though_nobody_holds_it(
    sessions: Sessions, provider: Scripted
) -> None:
    wire = provider.live()
    chat = sessions.new(MODEL)
    chat_id, held = chat.id, weakref.ref(chat)
    turn = await sessions.send(chat, "Hello")
    running = asyncio.create_task(turn.run())
    del chat
    gc.collect()
    assert await sessions.open(chat_id) is held()
    wire.put_nowait(Finished("stop"))
    await running


async def test_nothing_is_left_in_memory_of_chats_that_ended(
    sessions: Sessions, provider: Scripted
) -> None:
    chat = sessions.new(MODEL)
    turn = await sessions.send(chat, "Hello")
    await turn.run()
    gone = weakref.ref(chat), weakref.ref(turn)
    del chat, turn
    gc.collect()
    assert [reference() for reference in gone] == [None, None]
    assert sessions.turns == {}
    assert len(sessions._open) == 0
