"""What goes wrong: said where the reply would stand, with what to do; nothing typed is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.server import Server, refused_url
from tests.session.scripted import HandClock
from tests.ui.app.chatting import KEY, Chinwag, chinwag
from tests.wire import DONE, Fault, Reply, event, failure, page, says, text
from tui.core.errors import ErrorKind
from tui.core.message import Status
from tui.session.pace import Pace

LIMITED = failure(429, "Rate limit reached.", headers={"retry-after": "7"})


class Hurried(HandClock):
    """A clock on which no wait takes any time."""

    @property
    def pace(self) -> Pace:
        return Pace(self, self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        await asyncio.sleep(0.001)


async def failed(chat: Chinwag, kind: ErrorKind, *words: str) -> None:
    """Ask; the reply fails in that way and says so, the question stays, and retrying is offered."""
    reply = await chat.ask("my question")
    assert reply.error is not None
    assert (reply.status, reply.error.kind) == (Status.FAILED, kind)
    await chat.shows("You", "my question", *words, "Retry", "Other model")
    assert KEY not in chat.seen


async def retried(chat: Chinwag, server: Server) -> None:
    """One key asks again: the whole reply comes beside the failed one."""
    server.script(says("all is well"))
    await chat.press("ctrl+r")
    await chat.shows("all is well", "2/2")
    assert chat.replies[-1].status is Status.COMPLETE
    assert server.requests[-1].prompt == "my question"


async def test_no_key(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server, key="") as chat:
        await failed(chat, ErrorKind.NO_KEY, "OPENAI_API_KEY is not set", "chinwag --local")
        assert not server.requests


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (failure(401, f"Wrong: {KEY}"), ErrorKind.WRONG_KEY, "refused the key in OPENAI_API_KEY"),
        (failure(403, "Not you."), ErrorKind.FORBIDDEN, "does not allow this key to use gpt-4o"),
        (failure(400, "Odd."), ErrorKind.BAD_REQUEST, "did not accept the request (status 400)"),
        (failure(404, "Hm."), ErrorKind.CONFIG, "has no chat at 127.0.0.1"),
        (
            failure(400, "Too long.", code="context_length_exceeded"),
            ErrorKind.CONTEXT_LENGTH,
            "The conversation is too long for gpt-4o",
        ),
        (
            failure(429, "No money.", code="insufficient_quota"),
            ErrorKind.QUOTA,
            "quota or credit is used up",
        ),
        (page("<html>Sign in</html>"), ErrorKind.BAD_RESPONSE, "answered with a web page"),
        (
            Reply([event({"error": {"message": "Overloaded."}}), DONE]),
            ErrorKind.SERVER,
            "Overloaded.",
        ),
    ],
    ids=["wrong-key", "forbidden", "4xx", "404", "too-long", "quota", "web-page", "error-event"],
)
async def test_a_refusal_says_what_to_do_and_one_key_asks_again(
    tmp_path: Path, server: Server, reply: Reply, kind: ErrorKind, words: str
) -> None:
    server.answer = lambda _: reply
    async with chinwag(tmp_path, server, pace=Hurried().pace) as chat:
        await failed(chat, kind, words)
        await retried(chat, server)


@pytest.mark.parametrize(
    "reply",
    [failure(401), failure(400), failure(429, code="insufficient_quota")],
    ids=["wrong-key", "4xx", "quota"],
)
async def test_what_does_not_pass_by_itself_is_not_tried_again(
    tmp_path: Path, server: Server, reply: Reply
) -> None:
    server.answer = lambda _: reply
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        assert len(server.requests) == 1


async def test_a_server_that_is_not_there(tmp_path: Path, server: Server) -> None:
    config = f'[[endpoints]]\nname = "down"\nbase_url = "{refused_url()}"'
    async with chinwag(tmp_path, server, config=config, model="down/some-model") as chat:
        await failed(chat, ErrorKind.REFUSED, "Nothing answers at 127.0.0.1", "Start the server")
        await chat.send("/model gpt-4o")
        await chat.until(lambda: chat.screen.model.model == "gpt-4o")
        await retried(chat, server)


async def test_a_server_that_stays_silent(tmp_path: Path, server: Server) -> None:
    config = f'[[endpoints]]\nname = "mute"\nbase_url = "{server.base_url}"\ntimeout = 1'
    async with chinwag(tmp_path, server, config=config, model="mute/silent") as chat:
        await chat.send("my question")
        await chat.shows("waiting for the first token")
        await chat.until(lambda: chat.replies and not chat.sessions.turns)
        await chat.shows("sent nothing for 1 s", "raise its timeout")
        await retried(chat, server)


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.RESET, Fault.CLOSE])
async def test_a_break_in_the_middle_keeps_what_came_and_is_not_tried_again(
    tmp_path: Path, server: Server, fault: Fault
) -> None:
    server.script(Reply([text("so far "), fault]))
    async with chinwag(tmp_path, server) as chat:
        await failed(chat, ErrorKind.BROKEN_STREAM, "so far", "in the middle of the reply")
        assert chat.replies[-1].text == "so far "
        assert len(server.requests) == 1
        await retried(chat, server)
        chat.screen.transcript.focus()
        await chat.press("<")
        await chat.shows("so far", "1/2")  # it is there still


async def test_a_server_s_failure_is_tried_three_times_in_all(
    tmp_path: Path, server: Server
) -> None:
    server.answer = lambda _: failure(503, "Busy.")
    async with chinwag(tmp_path, server, pace=Hurried().pace) as chat:
        await failed(chat, ErrorKind.SERVER, "had a problem of its own (status 503)")
        assert len(server.requests) == 3
        await retried(chat, server)


class TestARateLimit:
    """Waited out as the server asks, in sight."""

    async def test_the_wait_counts_down_and_the_reply_comes(
        self, tmp_path: Path, server: Server
    ) -> None:
        clock = HandClock()
        server.script(LIMITED)
        async with chinwag(tmp_path, server, pace=Pace(clock, clock.sleep)) as chat:
            await chat.send("hi")
            await chat.shows("Too many requests. Trying again in 7 s", "Esc Stop")
            for left in (6, 5):
                clock.advance(1.0)
                await chat.shows(f"Trying again in {left} s")
            assert len(server.requests) == 1
            for _ in range(5):
                clock.advance(1.0)
                await chat.pilot.pause()
            await chat.until(lambda: chat.replies[-1].status is Status.COMPLETE)
            await chat.until(lambda: "Too many requests" not in chat.seen)
            assert len(server.requests) == 2

    async def test_escape_ends_the_wait_and_says_why_there_is_no_reply(
        self, tmp_path: Path, server: Server
    ) -> None:
        clock = HandClock()
        server.script(LIMITED)
        async with chinwag(tmp_path, server, pace=Pace(clock, clock.sleep)) as chat:
            await chat.send("my question")
            await chat.shows("Trying again in 7 s")
            await chat.press("escape")
            await chat.shows("stopped", "gets too many requests at once", "Retry")
            assert len(server.requests) == 1
            await retried(chat, server)

    async def test_three_tries_and_no_more(self, tmp_path: Path, server: Server) -> None:
        server.answer = lambda _: LIMITED
        async with chinwag(tmp_path, server, pace=Hurried().pace) as chat:
            await failed(chat, ErrorKind.RATE_LIMIT, "too many requests at once")
            assert len(server.requests) == 3

    async def test_a_wait_that_is_too_long_is_said_instead(
        self, tmp_path: Path, server: Server
    ) -> None:
        server.script(failure(429, "Come back tomorrow.", headers={"retry-after": "86400"}))
        async with chinwag(tmp_path, server) as chat:
            await failed(chat, ErrorKind.RATE_LIMIT, "Come back tomorrow.")
            assert len(server.requests) == 1


async def test_the_retry_chip_does_what_the_key_does(tmp_path: Path, server: Server) -> None:
    server.script(failure(400))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("my question")
        server.script(says("all is well"))
        await chat.click("Retry")
        await chat.shows("all is well", "2/2")


async def test_the_next_question_can_be_asked_after_a_failure(
    tmp_path: Path, server: Server
) -> None:
    server.script(failure(400))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("one")
        await chat.ask("two")
        messages = server.requests[-1].body["messages"]
        assert [message["content"] for message in messages] == ["one", "two"]


async def test_an_error_is_still_there_after_a_restart(tmp_path: Path, server: Server) -> None:
    server.script(failure(400, "Odd."))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
    async with chinwag(tmp_path, server) as chat:
        await chat.screen.open_chat(chat.rows[0].id)
        await chat.shows("did not accept the request", "Odd.", "Retry")
