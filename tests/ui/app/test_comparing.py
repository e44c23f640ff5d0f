"""One message to several models, side by side: each stops and fails alone, and one is picked."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.server import Server
from tests.ui.app.chatting import Chinwag, chinwag
from tests.wire import DONE, Reply, failure, finish, says, text
from tui.core.message import Status, utc_now
from tui.store.library import Library
from tui.ui.compare_column import ColumnHead
from tui.ui.compare_screen import CompareScreen
from tui.ui.model_picker import ModelPicker

WIDE = (200, 40)


def comparison(chat: Chinwag) -> CompareScreen:
    screen = chat.app.screen
    assert isinstance(screen, CompareScreen)
    return screen


def held(said: str) -> tuple[Reply, asyncio.Event]:
    """A reply that begins, and ends once it is let go."""
    go = asyncio.Event()
    return Reply([text(said), go, text(" and the end"), finish(), DONE]), go


async def compares(chat: Chinwag, command: str) -> CompareScreen:
    chat.screen.writer.composer.put(command)
    await chat.press("enter")
    await chat.until(lambda: isinstance(chat.app.screen, CompareScreen))
    return comparison(chat)


async def click_word(chat: Chinwag, number: int) -> None:
    """Click `Stop` or `Pick` at the end of a heading."""
    head = list(comparison(chat).query(ColumnHead))[number - 1]
    await chat.pilot.click(head, offset=(head.size.width, 0))


async def back_in_the_chat(chat: Chinwag) -> None:
    await chat.until(lambda: chat.app.screen is chat.screen)


def line_with(chat: Chinwag, words: str) -> str:
    return next((line for line in chat.seen.split("\n") if words in line), "")


async def test_two_models_answer_side_by_side_and_the_chat_goes_on_from_one(
    tmp_path: Path, server: Server
) -> None:
    server.script(says("first"), says("second"))
    async with chinwag(tmp_path, server) as chat:
        await compares(chat, "/compare gpt-4o gpt-4o-mini -- hi")
        await chat.until(lambda: not chat.sessions.turns)
        await chat.shows("first", "second")
        assert "2 gpt-4o-mini" in line_with(chat, "1 gpt-4o")  # beside each other
        # Right under the headings, which tell who speaks and what it came to.
        lines = chat.seen.split("\n")
        below = lines[lines.index(line_with(chat, "1 gpt-4o")) + 2]
        assert "first" in below
        assert "second" in below
        assert sorted(one.model for one in server.requests) == ["gpt-4o", "gpt-4o-mini"]
        assert {one.prompt for one in server.requests} == {"hi"}
        await chat.press("right", "enter")
        await back_in_the_chat(chat)
        picked = chat.replies[-1]
        assert picked.model == "gpt-4o-mini"
        await chat.shows(picked.text, "‹ 2/2 ›")
        assert chat.screen.model.model == "gpt-4o-mini"
        await chat.ask("more")
        assert [one["content"] for one in server.requests[-1].body["messages"]] == [
            "hi",
            picked.text,
            "more",
        ]
        assert server.requests[-1].model == "gpt-4o-mini"


async def test_where_there_is_no_room_they_are_stacked(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server, size=(80, 24)) as chat:
        await compares(chat, "/compare gpt-4o gpt-4o-mini echo -- hi")
        await chat.until(lambda: not chat.sessions.turns)
        await chat.shows("1 gpt-4o", "2 gpt-4o-mini", "3 echo")
        assert "2 gpt-4o-mini" not in line_with(chat, "1 gpt-4o")
        first = comparison(chat).query("Column")[0]
        high = first.size.height
        await chat.press("3")  # the one that is read has the most of the height
        await chat.until(lambda: first.size.height < high)
        await chat.pilot.resize_terminal(*WIDE)
        await chat.until(lambda: "3 echo" in line_with(chat, "1 gpt-4o"))


async def test_each_tells_its_own_numbers(tmp_path: Path, server: Server) -> None:
    server.script(says("one", usage=(3, 20)), failure(401))
    async with chinwag(tmp_path, server, size=WIDE) as chat:
        await compares(chat, "/compare gpt-4o gpt-4o -- hi")  # the same twice is two samples
        await chat.until(lambda: not chat.sessions.turns)
        await chat.shows("3 in, 20 out · <$0.0001", "failed")


async def test_one_is_stopped_alone_and_escape_then_closes(tmp_path: Path, server: Server) -> None:
    (left, _), (right, go) = held("left"), held("right")
    by_name = {"gpt-4o": left, "echo": right}
    server.answer = lambda received: by_name[received.model]
    async with chinwag(tmp_path, server) as chat:
        screen = await compares(chat, "/compare gpt-4o echo -- hi")
        await chat.shows("left", "right")
        await chat.press("escape")
        await chat.until(lambda: screen.compared[0].turn is None)
        assert screen.compared[0].reply.status is Status.STOPPED
        await chat.shows("stopped", "Esc Close")
        assert screen.compared[1].turn is not None
        await chat.press("escape")  # who closes leaves the other to go on
        await back_in_the_chat(chat)
        await chat.shows("‹ 1/2 ›", "stopped")
        assert len(chat.sessions.turns) == 1
        go.set()
        await chat.until(lambda: not chat.sessions.turns)
        chat.screen.transcript.focus()
        await chat.press(">")
        await chat.shows("right and the end")
        assert chat.screen.model.model == "gpt-4o"  # nothing was picked


async def test_the_mouse_stops_and_picks(tmp_path: Path, server: Server) -> None:
    (left, go), (right, _) = held("left"), held("right")
    by_name = {"gpt-4o": left, "echo": right}
    server.answer = lambda received: by_name[received.model]
    async with chinwag(tmp_path, server) as chat:
        screen = await compares(chat, "/compare gpt-4o echo -- hi")
        await chat.shows("left", "right")
        await click_word(chat, 2)
        await chat.until(lambda: screen.compared[1].turn is None)
        assert screen.compared[0].turn is not None
        go.set()
        await chat.until(lambda: not chat.sessions.turns)
        await click_word(chat, 2)
        await back_in_the_chat(chat)
        assert chat.replies[-1].model == "echo"


async def test_one_fails_alone_and_is_tried_again_there(tmp_path: Path, server: Server) -> None:
    server.answer = lambda received: (
        failure(401) if received.model == "echo" and not received.earlier else says("well")
    )
    async with chinwag(tmp_path, server) as chat:
        screen = await compares(chat, "/compare gpt-4o echo -- hi")
        await chat.until(lambda: not chat.sessions.turns)
        await chat.shows("well", "failed", "Retry")
        await chat.click("Retry")
        await chat.until(lambda: screen.compared[1].text == "well")
        await chat.until(lambda: "failed" not in chat.seen)
        await chat.press("enter")
        await back_in_the_chat(chat)
        await chat.shows("‹ 3/3 ›")  # what failed is a version too


async def test_picked_while_it_is_written_it_goes_on_in_the_chat(
    tmp_path: Path, server: Server
) -> None:
    (left, go), (right, other) = held("left"), held("right")
    by_name = {"gpt-4o": left, "echo": right}
    server.answer = lambda received: by_name[received.model]
    async with chinwag(tmp_path, server) as chat:
        await compares(chat, "/compare gpt-4o echo -- hi")
        await chat.shows("left", "right")
        await chat.press("enter")
        await back_in_the_chat(chat)
        await chat.until(lambda: any("goes on" in toast for toast in chat.toasts))
        go.set()
        await chat.shows("left and the end")
        other.set()
        await chat.until(lambda: not chat.sessions.turns)


async def test_another_chat_may_be_begun_meanwhile(tmp_path: Path, server: Server) -> None:
    (left, go), (right, other) = held("left"), held("right")
    by_name = {"gpt-4o": left, "echo": right}
    server.answer = lambda received: by_name[received.model]
    async with chinwag(tmp_path, server) as chat:
        await compares(chat, "/compare gpt-4o echo -- hi")
        await chat.shows("left", "right")
        first = chat.screen.chat.id
        await chat.press("ctrl+n")
        await back_in_the_chat(chat)
        await chat.until(lambda: not chat.branch)
        assert len(chat.sessions.turns) == 2
        go.set()
        other.set()
        await chat.until(lambda: not chat.sessions.turns)
        await chat.screen.open_chat(first)
        await chat.shows("left and the end", "‹ 1/2 ›")


async def test_the_next_message_is_compared_and_the_composer_says_so(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.send("/compare echo")  # with the chat's own
        await chat.shows("Comparing gpt-4o · echo: Enter sends to both")
        await chat.press("escape")
        await chat.until(lambda: "Comparing" not in chat.seen)
        await chat.ask("one")
        assert len(server.requests) == 1
        await chat.send("/compare gpt-4o echo")
        await chat.shows("Comparing")
        await compares(chat, "two")
        await chat.until(lambda: not chat.sessions.turns)
        await chat.press("escape")
        await back_in_the_chat(chat)
        await chat.shows("‹ 1/2 ›")
        assert "Comparing" not in chat.seen
        await chat.ask("three")
        assert len(server.requests) == 4


async def test_the_last_question_is_compared_by_asking_again(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server, size=WIDE) as chat:
        await chat.ask("hi")
        await chat.send("/compare gpt-4o echo")
        await chat.until(lambda: any("Ctrl+R" in toast for toast in chat.toasts))
        await chat.press("ctrl+r")
        await chat.until(lambda: isinstance(chat.app.screen, CompareScreen))
        await chat.until(lambda: not chat.sessions.turns)
        await chat.shows("1 gpt-4o", "2 gpt-4o", "3 echo")  # the reply there was is the first
        assert [one.prompt for one in server.requests] == ["hi"] * 3


async def test_models_that_nobody_has_are_named_and_the_message_is_kept(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        chat.screen.writer.composer.put("/compare gpt-4o what is love")
        await chat.press("enter")
        await chat.until(lambda: any("model what or is or love" in toast for toast in chat.toasts))
        assert chat.typed == "/compare gpt-4o what is love"
        assert not server.requests
        chat.screen.writer.composer.put("")
        await compares(chat, "/compare gpt-4o openai/new-one -- hi")  # with its endpoint: as it is
        await chat.until(lambda: len(server.requests) == 2)


async def test_models_are_completed_one_by_one(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.type("/comp")
        await chat.press("tab")
        await chat.type("mini")
        await chat.shows("gpt-4o-mini")
        await chat.press("tab")
        assert chat.typed == "/compare gpt-4o-mini "
        await chat.press("down", "tab")
        assert chat.typed == "/compare gpt-4o-mini gpt-4o-mini "


async def test_several_are_marked_in_the_picker(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.press("ctrl+o")
        await chat.until(lambda: isinstance(chat.app.screen, ModelPicker))
        await chat.press("tab", "tab", "enter")
        await chat.shows("Comparing gpt-4o · gpt-4o-mini")
        await compares(chat, "hi")


async def test_asking_again_with_another_model_shows_the_two(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.ask("more")
        await compares(chat, "/retry-with gpt-4o-mini")
        await chat.until(lambda: not chat.sessions.turns)
        await chat.shows("1 gpt-4o", "2 gpt-4o-mini")
        await chat.press("left", "enter")  # the first one was better
        await back_in_the_chat(chat)
        await chat.shows("‹ 1/2 ›")
        assert chat.screen.model.model == "gpt-4o"


class TestKeysBehindTheOneThatLeaves:
    """They act where it leads, however long the way there takes."""

    async def test_the_one_that_picks(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await compares(chat, "/compare gpt-4o echo -- hi")
            await chat.until(lambda: not chat.sessions.turns)
            chat.burst("right", "enter", *"more", "enter", *"and", "left", *"so")
            await chat.until(lambda: chat.typed == "ansod")
            await chat.until(lambda: len(chat.branch) == 4 and not chat.sessions.turns)
            assert server.requests[-1].model == "echo"
            assert server.requests[-1].prompt == "more"

    async def test_the_one_that_closes(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await compares(chat, "/compare gpt-4o echo -- hi")
            await chat.until(lambda: not chat.sessions.turns)
            chat.burst("escape", *"more", "enter")
            await chat.until(lambda: len(chat.branch) == 4 and not chat.sessions.turns)

    async def test_the_one_that_begins_another_chat(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await compares(chat, "/compare gpt-4o echo -- hi")
            await chat.until(lambda: not chat.sessions.turns)
            chat.burst("ctrl+n", *"else", "enter", *"more")
            await chat.until(lambda: chat.typed == "more")
            await chat.until(lambda: len(chat.branch) == 2 and not chat.sessions.turns)
            assert [one["content"] for one in server.requests[-1].body["messages"]] == ["else"]


class TestThePalette:
    async def test_it_offers_what_can_be_done_there_and_does_it(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await compares(chat, "/compare gpt-4o echo -- hi")
            await chat.until(lambda: not chat.sessions.turns)
            await chat.press("ctrl+p")
            await chat.shows("Ask again: another reply", "Copy the last reply", "New chat")
            assert "Stop the reply on screen" not in chat.seen  # which one would that be?
            await chat.type("copy the last")
            await chat.press("enter")
            await chat.until(lambda: any("Copied the reply" in toast for toast in chat.toasts))
            await chat.press("ctrl+p")
            await chat.type("new chat")
            await chat.press("enter")
            await chat.until(lambda: not chat.branch)
            await back_in_the_chat(chat)


async def test_what_the_chat_forgets_meanwhile_stays_on_screen(
    tmp_path: Path, server: Server
) -> None:
    """A look at the library drops what another process writes, and memory what nobody reads."""
    async with chinwag(tmp_path, server, size=WIDE) as chat:
        first = await chat.ask("hi")
        screen = await compares(chat, "/retry-with echo")
        await chat.until(lambda: not chat.sessions.turns)
        chat.screen.chat.messages.clear()
        await chat.press("left")
        await chat.pilot.resize_terminal(80, 24)
        await chat.press("ctrl+y")
        await chat.until(lambda: chat.app.clipboard == first.text)
        screen.compared[0].show(screen.compared[0].reply)
        await chat.press("enter")
        await back_in_the_chat(chat)
        await chat.shows("‹ 1/2 ›")


async def test_a_reply_that_was_deleted_in_another_window_is_told(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        screen = await compares(chat, "/retry-with echo")
        await chat.until(lambda: not chat.sessions.turns)
        other = Library(tmp_path / "chinwag.db")
        other.branches.delete(screen.chat.id, screen.compared[1].reply_id, utc_now())
        other.close()
        await chat.until(lambda: len(screen.chat.tree) == 2)
        await chat.press("enter")
        await back_in_the_chat(chat)
        await chat.until(lambda: any("deleted" in toast for toast in chat.toasts))
        assert len(chat.branch) == 2


class TestOneKeyOneRequest:
    """However often it is pressed before the turn is there."""

    async def test_in_the_chat(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("hi")
            chat.burst("ctrl+r", "ctrl+r", "ctrl+r")
            await chat.until(lambda: any("being written" in toast for toast in chat.toasts))
            await chat.until(lambda: not chat.sessions.turns)
            assert len(server.requests) == 2

    async def test_in_a_comparison(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await compares(chat, "/compare gpt-4o echo -- hi")
            await chat.until(lambda: not chat.sessions.turns)
            chat.burst("ctrl+r", "ctrl+r")
            await chat.until(lambda: any("being written" in toast for toast in chat.toasts))
            await chat.until(lambda: not chat.sessions.turns)
            assert len(server.requests) == 3

    async def test_of_several_at_once(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("hi")
            await chat.send("/compare gpt-4o echo")
            await chat.shows("Comparing")
            chat.burst("ctrl+r", "ctrl+r")
            await chat.until(lambda: isinstance(chat.app.screen, CompareScreen))
            await chat.until(lambda: not chat.sessions.turns)
            assert len(server.requests) == 3


async def test_a_narrow_screen_still_tells_the_keys(tmp_path: Path, server: Server) -> None:
    long = "a-model-with-a-name-that-fills-a-narrow-screen-all-by-itself"
    async with chinwag(tmp_path, server, size=(60, 20), model=f"openai/{long}") as chat:
        await chat.app.run_action("screen.compare")
        await chat.shows("Enter compares · Tab marks several · Esc closes")
        await chat.press("escape")
        screen = await compares(chat, f"/compare openai/{long} echo -- hi")
        await chat.until(lambda: not chat.sessions.turns)
        await chat.shows("Enter Go on with a-model-wit…", "Another")
        await chat.press("right")
        await chat.shows("Enter Go on with echo", "Another")
        await chat.pilot.resize_terminal(200, 40)
        await chat.press("left")
        assert screen.current.number == 1
        await chat.shows("a-name-that-fills-a-narrow…", "Ctrl+Y Copy")
