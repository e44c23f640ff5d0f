"""What is on disk, and when: seen through the eyes of another process."""

from __future__ import annotations

import asyncio

import pytest

from tests.session.disk import fill_disk, slow_disk
from tests.session.journal import Journal
from tests.session.scripted import MODEL, HandClock, Scripted, says
from tests.waiting import until
from tui.core.conversation import Parameters
from tui.core.errors import ChatError
from tui.core.message import Attachment, Message, Role, Status
from tui.core.models import ModelRef
from tui.provider.base import Finished, Request, TextDelta
from tui.session.pace import REAL_TIME
from tui.session.sessions import Sessions
from tui.store.library import Library


async def test_the_message_is_saved_before_the_request_is_sent(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    at_request: list[list[Message]] = []

    def look(_request: Request) -> None:
        ids = [node.id for node in elsewhere.nodes(chat.id)]
        at_request.append(elsewhere.messages(ids))

    provider.at_request = look
    chat = sessions.new(MODEL)
    await (await sessions.send(chat, "Why is the sky blue?")).run()
    ((question, reply),) = at_request
    assert (question.role, question.text) == (Role.USER, "Why is the sky blue?")
    assert question.status is Status.COMPLETE
    assert (reply.role, reply.status, reply.parent) == (
        Role.ASSISTANT,
        Status.PENDING,
        question.id,
    )
    assert (reply.model, reply.endpoint) == ("gpt-4o", "loopback")


async def test_it_is_saved_when_send_returns_though_nobody_runs_the_turn_yet(
    sessions: Sessions, elsewhere: Library
) -> None:
    chat = sessions.new(MODEL)
    turn = await sessions.send(chat, "Hello")
    assert [node.role for node in elsewhere.nodes(chat.id)] == [Role.USER, Role.ASSISTANT]
    await turn.run()


async def test_a_new_chat_is_nowhere_before_its_first_message(
    sessions: Sessions, elsewhere: Library
) -> None:
    sessions.new(MODEL)
    assert elsewhere.conversations() == []


async def test_a_message_that_cannot_be_saved_leaves_no_trace(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    chat = sessions.new(MODEL)
    await (await sessions.send(chat, "Hello")).run()
    await fill_disk(sessions)
    before = chat.path
    with pytest.raises(ChatError, match="The disk is full"):
        await sessions.send(chat, "Are you there? " * 10_000)
    assert chat.path == before
    assert elsewhere.conversation(chat.id).message_count == 2
    assert sessions.turns == {}
    assert len(provider.asked) == 1


async def test_empty_messages_are_not_sent(sessions: Sessions, elsewhere: Library) -> None:
    chat = sessions.new(MODEL)
    for text in ("", " \n\t "):
        with pytest.raises(ValueError, match="empty"):
            await sessions.send(chat, text)
    assert elsewhere.conversations() == []


async def test_a_file_alone_is_a_message(sessions: Sessions, elsewhere: Library) -> None:
    chat = sessions.new(MODEL)
    notes = Attachment("notes.txt", "text/plain", 5, "Tides")
    await (await sessions.send(chat, "", [notes])).run()
    question, _ = elsewhere.messages(chat.path)
    assert question.attachments == (notes,)


async def test_a_reply_is_saved_while_it_streams(
    sessions: Sessions, provider: Scripted, clock: HandClock, elsewhere: Library
) -> None:
    wire = provider.live()
    turn = await sessions.send(sessions.new(MODEL), "Count")
    running = asyncio.create_task(turn.run())

    def saved() -> tuple[Status, str]:
        (reply,) = elsewhere.messages([turn.reply.id])
        return reply.status, reply.text

    wire.put_nowait(TextDelta("One, "))
    await until(lambda: turn.text == "One, ")
    assert saved() == (Status.PENDING, "")
    clock.advance(1.0)
    await until(lambda: saved() == (Status.STREAMING, "One, "))
    wire.put_nowait(TextDelta("two, "))
    await until(lambda: turn.text == "One, two, ")
    clock.advance(1.0)
    await until(lambda: saved() == (Status.STREAMING, "One, two, "))
    wire.put_nowait(Finished("stop"))
    await running
    assert saved() == (Status.COMPLETE, "One, two, ")


def test_at_most_a_second_passes_from_save_to_save() -> None:
    """With time left for the disk; how long it takes in fact is `test_kill`'s business."""
    assert REAL_TIME.flush_seconds < 1.0


async def test_the_time_a_save_takes_does_not_put_off_the_next(
    sessions: Sessions, provider: Scripted, clock: HandClock, journal: Journal
) -> None:
    wire = provider.live()
    turn = await sessions.send(sessions.new(MODEL), "Count")
    running = asyncio.create_task(turn.run())
    wire.put_nowait(TextDelta("One, "))
    await until(lambda: turn.text)
    with slow_disk(sessions) as waiting:
        clock.advance(1.0)
        await until(lambda: waiting() == 1)
        wire.put_nowait(TextDelta("two, "))
        await until(lambda: turn.text == "One, two, ")
        clock.advance(1.0)
    await until(lambda: len(journal.of(turn.reply.id)) == 3)
    assert [text for _, text in journal.of(turn.reply.id)] == ["", "One, ", "One, two, "]
    wire.put_nowait(Finished("stop"))
    await running


async def test_nothing_is_written_while_nothing_arrives(
    sessions: Sessions, provider: Scripted, clock: HandClock, journal: Journal
) -> None:
    wire = provider.live()
    turn = await sessions.send(sessions.new(MODEL), "Count")
    running = asyncio.create_task(turn.run())

    async def seconds_pass() -> None:
        for _ in range(3):
            clock.advance(1.0)
            await sessions.library.run(lambda library: library.data_version())

    await seconds_pass()
    wire.put_nowait(TextDelta("One"))
    await until(lambda: turn.text)
    await seconds_pass()
    await seconds_pass()
    wire.put_nowait(Finished("stop"))
    await running
    assert journal.of(turn.reply.id) == [
        (Status.PENDING, ""),
        (Status.STREAMING, "One"),
        (Status.COMPLETE, "One"),
    ]


async def test_the_last_text_and_the_final_status_are_written_together(
    sessions: Sessions, provider: Scripted, clock: HandClock, journal: Journal
) -> None:
    wire = provider.live()
    turn = await sessions.send(sessions.new(MODEL), "Hello")
    running = asyncio.create_task(turn.run())
    wire.put_nowait(TextDelta("Hel"))
    await until(lambda: turn.text)
    clock.advance(1.0)
    await until(lambda: len(journal.of(turn.reply.id)) == 2)
    wire.put_nowait(TextDelta("lo"))
    wire.put_nowait(Finished("stop"))
    await running
    assert journal.of(turn.reply.id) == [
        (Status.PENDING, ""),
        (Status.STREAMING, "Hel"),
        (Status.COMPLETE, "Hello"),
    ]


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("stop", Status.COMPLETE),
        ("length", Status.TRUNCATED),
        ("content_filter", Status.FILTERED),
        ("something_new", Status.COMPLETE),
    ],
)
async def test_why_it_stopped_is_kept(
    sessions: Sessions, provider: Scripted, elsewhere: Library, reason: str, status: Status
) -> None:
    provider.script(*says("Well", reason=reason))
    reply = await (await sessions.send(sessions.new(MODEL), "Hello")).run()
    assert (reply.status, reply.finish_reason) == (status, reason)
    assert elsewhere.messages([reply.id]) == [reply]


