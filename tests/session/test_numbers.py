"""What a reply took: tokens, money and time, each as told, estimated and marked so, or absent."""

from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest

from tests.session.scripted import MODEL, HandClock, RoundPrices, Scripted, says
from tests.waiting import until
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Attachment, Message, Role, Status
from tui.core.settings import Endpoint
from tui.core.usage import Usage
from tui.provider.base import (
    Event,
    Finished,
    Notice,
    Preparing,
    PromptMessage,
    ReasoningDelta,
    Started,
    TextDelta,
    UsageReport,
)
from tui.session.prompt import TOKENS_AROUND_MESSAGE, PromptSize, estimate_usage
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.store.library import Library


async def reply_to(sessions: Sessions, text: str = "Hello") -> Message:
    return await (await sessions.send(sessions.new(MODEL), text)).run()


def has_come_to(turn: Turn, revision: int) -> bool:
    return turn.revision >= revision


class TestUsage:
    async def test_as_the_endpoint_counted_it(
        self, sessions: Sessions, provider: Scripted, elsewhere: Library
    ) -> None:
        counted = Usage(9, 2, cached_input=4, reasoning=1)
        provider.script(TextDelta("Well."), UsageReport(counted), Finished("stop"))
        reply = await reply_to(sessions)
        assert reply.usage == counted
        assert elsewhere.messages([reply.id])[0].usage == counted

    async def test_the_last_report_holds(self, sessions: Sessions, provider: Scripted) -> None:
        """Some servers send one with every chunk."""
        reports = [UsageReport(Usage(9, n)) for n in (1, 2)]
        provider.script(TextDelta("a"), reports[0], TextDelta("b"), reports[1], Finished("stop"))
        assert (await reply_to(sessions)).usage == Usage(9, 2)

    async def test_estimated_where_nobody_counted(
        self, sessions: Sessions, provider: Scripted
    ) -> None:
        provider.script(ReasoningDelta("Hm, well"), TextDelta("Good day!"), Finished("stop"))
        usage = (await reply_to(sessions, "Hello")).usage
        prompt = TOKENS_AROUND_MESSAGE + 2
        assert usage == Usage(prompt, 3 + 2, reasoning=2, exact=False)

    async def test_estimated_for_what_there_is_of_a_reply_that_broke_off(
        self, sessions: Sessions, provider: Scripted
    ) -> None:
        provider.script(TextDelta("Good day!"), ChatError(ErrorKind.BROKEN_STREAM, "Broken."))
        usage = (await reply_to(sessions)).usage
        assert usage is not None
        assert (usage.output, usage.exact) == (3, False)

    async def test_absent_where_nothing_came(self, sessions: Sessions, provider: Scripted) -> None:
        provider.script(ChatError(ErrorKind.WRONG_KEY, "No."))
        reply = await reply_to(sessions)
        assert (reply.usage, reply.cost_usd) == (None, None)

    def test_files_that_go_along_count(self) -> None:
        notes = Attachment("notes.txt", "text/plain", 40, "x" * 40)
        picture = Attachment("moon.png", "image/png", 9_000_000)
        prompt = [PromptMessage(Role.USER, "Read", (notes, picture))]
        assert estimate_usage(PromptSize(prompt), "", "").input == TOKENS_AROUND_MESSAGE + 1 + 10


