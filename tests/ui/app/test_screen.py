"""The screen: at every size, by keys alone or by mouse alone, in both looks."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual import events

from tests.server import Server
from tests.ui.app.chatting import Chinwag, chinwag
from tests.wire import DONE, Reply, finish, says, text
from tui.store.state import load_state
from tui.ui import chat_screen
from tui.ui.dialogs import HelpScreen
from tui.ui.model_picker import ModelPicker

SIZES = [(60, 16), (80, 24), (120, 40), (200, 60)]
LONG = "\n\n".join(f"Paragraph {number}." for number in range(100))


def at_bottom(chat: Chinwag, lines: int = 3) -> str:
    """The last lines of the screen."""
    return "\n".join(chat.seen.split("\n")[-lines:])


def has_list(chat: Chinwag) -> bool:
    return chat.screen.chats.region.width > 0 and chat.screen.chats in chat.app.screen.focus_chain


class TestSizes:
    """What one needs is on screen at every size."""

    @pytest.mark.parametrize("size", SIZES)
    async def test_composer_status_line_and_keys_are_always_there(
        self, tmp_path: Path, server: Server, size: tuple[int, int]
    ) -> None:
        server.script(says(LONG, usage=(100, 50)))
        async with chinwag(tmp_path, server, size=size) as chat:
            assert all(word in at_bottom(chat) for word in ("Message", "gpt-4o", "Enter Send"))
            await chat.ask("hi")
            await chat.shows("Paragraph 99.", "150 of 1k (15%)")
            assert all(word in at_bottom(chat) for word in ("Message", "gpt-4o", "Enter Send"))
            assert max(map(len, chat.seen.split("\n"))) <= size[0]

    @pytest.mark.parametrize("size", SIZES)
    async def test_the_composer_grows_to_a_third_of_the_screen_and_no_more(
        self, tmp_path: Path, server: Server, size: tuple[int, int]
    ) -> None:
        async with chinwag(tmp_path, server, size=size) as chat:
            composer = chat.screen.writer.composer
            assert composer.size.height == 1
            await chat.press("a", "ctrl+j", "b", "ctrl+j", "c")
            assert composer.size.height == 3
            composer.insert("\nmore" * size[1])
            await chat.pilot.pause()
            assert composer.size.height == size[1] // 3
            assert "Enter Send" in at_bottom(chat)

    @pytest.mark.parametrize(("columns", "beside"), [(60, False), (89, False), (90, True)])
    async def test_the_list_stands_beside_the_chat_from_90_columns_on(
        self, tmp_path: Path, server: Server, columns: int, beside: bool
    ) -> None:
        async with chinwag(tmp_path, server, size=(columns, 24)) as chat:
            assert has_list(chat) is beside

    async def test_on_a_narrow_screen_ctrl_b_brings_the_list_in_its_place(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server, size=(60, 16)) as chat:
            await chat.ask("about tides")
            await chat.press("ctrl+n")
            await chat.until(lambda: not chat.branch)
            await chat.press("ctrl+b")
            await chat.shows("Today", "about tides", "Esc Back")
            await chat.press("home", "enter")
            await chat.until(lambda: len(chat.branch) == 2)
            await chat.shows("You", "Enter Send")
            assert not has_list(chat)

    async def test_escape_goes_back_from_that_list(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server, size=(60, 16)) as chat:
            await chat.press("ctrl+b")
            await chat.until(lambda: has_list(chat))
            await chat.press("escape")
            await chat.until(lambda: not has_list(chat))
            assert chat.screen.writer.composer.has_focus

    async def test_on_a_wide_one_ctrl_b_hides_it_also_at_the_next_start(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.press("ctrl+b")
            await chat.until(lambda: not has_list(chat))
        async with chinwag(tmp_path, server) as chat:
            assert not has_list(chat)
            await chat.press("ctrl+b")
            await chat.until(lambda: has_list(chat))

    async def test_a_list_that_is_hidden_leaves_the_focus_to_the_composer(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            chat.screen.chats.focus()
            await chat.press("ctrl+b", *"words")
            assert chat.typed == "words"
            await chat.press("ctrl+b")
            chat.screen.chats.focus()
            await chat.pilot.resize_terminal(60, 16)
            await chat.until(lambda: not has_list(chat))
            await chat.type(" more")
            assert chat.typed == "words more"

    async def test_the_list_of_a_narrow_screen_stands_beside_the_chat_on_a_wide_one(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server, size=(60, 16)) as chat:
            await chat.press("ctrl+b")
            await chat.shows("Esc Back")
            await chat.pilot.resize_terminal(120, 40)
            await chat.shows("Enter Send")
            await chat.press("escape", "escape")
            assert has_list(chat)
            assert chat.screen.writer.composer.has_focus

    async def test_a_new_size_keeps_what_is_typed_and_shown(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("about tides")
            await chat.type("half")
            for size in SIZES:
                await chat.pilot.resize_terminal(*size)
                await chat.shows("about tides", "half")


class TestKeysAlone:
    async def test_tab_leads_to_the_messages_then_to_the_list_and_back(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("hi")
            screen = chat.screen
            places = (screen.transcript, screen.chats, screen.writer.composer)
            for place in places:
                await chat.press("tab")
                assert place.has_focus
            for place in reversed(places[:-1]):
                await chat.press("shift+tab")
                assert place.has_focus

    async def test_escape_leads_back_to_the_composer_from_anywhere(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("hi")
            for place in (chat.screen.chats, chat.screen.transcript):
                place.focus()
                await chat.press("escape")
                await chat.until(lambda: chat.screen.writer.composer.has_focus)

    async def test_what_is_no_key_of_the_messages_is_written(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("hi")
            await chat.press("tab")
            await chat.until(lambda: chat.screen.transcript.has_focus)
            chat.burst("j", *"thanks, rye", "enter")
            await chat.until(lambda: len(chat.branch) == 4)
            assert chat.branch[2].text == "thanks, rye"
            await chat.press("tab")
            await chat.until(lambda: chat.screen.transcript.has_focus)
            chat.app.post_message(events.Paste("read this"))
            await chat.until(lambda: chat.screen.writer.composer.text == "read this")

    async def test_escape_stops_the_reply_also_while_one_reads(
        self, tmp_path: Path, server: Server
    ) -> None:
        server.script(Reply([text("half "), asyncio.Event()]))
        async with chinwag(tmp_path, server) as chat:
            await chat.send("hi")
            await chat.shows("half")
            await chat.press("tab")
            assert chat.screen.transcript.has_focus
            await chat.press("escape")
            await chat.until(server.requests[0].disconnected.is_set)

    async def test_escape_drops_what_narrows_the_list_before_it_stops_a_reply(
        self, tmp_path: Path, server: Server
    ) -> None:
        server.script(Reply([text("half "), asyncio.Event()]))
        async with chinwag(tmp_path, server) as chat:
            await chat.send("hi")
            await chat.shows("half")
            chat.screen.chats.focus()
            await chat.type("hi")
            await chat.shows("Esc shows all chats")
            await chat.press("escape")
            await chat.until(lambda: chat.screen.chats.typed == "")
            assert chat.sessions.turns
            await chat.press("escape")
            await chat.until(server.requests[0].disconnected.is_set)

    async def test_ctrl_c_never_ends_a_reply(self, tmp_path: Path, server: Server) -> None:
        server.script(Reply([text("half "), asyncio.Event()]))
        async with chinwag(tmp_path, server) as chat:
            await chat.send("hi")
            await chat.shows("half")
            await chat.press("ctrl+c")
            await chat.until(lambda: chat.toasts)
            assert chat.sessions.turns
            assert not server.requests[0].disconnected.is_set()

    async def test_ctrl_c_twice_quits_when_nothing_is_typed(
        self, tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(chat_screen, "TWICE_SECONDS", 60.0)  # however busy the machine
        async with chinwag(tmp_path, server) as chat:
            await chat.type("x")
            await chat.press("ctrl+c")
            await chat.until(lambda: any("What you typed is kept" in one for one in chat.toasts))
            await chat.press("backspace", "ctrl+c")
            await chat.until(lambda: "Ctrl+C again quits." in chat.toasts)
            await chat.press("ctrl+c")
            await chat.until(lambda: not chat.app.is_running)

    async def test_ctrl_c_copies_a_selection(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.type("some words")
            await chat.press("ctrl+shift+left", "ctrl+c")
            await chat.until(lambda: chat.app.clipboard == "words")
            assert chat.typed == "some words"

    async def test_ctrl_y_copies_the_reply_as_it_was_written(
        self, tmp_path: Path, server: Server
    ) -> None:
        server.script(says("**bold** and `code`"))
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("hi")
            await chat.press("ctrl+y")
            await chat.until(lambda: chat.app.clipboard == "**bold** and `code`")


class TestTheMouseAlone:
    async def test_the_key_bar_does_what_its_keys_do(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.type("hi")
            await chat.click("Enter Send")
            await chat.until(lambda: chat.replies and not chat.sessions.turns)
            await chat.click("Ctrl+N New")
            await chat.until(lambda: not chat.branch)
            await chat.click("Ctrl+B Chats")
            await chat.until(lambda: not has_list(chat))
            await chat.click("Ctrl+O Model")
            await chat.until(lambda: isinstance(chat.app.screen, ModelPicker))
            await chat.press("escape")
            await chat.click("F1 Help")
            await chat.until(lambda: isinstance(chat.app.screen, HelpScreen))

    async def test_a_reply_is_stopped_there_too(self, tmp_path: Path, server: Server) -> None:
        server.script(Reply([text("half "), asyncio.Event()]))
        async with chinwag(tmp_path, server) as chat:
            await chat.send("hi")
            await chat.shows("half", "Esc Stop")
            await chat.click("Esc Stop")
            await chat.until(server.requests[0].disconnected.is_set)
            await chat.shows("Enter Send")

    async def test_a_chat_is_opened_by_a_click_and_a_new_one_begun(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("about tides")
            await chat.click("+ New chat")
            await chat.until(lambda: not chat.branch)
            await chat.click("about tides")
            await chat.until(lambda: len(chat.branch) == 2)

    async def test_a_model_is_picked_by_two_clicks(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.pilot.click("#status", offset=(4, 0))
            await chat.until(lambda: isinstance(chat.app.screen, ModelPicker))
            await chat.shows("gpt-4o-mini")
            await chat.click("gpt-4o-mini")
            await chat.until(lambda: chat.screen.model.model == "gpt-4o-mini")
            assert chat.app.screen is chat.screen

    async def test_a_click_beside_the_picker_closes_it(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.press("ctrl+o")
            await chat.until(lambda: isinstance(chat.app.screen, ModelPicker))
            await chat.pilot.click(offset=(2, 20))
            await chat.until(lambda: chat.app.screen is chat.screen)

    async def test_new_below_is_clicked_to_go_there(self, tmp_path: Path, server: Server) -> None:
        more = asyncio.Event()
        server.script(Reply([text(LONG), more, text("\n\nThe end."), finish(), DONE]))
        async with chinwag(tmp_path, server) as chat:
            await chat.send("hi")
            await chat.shows("Paragraph 99.")
            await chat.press("tab", "pageup")
            more.set()
            await chat.shows("new below")
            await chat.click("new below")
            await chat.shows("The end.")
            assert "new below" not in chat.seen


class TestReadingWhileItStreams:
    """The view follows the end only while the reader is there."""

    async def test_scrolled_up_it_stays_and_says_that_there_is_more(
        self, tmp_path: Path, server: Server
    ) -> None:
        more = asyncio.Event()
        server.script(Reply([text(LONG), more, text("\n\nThe end."), finish(), DONE]))
        async with chinwag(tmp_path, server) as chat:
            await chat.send("hi")
            await chat.shows("Paragraph 99.")
            await chat.press("tab", "pageup")
            await chat.until(lambda: "Paragraph 99." not in chat.seen)
            assert "new below" not in chat.seen
            above = [line[36:] for line in chat.seen.split("\n")[2:9]]
            more.set()
            await chat.shows("new below · End")
            assert "The end." not in chat.seen
            assert [line[36:] for line in chat.seen.split("\n")[2:9]] == above
            await chat.press("end")
            await chat.shows("The end.")
            assert "new below" not in chat.seen

    async def test_at_the_end_it_follows(self, tmp_path: Path, server: Server) -> None:
        more = asyncio.Event()
        server.script(Reply([text(LONG), more, text("\n\nThe end."), finish(), DONE]))
        async with chinwag(tmp_path, server) as chat:
            await chat.send("hi")
            await chat.shows("Paragraph 99.")
            more.set()
            await chat.shows("The end.")
            pane = chat.screen.transcript
            assert pane.vertical_scrollbar.position == pane.scroll_y == pane.max_scroll_y > 0

    async def test_another_version_says_nothing_of_it(self, tmp_path: Path, server: Server) -> None:
        more, end = asyncio.Event(), asyncio.Event()
        server.script(
            Reply([text(LONG), finish(), DONE]),
            Reply([text(LONG), more, text("\n\nMore."), end, text("\n\nEnd."), finish(), DONE]),
        )
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("hi")
            await chat.press("ctrl+r")
            await chat.until(lambda: len(chat.screen.chat.tree) == 3)
            await chat.shows("Paragraph 99.")
            await chat.press("tab", "pageup")
            more.set()
            await chat.shows("new below")
            await chat.press("<")
            await chat.until(lambda: chat.screen.view.turn is None)
            assert "new below" not in chat.seen
            end.set()
            await chat.until(lambda: not chat.sessions.turns)
            assert "new below" not in chat.seen

    async def test_another_chat_says_nothing_of_it(self, tmp_path: Path, server: Server) -> None:
        server.script(Reply([text(LONG), asyncio.Event()]))
        async with chinwag(tmp_path, server) as chat:
            await chat.send("hi")
            await chat.shows("Paragraph 99.")
            await chat.press("tab", "pageup", "ctrl+n")
            await chat.until(lambda: not chat.branch)
            assert "new below" not in chat.seen


async def test_dark_or_light_is_remembered(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        assert chat.app.current_theme.dark
        await chat.send("/theme")
        await chat.until(lambda: not chat.app.current_theme.dark)
    assert load_state(tmp_path / "state.toml").theme == "chinwag-light"
    async with chinwag(tmp_path, server) as chat:
        assert not chat.app.current_theme.dark


async def test_the_pages_turn_while_one_writes(tmp_path: Path, server: Server) -> None:
    server.script(says("\n\n".join(f"line {number}" for number in range(200))))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.shows("line 199")
        await chat.type("half a thought")
        await chat.press("pageup")
        await chat.until(lambda: "line 199" not in chat.seen)
        await chat.press("pagedown")
        await chat.shows("line 199")
        assert chat.typed == "half a thought"