async def test_a_blank_reply_is_a_reply(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    provider.script(*says())
    chat = sessions.new(MODEL)
    reply = await (await sessions.send(chat, "Say nothing")).run()
    assert (reply.text, reply.status) == ("", Status.COMPLETE)
    assert elsewhere.messages([reply.id]) == [reply]
    # And it is not sent along: servers reject empty messages.
    await (await sessions.send(chat, "And now?")).run()
    assert provider.asked[1].prompt == [("user", "Say nothing"), ("user", "And now?")]


async def test_a_reply_in_one_piece_is_saved_as_any_other(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    provider.script(*says("All at once."))
    chat = sessions.new(MODEL)
    await sessions.change(chat, parameters=Parameters(stream=False))
    reply = await (await sessions.send(chat, "Hello")).run()
    assert provider.asked[0].request.parameters.stream is False
    assert elsewhere.messages([reply.id]) == [reply]


async def test_text_that_no_file_can_hold_is_made_storable(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    provider.script(*says("half a pair: \ud83d"))
    chat = sessions.new(MODEL)
    reply = await (await sessions.send(chat, "Windows\r\nlines, and \udc00")).run()
    question, _ = elsewhere.messages(chat.path)
    assert question.text == "Windows\nlines, and ?"
    assert reply.text == "half a pair: ?"
    assert elsewhere.messages([reply.id]) == [reply]


async def test_whoever_runs_a_turn_as_well_waits_for_the_same_end(
    sessions: Sessions, provider: Scripted, journal: Journal
) -> None:
    turn = await sessions.send(sessions.new(MODEL), "Hello")
    first, second = await asyncio.gather(turn.run(), turn.run())
    assert first is second is await turn.run()
    assert len(provider.asked) == 1
    assert len(journal.ends(first.id)) == 1


async def test_an_endpoint_that_left_the_config_is_told_before_anything_is_saved(
    sessions: Sessions, elsewhere: Library
) -> None:
    chat = sessions.new(ModelRef("gone", "gpt-4o"))
    with pytest.raises(ChatError, match="not in the config any more"):
        await sessions.send(chat, "Hello")
    assert elsewhere.conversations() == []