class TestCost:
    async def test_it_follows_the_usage(
        self, sessions: Sessions, provider: Scripted, prices: RoundPrices, elsewhere: Library
    ) -> None:
        provider.script(TextDelta("Well."), UsageReport(Usage(9, 2)), Finished("stop"))
        reply = await reply_to(sessions)
        assert reply.cost_usd == 11.0
        assert elsewhere.messages([reply.id])[0].cost_usd == 11.0
        assert elsewhere.spent(reply.conversation) == 11.0

    async def test_it_is_looked_up_off_the_event_loop(
        self, sessions: Sessions, prices: RoundPrices, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The first look-up loads a library, which takes a second."""
        threads: list[threading.Thread] = []

        def cost(_endpoint: Endpoint, _model: str, _usage: Usage) -> float | None:
            threads.append(threading.current_thread())
            return None

        monkeypatch.setattr(prices, "cost", cost)
        assert (await reply_to(sessions)).cost_usd is None
        assert threads
        assert threading.main_thread() not in threads


class TestTime:
    async def test_from_the_request_to_the_first_token_and_to_the_end(
        self, sessions: Sessions, provider: Scripted, clock: HandClock
    ) -> None:
        wire = provider.live()
        turn = await sessions.send(sessions.new(MODEL), "Hello")
        clock.advance(30)  # nobody asked yet
        running = asyncio.create_task(turn.run())
        await until(lambda: provider.asked)
        for pause, event in (
            (0.5, Started()),
            (0.25, TextDelta("a")),
            (1.0, TextDelta("b")),
            (0.125, Finished("stop")),
        ):
            clock.advance(pause)
            revision = turn.revision + 1
            wire.put_nowait(event)
            await until(partial(has_come_to, turn, revision))
        reply = await running
        assert (reply.first_token_ms, reply.total_ms) == (750, 1875)

    @pytest.mark.parametrize("first", [TextDelta("a"), ReasoningDelta("Hm")])
    async def test_a_thought_is_a_token_too(
        self, sessions: Sessions, provider: Scripted, clock: HandClock, first: Event
    ) -> None:
        gate = asyncio.Event()
        provider.script(Started(), gate, first, TextDelta("b"), Finished("stop"))
        turn = await sessions.send(sessions.new(MODEL), "Hello")
        running = asyncio.create_task(turn.run())
        await until(lambda: turn.revision)
        clock.advance(2)
        gate.set()
        assert (await running).first_token_ms == 2000

    async def test_getting_a_model_ready_is_not_the_model_s_time(
        self, sessions: Sessions, provider: Scripted, clock: HandClock
    ) -> None:
        loading, loaded, thinking = asyncio.Event(), asyncio.Event(), asyncio.Event()
        provider.script(
            Preparing("Downloading the model", 0.0),
            loading,
            Preparing("Loading the model"),
            loaded,
            Preparing("Asking it"),
            thinking,
            *says("Well."),
        )
        turn = await sessions.send(sessions.new(MODEL), "Hello")
        running = asyncio.create_task(turn.run())
        await until(lambda: turn.waiting == "Downloading the model 0%")
        clock.advance(600)
        loading.set()
        await until(lambda: turn.waiting == "Loading the model")
        clock.advance(60)
        loaded.set()
        await until(lambda: turn.waiting == "Asking it")
        clock.advance(2)
        thinking.set()
        reply = await running
        assert (reply.first_token_ms, reply.total_ms) == (2000, 2000)

    async def test_each_try_is_timed_anew(
        self, sessions: Sessions, provider: Scripted, clock: HandClock
    ) -> None:
        provider.script(ChatError(ErrorKind.SERVER, "Overloaded.", retry_after=1))
        gate = asyncio.Event()
        provider.script(Started(), gate, TextDelta("Well."), Finished("stop"))
        turn = await sessions.send(sessions.new(MODEL), "Hello")
        running = asyncio.create_task(turn.run())
        await until(lambda: turn.waiting)
        clock.advance(1)
        await until(lambda: len(provider.asked) == 2)
        clock.advance(0.25)
        gate.set()
        assert (await running).first_token_ms == 250

    async def test_no_token_no_time_to_it(self, sessions: Sessions, provider: Scripted) -> None:
        provider.script(ChatError(ErrorKind.WRONG_KEY, "No."))
        reply = await reply_to(sessions)
        assert (reply.first_token_ms, reply.total_ms) == (None, 0)


class TestReasoning:
    async def test_it_is_kept_beside_the_text(
        self, sessions: Sessions, provider: Scripted, elsewhere: Library
    ) -> None:
        provider.script(
            ReasoningDelta("Let me "), ReasoningDelta("see."), TextDelta("42"), Finished("stop")
        )
        reply = await reply_to(sessions)
        assert (reply.reasoning, reply.text) == ("Let me see.", "42")
        assert elsewhere.messages([reply.id]) == [reply]

    async def test_it_is_never_sent_back(self, sessions: Sessions, provider: Scripted) -> None:
        provider.script(ReasoningDelta("Hm."), TextDelta("42"), Finished("stop"))
        chat = sessions.new(MODEL)
        await (await sessions.send(chat, "What is it?")).run()
        await (await sessions.send(chat, "Why?")).run()
        assert provider.asked[1].prompt[1] == ("assistant", "42")

    async def test_how_long_it_thought(
        self, sessions: Sessions, provider: Scripted, clock: HandClock, elsewhere: Library
    ) -> None:
        wire = provider.live()
        turn = await sessions.send(sessions.new(MODEL), "What is it?")
        running = asyncio.create_task(turn.run())
        wire.put_nowait(ReasoningDelta("Hm."))
        await until(lambda: turn.reasoning)
        thought = [turn.reasoning_ms]
        clock.advance(4)
        wire.put_nowait(TextDelta("42"))
        await until(lambda: turn.text)
        thought.append(turn.reasoning_ms)
        clock.advance(4)
        wire.put_nowait(TextDelta("."))
        wire.put_nowait(Finished("stop"))
        reply = await running
        assert thought == [None, 4000]
        assert reply.reasoning_ms == 4000
        assert elsewhere.messages([reply.id])[0].reasoning_ms == 4000

    async def test_thoughts_alone_are_a_reply(self, sessions: Sessions, provider: Scripted) -> None:
        provider.script(ReasoningDelta("Hm."), Finished("length"))
        reply = await reply_to(sessions)
        assert (reply.status, reply.text, reply.reasoning) == (Status.TRUNCATED, "", "Hm.")


async def test_what_was_done_otherwise_than_asked_is_told(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    provider.script(Notice("Sent without temperature."), *says("Well."))
    reply = await reply_to(sessions)
    assert reply.notices == ("Sent without temperature.",)
    assert elsewhere.messages([reply.id])[0].notices == reply.notices
