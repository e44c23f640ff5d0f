"""Replies that fail: the words are kept, and what went wrong stands beside them."""

from __future__ import annotations

import asyncio
import logging

import pytest

from tests.session.disk import fill_disk, free_disk, slow_disk
from tests.session.journal import Journal
from tests.session.scripted import MODEL, HandClock, RoundPrices, Scripted, says
from tests.waiting import until
from tui.core.errors import ChatError, ErrorInfo, ErrorKind
from tui.core.message import Status, utc_now
from tui.provider.base import Finished, Started, TextDelta
from tui.session.sessions import Sessions
from tui.store.library import Library

LONG = "tide " * 100_000  # more than what is left of a page


async def test_a_break_mid_stream_keeps_the_partial(
    sessions: Sessions, provider: Scripted, journal: Journal, elsewhere: Library
) -> None:
    broken = ChatError(ErrorKind.BROKEN_STREAM, "It broke off.", request_id="req_2")
    provider.script(Started("req_1"), TextDelta("Once "), TextDelta("upon"), broken)
    reply = await (await sessions.send(sessions.new(MODEL), "A story")).run()
    assert journal.ends(reply.id) == [(Status.FAILED, "Once upon")]
    assert reply.error == ErrorInfo(ErrorKind.BROKEN_STREAM, "It broke off.")
    assert reply.request_id == "req_1"
    assert elsewhere.messages([reply.id]) == [reply]


async def test_the_partial_goes_along_with_the_next_question(
    sessions: Sessions, provider: Scripted
) -> None:
    provider.script(TextDelta("Once upon"), ChatError(ErrorKind.BROKEN_STREAM, "It broke off."))
    chat = sessions.new(MODEL)
    await (await sessions.send(chat, "A story")).run()
    await (await sessions.send(chat, "Go on")).run()
    assert provider.asked[1].prompt == [
        ("user", "A story"),
        ("assistant", "Once upon"),
        ("user", "Go on"),
    ]


