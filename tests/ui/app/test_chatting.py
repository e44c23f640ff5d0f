"""Chatting: a message goes out, tokens come in, and the screen follows."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.geometry import Region

from tests.server import Server
from tests.ui.app.chatting import KEY, chinwag
from tests.wire import DONE, Reply, chunk, event, finish, reasoning, says, text, usage
from tui.core.message import Status
from tui.ui.conversation_screen import ConversationScreen


async def test_a_message_is_answered_and_both_stay_on_screen(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        reply = await chat.ask("hello there")
        assert (reply.text, reply.status) == ("hello there", Status.COMPLETE)
        assert chat.typed == ""
        await chat.shows("You", "hello there", "gpt-4o")
        assert server.requests[0].body["stream"] is True
        assert server.requests[0].body["stream_options"] == {"include_usage": True}
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_tokens_are_seen_as_they_arrive(tmp_path: Path, server: Server) -> None:
    more = asyncio.Event()
    server.script(Reply([text("first "), more, text("second"), finish(), usage(3, 2), DONE]))
    async with chinwag(tmp_path, server) as chat:
        await chat.send("hi")
        await chat.shows("first", "Esc Stop")
        assert "second" not in chat.seen
        more.set()
        await chat.shows("first second", "Enter Send")


async def test_what_arrived_before_a_frame_is_shown_by_it(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames: list[tuple[str, str]] = []  # what had arrived before each, and what it left to paint
    tick = ConversationScreen._frame

    def counted(self: ConversationScreen) -> None:
        arrived = "" if self.view.turn is None else self.view.turn.text
        tick(self)
        pane = self.transcript
        rows = pane.render_lines(Region(0, 0, *pane.size))
        frames.append((arrived.strip(), "\n".join(row.text for row in rows)))

    monkeypatch.setattr(ConversationScreen, "_frame", counted)
    more = [asyncio.Event() for _ in range(5)]
    parts = [part for n, gate in enumerate(more) for part in (text(f"w{n} "), gate)]
    server.script(Reply([*parts, text("end"), finish(), DONE]))
    async with chinwag(tmp_path, server) as chat:
        await chat.send("hi")
        for n, gate in enumerate(more):
            await chat.shows(f"w{n}")
            gate.set()
        await chat.shows("w0 w1 w2 w3 w4 end")
    assert {arrived for arrived, _ in frames} >= {"w0", "w0 w1", "w0 w1 w2"}
    assert all(arrived in shown for arrived, shown in frames)


async def test_typing_goes_on_while_a_reply_streams(tmp_path: Path, server: Server) -> None:
    more = asyncio.Event()
    server.script(Reply([text("first "), more, text("second"), finish(), DONE]))
    async with chinwag(tmp_path, server) as chat:
        await chat.send("hi")
        await chat.shows("first")
        await chat.type("my next question")
        await chat.press("enter")
        await chat.shows("Esc stops it")
        assert chat.typed == "my next question"  # kept: one reply at a time on a branch
        more.set()
        await chat.shows("first second")
        await chat.until(lambda: not chat.sessions.turns)
        await chat.press("enter")
        await chat.until(lambda: len(server.requests) == 2)
        assert server.requests[1].prompt == "my next question"


async def test_escape_stops_at_once_and_keeps_what_came(tmp_path: Path, server: Server) -> None:
    server.script(Reply([text("half a "), asyncio.Event()]))
    async with chinwag(tmp_path, server) as chat:
        await chat.send("hi")
        await chat.shows("half a")
        await chat.press("escape")
        await chat.until(server.requests[0].disconnected.is_set)
        await chat.shows("half a", "stopped")
        assert chat.replies[-1].status is Status.STOPPED
        assert chat.replies[-1].text == "half a "


async def test_enter_sends_and_ctrl_j_is_a_newline(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("one\ntwo")
        assert server.requests[0].prompt == "one\ntwo"


@pytest.mark.parametrize("keys", [("enter",), ("space", "enter"), ("ctrl+j", "space", "enter")])
async def test_an_empty_message_is_not_sent(
    tmp_path: Path, server: Server, keys: tuple[str, ...]
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.press(*keys)
        await chat.pilot.pause()
        assert not server.requests
        assert not chat.branch


async def test_a_blank_reply_is_shown_as_such(tmp_path: Path, server: Server) -> None:
    server.script(says(usage=(3, 0)))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.shows("the reply was empty")


async def test_odd_deltas_are_taken_as_they_are(tmp_path: Path, server: Server) -> None:
    server.script(
        Reply(
            [
                chunk(choices=[]),
                chunk({"role": "assistant", "content": None}),
                reasoning("let me think"),
                text("fine"),
                chunk({"refusal": None}),
                finish(),
                usage(10, 5, thought=3),
                DONE,
            ]
        )
    )
    async with chinwag(tmp_path, server) as chat:
        reply = await chat.ask("hi")
        assert (reply.text, reply.reasoning) == ("fine", "let me think")
        await chat.shows("Thought", "fine")


async def test_reasoning_is_folded_and_opens(tmp_path: Path, server: Server) -> None:
    server.script(Reply([reasoning("a deep thought"), text("short"), finish(), DONE]))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        assert "a deep thought" not in chat.seen
        chat.screen.transcript.focus()
        await chat.press("z")
        await chat.shows("a deep thought")


async def test_without_streaming_the_same_screen_and_the_same_saving(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server, config="[parameters]\nstream = false") as chat:
        reply = await chat.ask("all at once")
        assert server.requests[0].body.get("stream") in (None, False)
        assert (reply.text, reply.status) == ("all at once", Status.COMPLETE)
        await chat.shows("all at once", "in one piece")


async def test_several_chats_stream_at_once_and_leaving_one_interrupts_nothing(
    tmp_path: Path, server: Server
) -> None:
    gates = [asyncio.Event(), asyncio.Event()]
    for name, gate in zip(("alpha", "beta"), gates, strict=True):
        server.script(Reply([text(f"{name} one "), gate, text(f"{name} two"), finish(), DONE]))
    async with chinwag(tmp_path, server) as chat:
        await chat.send("a")
        await chat.shows("alpha one")
        await chat.press("ctrl+n")
        await chat.until(lambda: not chat.branch)
        await chat.send("b")
        await chat.shows("beta one")
        assert len(chat.sessions.turns) == 2
        gates[0].set()  # the one nobody looks at
        await chat.until(lambda: len(chat.sessions.turns) == 1)
        gates[1].set()
        await chat.shows("beta one beta two")
        await chat.until(lambda: not chat.sessions.turns)
        row = next(row for row in chat.rows if row.title == "a")
        await chat.until(lambda: any(r.unread for r in chat.rows))
        await chat.screen.open_chat(row.id)
        await chat.shows("alpha one alpha two")
        await chat.until(lambda: not any(r.unread for r in chat.rows))


async def test_a_reply_nobody_looked_at_streams_on_into_the_view_that_comes_back(
    tmp_path: Path, server: Server
) -> None:
    more = asyncio.Event()
    server.script(Reply([text("begun "), more, text("and ended"), finish(), DONE]))
    async with chinwag(tmp_path, server) as chat:
        await chat.send("a")
        await chat.shows("begun")
        first = chat.screen.chat.id
        await chat.press("ctrl+n")
        await chat.until(lambda: not chat.branch)
        await chat.screen.open_chat(first)
        await chat.shows("begun", "Esc Stop")
        more.set()
        await chat.shows("begun and ended", "Enter Send")


async def test_text_from_outside_never_acts(tmp_path: Path, server: Server) -> None:
    evil = "[bold red]x[/] \x1b[2J\x1b]52;c;aGk=\x07 \u202eabc [@click=app.quit]q[/]"
    server.script(says(evil))
    async with chinwag(tmp_path, server) as chat:
        reply = await chat.ask("hi")
        assert reply.text == evil  # copying gives the original
        await chat.shows("[bold red]x[/]", "␛[2J", "[@click=app.quit]q[/]")
        assert "\x1b" not in chat.seen
        assert "\u202e" not in chat.seen


async def test_a_raw_event_that_is_no_json_keeps_the_partial(
    tmp_path: Path, server: Server
) -> None:
    server.script(Reply([text("so far "), event("{nonsense")]))
    async with chinwag(tmp_path, server) as chat:
        reply = await chat.ask("hi")
        assert (reply.text, reply.status) == ("so far ", Status.FAILED)
        await chat.shows("so far", "Retry")


async def test_a_burst_of_keys_acts_in_the_order_it_was_typed(
    tmp_path: Path, server: Server
) -> None:
    """A terminal hands over a whole line at once when the machine was busy."""
    async with chinwag(tmp_path, server) as chat:
        composer = chat.screen.writer.composer
        chat.burst(*"one", "ctrl+j", *"two", "enter", *"more")
        await chat.until(lambda: server.requests)
        assert server.requests[0].prompt == "one\ntwo"
        await chat.until(lambda: composer.text == "more")
