"""Sending a request again by itself: when, how often, and what is seen meanwhile."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from tests.session.journal import Journal
from tests.session.scripted import MODEL, HandClock, Scripted, says
from tests.waiting import until
from tui.core.errors import ChatError, ErrorInfo, ErrorKind
from tui.core.message import Status
from tui.provider.base import Notice, Preparing, ReasoningDelta, Started, TextDelta
from tui.session.retrying import LONGEST_WAIT, TRIES, countdown, wait_before_next
from tui.session.sessions import Sessions
from tui.session.turn import Turn

PASSING = (ErrorKind.RATE_LIMIT, ErrorKind.SERVER, ErrorKind.NETWORK)


def error(kind: ErrorKind = ErrorKind.SERVER, retry_after: float | None = None) -> ChatError:
    return ChatError(kind, "It failed.", retry_after=retry_after, request_id="req_failed")


def says_now(turn: Turn, waiting: str) -> bool:
    return turn.waiting == waiting


class TestTheRules:
    @pytest.mark.parametrize("kind", ErrorKind)
    def test_only_what_may_pass_by_itself(self, kind: ErrorKind) -> None:
        """Not money that is out, and not a server that nobody started."""
        assert (wait_before_next(error(kind), 1) is not None) == (kind in PASSING)

    @pytest.mark.parametrize("kind", PASSING)
    def test_nor_what_lasts_though_its_kind_passes(self, kind: ErrorKind) -> None:
        """A certificate that nobody trusts is none in four seconds either."""
        assert wait_before_next(ChatError(kind, "It failed.", lasting=True), 1) is None

    def test_three_tries_in_all_each_after_a_longer_wait(self) -> None:
        assert [wait_before_next(error(), tries) for tries in (1, 2, 3)] == [1.0, 2.0, None]
        assert TRIES == 3

    def test_the_server_says_how_long(self) -> None:
        assert wait_before_next(error(retry_after=7.5), 1) == 7.5
        assert wait_before_next(error(retry_after=0), 2) == 0

    def test_a_wait_too_long_is_told_instead(self) -> None:
        assert wait_before_next(error(retry_after=LONGEST_WAIT), 1) == LONGEST_WAIT
        assert wait_before_next(error(retry_after=LONGEST_WAIT + 1), 1) is None

    def test_what_is_said_meanwhile(self) -> None:
        said = "Too many requests. Trying again in 8 s"
        assert countdown(error(ErrorKind.RATE_LIMIT), 7.6) == said
        assert "in 1 s" in countdown(error(ErrorKind.SERVER), 0.2)


async def test_it_waits_as_the_server_says_and_counts_the_seconds(
    sessions: Sessions, provider: Scripted, clock: HandClock
) -> None:
    limited = error(ErrorKind.RATE_LIMIT, retry_after=3)
    provider.script(limited)
    provider.script(*says("Here I am."))
    turn = await sessions.send(sessions.new(MODEL), "Hello")
    seen: list[str] = []
    turn.observers.append(lambda turn: seen.append(turn.waiting))
    running = asyncio.create_task(turn.run())
    said = [countdown(limited, left) for left in (3, 2, 1)]
    for text in said:
        await until(partial(says_now, turn, text))
        assert len(provider.asked) == 1
        clock.advance(1)
    reply = await running
    assert (reply.status, reply.text, reply.error) == (Status.COMPLETE, "Here I am.", None)
    assert len(provider.asked) == 2
    assert [text for text in seen if text] == said


async def test_after_three_tries_the_failure_is_the_reply_s(
    sessions: Sessions, provider: Scripted, journal: Journal
) -> None:
    limited = error(ErrorKind.RATE_LIMIT, retry_after=0)
    provider.script(Started("req_first"), limited)
    provider.script(limited)
    provider.script(limited)
    reply = await (await sessions.send(sessions.new(MODEL), "Hello")).run()
    assert len(provider.asked) == 3
    assert journal.ends(reply.id) == [(Status.FAILED, "")]
    assert reply.error == ErrorInfo(ErrorKind.RATE_LIMIT, "It failed.")
    assert reply.request_id == "req_failed"


@pytest.mark.parametrize(
    "kind", [ErrorKind.QUOTA, ErrorKind.REFUSED, ErrorKind.WRONG_KEY, ErrorKind.TIMEOUT]
)
async def test_what_does_not_pass_is_told_at_once(
    sessions: Sessions, provider: Scripted, kind: ErrorKind
) -> None:
    provider.script(error(kind, retry_after=0))
    reply = await (await sessions.send(sessions.new(MODEL), "Hello")).run()
    assert len(provider.asked) == 1
    assert (reply.status, reply.error) == (Status.FAILED, ErrorInfo(kind, "It failed."))


@pytest.mark.parametrize("delta", [TextDelta("Wel"), ReasoningDelta("Hm")])
async def test_never_after_a_token(
    sessions: Sessions, provider: Scripted, delta: TextDelta | ReasoningDelta
) -> None:
    provider.script(Started(), delta, error(ErrorKind.NETWORK, retry_after=0))
    turn = await sessions.send(sessions.new(MODEL), "Hello")
    reply = await turn.run()
    assert len(provider.asked) == 1
    assert reply.status is Status.FAILED
    assert delta.text in (reply.text, reply.reasoning)


async def test_after_headers_and_preparations_it_is_still_allowed(
    sessions: Sessions, provider: Scripted
) -> None:
    provider.script(
        Preparing("Loading"), Notice("Without temperature."), Started("req_1"), error(retry_after=0)
    )
    provider.script(Notice("Without temperature."), *says("Well."))
    reply = await (await sessions.send(sessions.new(MODEL), "Hello")).run()
    assert reply.status is Status.COMPLETE
    # What is told of the request is told of the one that was answered, once.
    assert reply.notices == ("Without temperature.",)
    assert reply.request_id == "req_scripted"


async def test_each_try_sends_the_same(sessions: Sessions, provider: Scripted) -> None:
    provider.script(error(retry_after=0))
    await (await sessions.send(sessions.new(MODEL), "Hello")).run()
    first, second = provider.asked
    assert first.request == second.request
    assert first.left.is_set()