@pytest.mark.parametrize("mistake", [RuntimeError("sk-not-for-you"), KeyError("choices")])
async def test_a_mistake_of_the_provider_s_is_ours_and_keeps_the_words(
    sessions: Sessions,
    provider: Scripted,
    journal: Journal,
    caplog: pytest.LogCaptureFixture,
    mistake: Exception,
) -> None:
    provider.script(TextDelta("Once upon"), mistake)
    reply = await (await sessions.send(sessions.new(MODEL), "A story")).run()
    assert journal.ends(reply.id) == [(Status.FAILED, "Once upon")]
    assert reply.error is not None
    assert reply.error.kind is ErrorKind.INTERNAL
    assert "sk-not-for-you" not in reply.error.text
    assert "ask again" in reply.error.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_a_stream_that_just_ends_is_such_a_mistake(
    sessions: Sessions, provider: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    """Providers promise to end by `Finished` or an error; a cut reply must not look whole."""
    provider.script(Started(), TextDelta("Once upon"))
    reply = await (await sessions.send(sessions.new(MODEL), "A story")).run()
    assert (reply.status, reply.text) == (Status.FAILED, "Once upon")
    assert "ended without saying how" in caplog.text


class TestADiskThatIsFull:
    async def test_while_it_streams_the_reply_goes_on(
        self,
        sessions: Sessions,
        provider: Scripted,
        clock: HandClock,
        elsewhere: Library,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        wire = provider.live()
        turn = await sessions.send(sessions.new(MODEL), "A story")
        running = asyncio.create_task(turn.run())
        await fill_disk(sessions)
        wire.put_nowait(TextDelta(LONG))
        await until(lambda: turn.text)
        with slow_disk(sessions) as waiting:
            clock.advance(1)
            await until(lambda: waiting() == 1)
        wire.put_nowait(TextDelta("The end."))
        await until(lambda: len(turn.parts) == 2)
        await free_disk(sessions)
        wire.put_nowait(Finished("stop"))
        reply = await running
        assert (reply.status, reply.text) == (Status.COMPLETE, LONG + "The end.")
        assert elsewhere.messages([reply.id]) == [reply]
        assert caplog.records == []  # or the log would grow each second, on a full disk

    async def test_the_next_save_catches_up(
        self, sessions: Sessions, provider: Scripted, clock: HandClock, elsewhere: Library
    ) -> None:
        wire = provider.live()
        turn = await sessions.send(sessions.new(MODEL), "A story")
        running = asyncio.create_task(turn.run())
        await fill_disk(sessions)
        wire.put_nowait(TextDelta(LONG))
        await until(lambda: turn.text)
        with slow_disk(sessions) as waiting:
            clock.advance(1)
            await until(lambda: waiting() == 1)
        await free_disk(sessions)
        clock.advance(1)
        await until(lambda: elsewhere.messages([turn.reply.id])[0].text == LONG)
        wire.put_nowait(Finished("stop"))
        await running

    async def test_it_is_told_once_while_it_lasts_and_is_no_part_of_the_reply(
        self, sessions: Sessions, provider: Scripted, clock: HandClock, elsewhere: Library
    ) -> None:
        wire = provider.live()
        turn = await sessions.send(sessions.new(MODEL), "A story")
        told: list[tuple[str, ...]] = []
        turn.observers.append(lambda turn: told.append(turn.notices))
        running = asyncio.create_task(turn.run())
        await fill_disk(sessions)
        wire.put_nowait(TextDelta(LONG))
        await until(lambda: turn.text)
        clock.advance(1)
        await until(lambda: turn.notices)
        (notice,) = turn.notices
        assert notice.startswith("Not on disk yet. The disk is full")
        with slow_disk(sessions) as waiting:
            clock.advance(1)
            await until(lambda: waiting() == 1)
        await free_disk(sessions)
        clock.advance(1)
        await until(lambda: not turn.notices)
        assert elsewhere.messages([turn.reply.id])[0].text == LONG
        wire.put_nowait(Finished("stop"))
        assert (await running).notices == ()
        assert told.count((notice,)) == 1

    async def test_at_the_end_it_is_raised_and_the_words_are_still_there(
        self, sessions: Sessions, provider: Scripted, elsewhere: Library
    ) -> None:
        provider.script(*says(LONG))
        chat = sessions.new(MODEL)
        turn = await sessions.send(chat, "A story")
        await fill_disk(sessions)
        with pytest.raises(ChatError, match="The disk is full") as caught:
            await turn.run()
        assert caught.value.kind is ErrorKind.LIBRARY
        assert turn.done
        assert not turn.saved
        assert (turn.reply.status, turn.reply.text) == (Status.COMPLETE, LONG)
        assert sessions.turns == {}
        assert await sessions.load(chat, [turn.reply.id]) == [turn.reply]
        assert elsewhere.messages([turn.reply.id])[0].text == ""

    async def test_what_could_not_be_saved_then_is_saved_once_there_is_room(
        self, sessions: Sessions, provider: Scripted, journal: Journal
    ) -> None:
        provider.script(*says(LONG))
        chat = sessions.new(MODEL)
        turn = await sessions.send(chat, "A story")
        await fill_disk(sessions)
        with pytest.raises(ChatError):
            await turn.run()
        with pytest.raises(ChatError, match="The disk is full"):
            await sessions.save_ends()
        assert sessions.unsaved == {turn.reply.id: turn.reply}
        await free_disk(sessions)
        await sessions.save_ends()
        assert journal.ends(turn.reply.id) == [(Status.COMPLETE, LONG)]
        assert sessions.unsaved == {}
        await sessions.save_ends()

    async def test_until_then_the_chat_shows_it_also_when_it_is_opened_anew(
        self, sessions: Sessions, provider: Scripted
    ) -> None:
        provider.script(*says(LONG))
        chat = sessions.new(MODEL)
        turn = await sessions.send(chat, "A story")
        await fill_disk(sessions)
        with pytest.raises(ChatError):
            await turn.run()
        chat_id = chat.id
        del chat
        sessions._open.clear()
        chat = await sessions.open(chat_id)
        assert await sessions.load(chat, [turn.reply.id]) == [turn.reply]

    async def test_sending_on_saves_it_too(
        self, sessions: Sessions, provider: Scripted, journal: Journal
    ) -> None:
        provider.script(*says(LONG))
        chat = sessions.new(MODEL)
        turn = await sessions.send(chat, "A story")
        await fill_disk(sessions)
        with pytest.raises(ChatError):
            await turn.run()
        await free_disk(sessions)
        await (await sessions.send(chat, "Go on")).run()
        assert journal.ends(turn.reply.id) == [(Status.COMPLETE, LONG)]

    async def test_a_cancelled_task_is_cancelled_all_the_same(
        self, sessions: Sessions, provider: Scripted
    ) -> None:
        wire = provider.live()
        turn = await sessions.send(sessions.new(MODEL), "A story")
        running = asyncio.create_task(turn.run())
        await fill_disk(sessions)
        wire.put_nowait(TextDelta(LONG))
        await until(lambda: turn.text)
        running.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await running
        assert isinstance(caught.value.__cause__, ChatError)
        assert sessions.unsaved == {turn.reply.id: turn.reply}

    async def test_a_value_that_could_not_be_changed_is_as_before(self, sessions: Sessions) -> None:
        chat = sessions.new(MODEL)
        await (await sessions.send(chat, "A story")).run()
        await fill_disk(sessions)
        with pytest.raises(ChatError, match="The disk is full"):
            await sessions.change(chat, draft=LONG)
        assert chat.conversation.draft == ""


async def test_a_chat_removed_for_good_under_an_unsaved_end_is_let_go(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    provider.script(*says(LONG))
    chat = sessions.new(MODEL)
    turn = await sessions.send(chat, "A story")
    await fill_disk(sessions)
    with pytest.raises(ChatError):
        await turn.run()
    await free_disk(sessions)
    with elsewhere._database.transaction() as connection:
        connection.execute("DELETE FROM conversations")
    await sessions.save_ends()
    assert sessions.unsaved == {}


async def test_a_price_that_cannot_be_told_costs_no_word(
    sessions: Sessions, prices: RoundPrices, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    prices.failure = LookupError("no such model")
    reply = await (await sessions.send(sessions.new(MODEL), "Hello")).run()
    assert journal.ends(reply.id) == [(Status.COMPLETE, "Well.")]
    assert reply.cost_usd is None
    assert "price" in caplog.text


async def test_a_mistake_in_a_save_on_the_way_costs_no_word(
    sessions: Sessions,
    provider: Scripted,
    clock: HandClock,
    journal: Journal,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def mistaken(*_: object) -> None:
        raise ValueError("it is finished already")

    monkeypatch.setattr(Library, "flush", mistaken)
    wire = provider.live()
    turn = await sessions.send(sessions.new(MODEL), "A story")
    running = asyncio.create_task(turn.run())
    wire.put_nowait(TextDelta("Once upon"))
    await until(lambda: turn.text)
    clock.advance(1)
    await until(lambda: "finished already" in caplog.text)
    wire.put_nowait(Finished("stop"))
    await running
    assert journal.ends(turn.reply.id) == [(Status.COMPLETE, "Once upon")]


async def test_a_chat_in_the_trash_comes_out_of_it_when_one_writes_in_it(
    sessions: Sessions, elsewhere: Library
) -> None:
    chat = sessions.new(MODEL)
    await (await sessions.send(chat, "Hello")).run()
    elsewhere.delete(chat.id, utc_now())
    await sessions.refresh(chat)
    in_trash = chat.conversation
    assert in_trash.deleted_at is not None
    await (await sessions.send(chat, "Still here")).run()
    assert chat.conversation.deleted_at is None
    assert elsewhere.conversation(chat.id).deleted_at is None


async def test_a_chat_removed_for_good_says_so_and_takes_no_message(
    sessions: Sessions, elsewhere: Library
) -> None:
    chat = sessions.new(MODEL)
    await (await sessions.send(chat, "Hello")).run()
    with elsewhere._database.transaction() as connection:
        connection.execute("DELETE FROM conversations")
    for attempt in (sessions.send(chat, "Hello?"), sessions.refresh(chat), sessions.open(chat.id)):
        with pytest.raises(ChatError) as caught:
            await attempt
        assert caught.value.kind is ErrorKind.NO_SUCH_CHAT
    assert len(chat.path) == 2


async def test_a_chat_in_the_trash_is_not_removed_while_a_reply_is_written(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    wire = provider.live()
    chat = sessions.new(MODEL)
    turn = await sessions.send(chat, "Hello")
    running = asyncio.create_task(turn.run())
    elsewhere.delete(chat.id, utc_now())
    assert elsewhere.empty_trash(utc_now()) == 0
    wire.put_nowait(TextDelta("Saved after all"))
    wire.put_nowait(Finished("stop"))
    reply = await running
    assert elsewhere.messages([reply.id]) == [reply]
