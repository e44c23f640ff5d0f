"""The tour over the wire: the real provider talks to the guide as to any endpoint."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import pytest

from tests.waiting import until
from tui.core.conversation import Parameters
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Attachment, Role
from tui.core.usage import Usage
from tui.provider.base import Event, Finished, PromptMessage, Request, TextDelta, UsageReport
from tui.provider.demo import DemoProvider, demo_endpoint
from tui.provider.demo.guide import answer
from tui.provider.demo.server import GuideServer
from tui.provider.openai import OpenAIProvider

HI = (PromptMessage(Role.USER, "hi there"),)
WELCOME = answer([(Role.USER, "hi there")], 0)


@dataclass
class Tour:
    """The guide and the way to it; it speaks at once where a test does not look at its pace."""

    server: GuideServer = field(default_factory=lambda: GuideServer(words_a_second=1e6))
    keys: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wire = OpenAIProvider(self.keys)
        self.provider = DemoProvider(self.wire, self.keys, self.server)

    def request(self, parameters: Parameters = Parameters()) -> Request:
        return Request(demo_endpoint(), "guide", HI, parameters)

    async def ask(self, request: Request) -> list[Event]:
        async with aclosing(self.provider.stream(request)) as stream:
            return [event async for event in stream]

    async def close(self) -> None:
        await self.provider.close()
        await self.wire.close()


@pytest.fixture
async def tour() -> AsyncIterator[Tour]:
    tour = Tour()
    yield tour
    await tour.close()


def text(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def test_the_guide_streams_its_words_and_counts_them(tour: Tour) -> None:
    events = await tour.ask(tour.request())
    assert text(events) == WELCOME
    assert events[-1] == Finished("stop")
    words = len(WELCOME.split())
    assert UsageReport(Usage(input=2, output=words)) in events
    assert sum(isinstance(event, TextDelta) for event in events) == words


async def test_in_one_piece_it_says_the_same(tour: Tour) -> None:
    events = await tour.ask(tour.request(Parameters(stream=False)))
    assert text(events) == WELCOME
    assert UsageReport(Usage(input=2, output=len(WELCOME.split()))) in events


async def test_asked_for_less_it_is_cut_short(tour: Tour) -> None:
    events = await tour.ask(tour.request(Parameters(max_tokens=5)))
    assert text(events).split() == WELCOME.split()[:5]
    assert events[-1] == Finished("length")


async def test_the_same_chat_asked_again_is_answered_differently(tour: Tour) -> None:
    first, second, third = [text(await tour.ask(tour.request())) for _ in range(3)]
    assert first != second
    assert first == third


async def test_instructions_and_attachments_do_not_confuse_it(tour: Tour) -> None:
    messages = (
        PromptMessage(Role.SYSTEM, "Be brief."),
        PromptMessage(Role.USER, "hi", (Attachment("a.txt", "text/plain", 3, "abc"),)),
        PromptMessage(Role.ASSISTANT, WELCOME),
        PromptMessage(Role.USER, "next"),
    )
    events = await tour.ask(replace(tour.request(), messages=messages))
    assert text(events).startswith("## 2 of ")


async def test_chats_at_the_same_time_share_one_guide(tour: Tour) -> None:
    replies = await asyncio.gather(*(tour.ask(tour.request()) for _ in range(5)))
    assert all(events[-1] == Finished("stop") for events in replies)


async def test_a_reply_that_is_stopped_ends_the_guides_speech(tour: Tour) -> None:
    slow = GuideServer(words_a_second=100)
    tour.provider = DemoProvider(tour.wire, tour.keys, slow)
    async with aclosing(tour.provider.stream(tour.request())) as stream:
        async for event in stream:
            if isinstance(event, TextDelta):
                break
    await until(lambda: not slow._guests)
    await tour.provider.close()


async def test_nobody_else_gets_an_answer(tour: Tour) -> None:
    await tour.ask(tour.request())
    tour.keys.update(dict.fromkeys(tour.keys, "guessed"))
    with pytest.raises(ChatError) as failure:
        await tour.ask(tour.request())
    assert failure.value.kind is ErrorKind.WRONG_KEY


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/models", b"", 200),
        ("GET", "/", b"", 404),
        ("POST", "/v1/chat/completions", b"{", 400),
        ("POST", "/v1/chat/completions", b'{"messages": [3]}', 400),
        ("POST", "/v1/chat/completions", b'{"messages": [{"role": "user"}]}', 200),
    ],
)
async def test_the_wire_is_spoken_properly(
    tour: Tour, method: str, path: str, body: bytes, status: int
) -> None:
    await tour.server.start()
    answered, content = await _http(tour.server, method, path, body)
    assert answered == status
    assert isinstance(json.loads(content), dict)


async def test_what_is_no_request_is_refused_and_hung_up_on(tour: Tour) -> None:
    await tour.server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", tour.server.port)
    writer.write(b"hello\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
    writer.close()


async def test_its_models_are_known_before_it_listens(tour: Tour) -> None:
    assert await tour.provider.models(demo_endpoint()) == ("guide",)
    assert tour.server.port == 0


async def test_closing_forgets_the_key(tour: Tour) -> None:
    await tour.ask(tour.request())
    assert tour.server.key in tour.keys.values()
    await tour.provider.close()
    assert not tour.keys


async def _http(server: GuideServer, method: str, path: str, body: bytes) -> tuple[int, bytes]:
    """Status and body of one answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = f"{method} {path} HTTP/1.1\r\nAuthorization: Bearer {server.key}\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    answer = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = next(line for line in answer.split("\r\n") if line.startswith("Content-Length"))
    content = await reader.readexactly(int(length.split(": ")[1]))
    writer.close()
    return int(answer.split()[1]), content
