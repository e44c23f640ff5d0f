"""A reply over a real connection: events in, the response closed however it ends."""

from __future__ import annotations

import asyncio
import gc
from contextlib import aclosing

import pytest

from tests.provider.asking import KEY, Asker
from tests.server import Server
from tests.waiting import until
from tests.wire import (
    DONE,
    REQUEST_ID,
    Fault,
    Reply,
    chunk,
    event,
    finish,
    page,
    says,
    text,
    usage,
)
from tui.core.conversation import Parameters
from tui.core.usage import Usage
from tui.provider import openai as module
from tui.provider.base import (
    Finished,
    ReasoningDelta,
    Started,
    TextDelta,
    UsageReport,
)


async def test_a_reply_as_it_comes(server: Server, ask: Asker) -> None:
    server.script(says("Hel", "lo", thinks=["Hm."], usage=(9, 2)))
    assert await ask.events() == [
        Started(REQUEST_ID),
        ReasoningDelta("Hm."),
        TextDelta("Hel"),
        TextDelta("lo"),
        UsageReport(Usage(9, 2)),
        Finished("stop"),
    ]


async def test_what_is_sent(server: Server, ask: Asker) -> None:
    await ask.events()
    (received,) = server.requests
    assert received.body == {
        "model": "gpt-4o",
        "messages": [{"role": "user", "content": "Hello"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert received.headers["authorization"] == f"Bearer {KEY}"


async def test_a_reply_in_one_piece(server: Server, ask: Asker) -> None:
    server.script(says("Hel", "lo", thinks=["Hm."], usage=(9, 2)))
    assert await ask.events(ask.request(parameters=Parameters(stream=False))) == [
        Started(REQUEST_ID),
        ReasoningDelta("Hm."),
        TextDelta("Hello"),
        UsageReport(Usage(9, 2)),
        Finished("stop"),
    ]
    assert server.requests[0].body["stream"] is False
    assert "stream_options" not in server.requests[0].body


async def test_each_delta_arrives_before_the_next_is_sent(server: Server, ask: Asker) -> None:
    gate = asyncio.Event()
    server.script(Reply([text("Hel"), gate, text("lo"), finish(), DONE]))
    async with aclosing(ask.provider.stream(ask.request())) as events:
        assert await anext(events) == Started(REQUEST_ID)
        assert await anext(events) == TextDelta("Hel")
        gate.set()
        assert await anext(events) == TextDelta("lo")


async def test_bytes_cut_anywhere_make_the_same_reply(server: Server, ask: Asker) -> None:
    server.script(says("Grüße 😀", "\r\n\u2028", split=1))
    deltas = [one for one in await ask.events() if isinstance(one, TextDelta)]
    assert deltas == [TextDelta("Grüße 😀"), TextDelta("\r\n\u2028")]


@pytest.mark.parametrize("end", [DONE, b"", Fault.CUT, Fault.RESET])
async def test_after_the_finish_reason_nothing_can_break(
    server: Server, ask: Asker, end: bytes | Fault
) -> None:
    server.script(Reply([text("Hello"), finish("length"), *([end] if end else [])]))
    assert (await ask.events())[-1] == Finished("length")


async def test_done_stands_in_for_a_finish_reason(server: Server, ask: Asker) -> None:
    server.script(Reply([text("Hello"), DONE]))
    assert (await ask.events())[-1] == Finished("stop")


async def test_a_server_that_stays_silent_after_the_end_is_not_waited_for(
    server: Server, ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AFTER_FINISH_SECONDS", 0.01)
    server.script(Reply([text("Hello"), finish(), asyncio.Event()]))
    server.script(Reply([text("Hello"), finish(), DONE, asyncio.Event()]))
    assert (await ask.events())[-1] == Finished("stop")
    assert (await ask.events())[-1] == Finished("stop")


async def test_usage_that_comes_in_every_chunk_or_after_the_finish(
    server: Server, ask: Asker
) -> None:
    every = [
        chunk(
            {"content": "a"},
            usage={"prompt_tokens": 3, "completion_tokens": count, "total_tokens": 3 + count},
        )
        for count in (1, 1, 2)
    ]
    server.script(Reply([*every, finish(), usage(3, 2, cached=1, thought=1), DONE]))
    reports = [one.usage for one in await ask.events() if isinstance(one, UsageReport)]
    assert reports == [Usage(3, 1), Usage(3, 2), Usage(3, 2, cached_input=1, reasoning=1)]


async def test_comments_keep_a_slow_server_alive(server: Server, ask: Asker) -> None:
    server.script(Reply([b": OPENROUTER PROCESSING\n\n", text("Hi"), finish(), DONE]))
    assert TextDelta("Hi") in await ask.events()


async def test_a_server_that_does_not_stream_still_answers(server: Server, ask: Asker) -> None:
    whole = '{"choices": [{"message": {"content": "Hello"}, "finish_reason": "stop"}]}'
    server.script(page(whole, "application/json"))
    assert (await ask.events())[1:] == [TextDelta("Hello"), Finished("stop")]


async def test_a_server_that_streams_unasked_is_understood(server: Server, ask: Asker) -> None:
    server.script(Reply([text("Hello"), finish(), DONE]))
    events = await ask.events(ask.request(parameters=Parameters(stream=False)))
    assert events[1:] == [TextDelta("Hello"), Finished("stop")]


async def test_events_without_their_content_type_are_understood(server: Server, ask: Asker) -> None:
    server.script(Reply([text("Hello"), finish(), DONE], content_type="text/plain"))
    assert (await ask.events())[1:] == [TextDelta("Hello"), Finished("stop")]


async def test_a_connection_is_used_again(server: Server, ask: Asker) -> None:
    for _ in range(3):
        await ask.events()
    assert server.connections == 1


async def test_endpoints_at_once_do_not_wait_for_each_other(server: Server, ask: Asker) -> None:
    gate = asyncio.Event()
    server.script(Reply([text("first"), gate, finish(), DONE]), says("second"))
    first = asyncio.create_task(ask.events())
    await until(lambda: len(server.requests) == 1)
    assert TextDelta("second") in await ask.events()
    gate.set()
    assert TextDelta("first") in await first


# --- stopping -------------------------------------------------------------------------------


async def test_cancelling_the_reader_closes_the_connection(server: Server, ask: Asker) -> None:
    server.script(Reply([text("Hel"), asyncio.Event()]))
    seen: list[object] = []

    async def read() -> None:
        async with aclosing(ask.provider.stream(ask.request())) as events:
            while True:
                seen.append(await anext(events))

    reading = asyncio.create_task(read())
    await until(lambda: TextDelta("Hel") in seen)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await until(server.requests[0].disconnected.is_set)


async def test_cancelling_before_the_headers_closes_it_too(server: Server, ask: Asker) -> None:
    server.script(Reply([text("Hel")], hold=asyncio.Event()))
    reading = asyncio.create_task(ask.events())
    await until(lambda: server.requests)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await until(server.requests[0].disconnected.is_set)


async def test_closing_the_iterator_closes_the_connection(server: Server, ask: Asker) -> None:
    server.script(Reply([text("Hel"), asyncio.Event()]))
    events = ask.provider.stream(ask.request())
    while await anext(events) != TextDelta("Hel"):
        pass
    await events.aclose()
    await until(server.requests[0].disconnected.is_set)
    gc.collect()  # what is left of the inner iterators must not complain


async def test_after_a_stop_the_next_request_goes_well(server: Server, ask: Asker) -> None:
    server.script(Reply([text("Hel"), asyncio.Event()]), says("Hello"))
    events = ask.provider.stream(ask.request())
    await anext(events)
    await events.aclose()
    assert TextDelta("Hello") in await ask.events()


async def test_events_named_otherwise_are_read_all_the_same(server: Server, ask: Asker) -> None:
    server.script(Reply([event({"choices": [{"delta": {"content": "x"}}]}, "chunk"), DONE]))
    assert (await ask.events())[1:] == [TextDelta("x"), Finished("stop")]
