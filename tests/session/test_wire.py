"""The whole way, from a message to what a server sees and back onto disk: the real provider."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.server import Server, refused_url
from tests.session.scripted import SETTINGS, HandClock, RoundPrices
from tests.waiting import until
from tests.wire import DONE, Fault, Reply, failure, finish, reasoning, says, silent, text, usage
from tui.core.conversation import Parameters
from tui.core.errors import ErrorKind
from tui.core.message import Status
from tui.core.models import ModelRef
from tui.core.settings import Endpoint
from tui.core.usage import Usage
from tui.provider.openai import OpenAIProvider
from tui.session.pace import Pace
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.store.library import Library
from tui.store.thread import LibraryThread

MODEL = ModelRef("server", "gpt-4o")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server() as server:
        yield server


@pytest.fixture
async def sessions(library: LibraryThread, server: Server, pace: Pace) -> AsyncIterator[Sessions]:
    provider = OpenAIProvider({})
    endpoints = (Endpoint("server", server.base_url), Endpoint("nobody", refused_url()))
    settings = replace(SETTINGS, endpoints=endpoints)
    yield Sessions(library, provider, RoundPrices(), settings, pace=pace)
    await provider.close()


async def begun(sessions: Sessions, model: ModelRef = MODEL) -> Turn:
    return await sessions.send(sessions.new(model), "Hello")


async def test_a_reply_from_first_to_last(
    sessions: Sessions, server: Server, elsewhere: Library
) -> None:
    server.script(says("Good ", "day.", thinks=["Hm."], usage=(9, 3)))
    reply = await (await begun(sessions)).run()
    assert (reply.text, reply.reasoning, reply.status) == ("Good day.", "Hm.", Status.COMPLETE)
    assert (reply.usage, reply.cost_usd) == (Usage(9, 3), 12.0)
    assert (reply.finish_reason, reply.request_id) == ("stop", "req_loopback")
    assert elsewhere.messages([reply.id]) == [reply]
    (request,) = server.requests
    assert request.streamed
    assert request.body["messages"] == [{"role": "user", "content": "Hello"}]


async def test_a_conversation_goes_along_whole(sessions: Sessions, server: Server) -> None:
    chat = sessions.new(MODEL, "Be brief.")
    for words in ("One", "Two"):
        await (await sessions.send(chat, words)).run()
    assert [message["content"] for message in server.requests[1].body["messages"]] == [
        "Be brief.",
        "One",
        "One",  # the server echoes
        "Two",
    ]


async def test_a_reply_in_one_piece(sessions: Sessions, server: Server, elsewhere: Library) -> None:
    server.script(says("Good ", "day.", usage=(9, 3)))
    chat = sessions.new(MODEL)
    await sessions.change(chat, parameters=Parameters(stream=False))
    reply = await (await sessions.send(chat, "Hello")).run()
    assert not server.requests[0].streamed
    assert (reply.text, reply.status, reply.usage) == ("Good day.", Status.COMPLETE, Usage(9, 3))
    assert elsewhere.messages([reply.id]) == [reply]


@pytest.mark.parametrize("begun_by", ["nothing", "a thought", "a word"])
async def test_the_server_sees_that_a_reply_was_stopped(
    sessions: Sessions, server: Server, elsewhere: Library, begun_by: str
) -> None:
    steps = {"nothing": [], "a thought": [reasoning("Hm.")], "a word": [text("Good ")]}[begun_by]
    server.script(Reply([*steps, asyncio.Event()]) if steps else silent())
    turn = await begun(sessions)
    running = asyncio.create_task(turn.run())
    await until(lambda: server.requests and (turn.text or turn.reasoning or not steps))
    turn.stop()
    reply = await running
    await until(server.requests[0].disconnected.is_set)
    assert reply.status is Status.STOPPED
    assert (reply.text, reply.reasoning) == (turn.text, turn.reasoning)
    assert elsewhere.messages([reply.id]) == [reply]


async def test_the_server_sees_that_a_task_was_cancelled(
    sessions: Sessions, server: Server, elsewhere: Library
) -> None:
    server.script(Reply([text("Good "), asyncio.Event()]))
    turn = await begun(sessions)
    running = asyncio.create_task(turn.run())
    await until(lambda: turn.text)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await until(server.requests[0].disconnected.is_set)
    assert elsewhere.messages([turn.reply.id])[0].text == "Good "


@pytest.mark.parametrize("fault", Fault)
async def test_a_break_mid_stream_keeps_the_partial_and_is_not_retried(
    sessions: Sessions, server: Server, elsewhere: Library, fault: Fault
) -> None:
    server.script(Reply([text("Good "), fault]))
    reply = await (await begun(sessions)).run()
    assert (reply.text, reply.status) == ("Good ", Status.FAILED)
    assert reply.error is not None
    assert reply.error.kind in (ErrorKind.BROKEN_STREAM, ErrorKind.NETWORK)
    assert len(server.requests) == 1
    assert elsewhere.messages([reply.id]) == [reply]


async def test_a_rate_limit_is_waited_out_in_sight(
    sessions: Sessions, server: Server, clock: HandClock
) -> None:
    server.script(failure(429, headers={"retry-after": "7"}), says("Good day."))
    turn = await begun(sessions)
    running = asyncio.create_task(turn.run())
    await until(lambda: "Trying again in 7 s" in turn.waiting)
    clock.advance(7)
    reply = await running
    assert (reply.text, reply.status, reply.error) == ("Good day.", Status.COMPLETE, None)
    assert len(server.requests) == 2


async def test_a_wait_for_a_rate_limit_can_be_stopped(sessions: Sessions, server: Server) -> None:
    server.script(failure(429, headers={"retry-after": "60"}))
    turn = await begun(sessions)
    running = asyncio.create_task(turn.run())
    await until(lambda: "60 s" in turn.waiting)
    turn.stop()
    reply = await running
    assert reply.status is Status.STOPPED
    assert reply.error is not None
    assert reply.error.kind is ErrorKind.RATE_LIMIT
    assert len(server.requests) == 1


async def test_money_that_is_out_is_not_waited_for(sessions: Sessions, server: Server) -> None:
    server.script(failure(429, code="insufficient_quota", headers={"retry-after": "0"}))
    reply = await (await begun(sessions)).run()
    assert reply.error is not None
    assert reply.error.kind is ErrorKind.QUOTA
    assert len(server.requests) == 1


async def test_a_server_that_is_not_there_is_told_at_once(
    sessions: Sessions, server: Server
) -> None:
    reply = await (await begun(sessions, ModelRef("nobody", "gpt-4o"))).run()
    assert reply.status is Status.FAILED
    assert reply.error is not None
    assert reply.error.kind is ErrorKind.REFUSED
    # And the same chat goes on once it is there.
    chat = await sessions.open(reply.conversation)
    await sessions.change(chat, endpoint="server")
    again = await (await sessions.retry(chat, reply.id)).run()
    assert (again.text, again.status) == ("Hello", Status.COMPLETE)


async def test_two_chats_at_once(sessions: Sessions, server: Server, elsewhere: Library) -> None:
    gates = [asyncio.Event(), asyncio.Event()]
    for number, gate in enumerate(gates):
        server.script(Reply([text(f"{number}a "), gate, text(f"{number}b"), finish(), DONE]))
    turns = [await begun(sessions) for _ in gates]
    running = [asyncio.create_task(turn.run()) for turn in turns]
    await until(lambda: all(turn.text for turn in turns))
    for gate in reversed(gates):
        gate.set()
    replies = [await task for task in running]
    assert sorted(reply.text for reply in replies) == ["0a 0b", "1a 1b"]
    assert elsewhere.messages([reply.id for reply in replies]) == replies


async def test_usage_that_comes_after_the_finish_is_counted(
    sessions: Sessions, server: Server
) -> None:
    server.script(Reply([text("Good day."), finish("length"), usage(9, 3, 4, 1), DONE]))
    reply = await (await begun(sessions)).run()
    assert reply.status is Status.TRUNCATED
    assert reply.usage == Usage(9, 3, cached_input=4, reasoning=1)
