"""The screen: at every size, by keys alone or by mouse alone, in both looks."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual import events

from tests.server import Server
from tests.ui.app.chatting import Chinwag, chinwag
from tests.wire import DONE, Reply, failure, finish, says, text
from tui.core.settings import DEMO, LOCAL, Endpoint
from tui.store.state import load_state
from tui.ui import chat_screen
from tui.ui.actions import all_actions, ways
from tui.ui.branch_screen import BranchScreen
from tui.ui.dialogs import ChatSettingsDialog, HelpScreen, RenameDialog
from tui.ui.model_picker import ModelPicker
from tui.ui.slash import slash_names
from tui.ui.start import Start
from tui.ui.welcome import OFFERS

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


async def test_f1_opens_the_help_with_every_key_and_command_and_closes_it(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server, size=(160, 60)) as chat:
        await chat.press("f1")
        await chat.until(lambda: isinstance(chat.app.screen, HelpScreen))
        assert isinstance(chat.app.screen, HelpScreen)
        rows = [(row.keys, row.text) for row in chat.app.screen._rows]
        assert rows == [(ways(one), one.text) for one in all_actions()]
        assert {name for ways, _ in rows for name in ways.split() if name[0] == "/"} - {"/"} == {
            f"/{name}" for name in slash_names()
        }
        await chat.shows(
            "Ctrl+N /new", "New chat", "/usage", "Reading (Tab goes there)", "Scroll down a line"
        )
        await chat.press("f1")
        await chat.until(lambda: chat.app.screen is chat.screen)


class TestThePalette:
    async def test_it_finds_an_action_by_its_words_and_runs_it(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.press("ctrl+p")
            await chat.type("rename")
            await chat.shows("Rename the chat", "/title")
            await chat.press("enter")
            await chat.until(lambda: isinstance(chat.app.screen, RenameDialog))

    async def test_it_reaches_what_has_no_key(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.press("ctrl+p")
            await chat.type("dark and light")
            await chat.shows("Switch between dark and light")
            await chat.press("enter")
            await chat.until(lambda: not chat.app.current_theme.dark)

    async def test_over_a_dialog_it_offers_what_means_the_same_everywhere(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("hi")
            await chat.send("/branches")
            await chat.until(lambda: isinstance(chat.app.screen, BranchScreen))
            await chat.press("ctrl+p")
            await chat.shows("Switch between dark and light", "Quit")
            for other in ("Rename the chat", "Undo the last", "Search all"):  # some of its own too
                assert other not in chat.seen
            await chat.type("help")
            await chat.press("enter")
            await chat.until(lambda: isinstance(chat.app.screen, HelpScreen))

    async def test_it_tells_keys_of_one_s_own(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server, config='[keys]\nrename = "f9"') as chat:
            await chat.press("ctrl+p")
            await chat.type("rename the")
            await chat.shows("Rename the chat", "F9   /title")


class TestKeysOfOnesOwn:
    async def test_the_config_s_keys_take_the_place_of_ours(
        self, tmp_path: Path, server: Server
    ) -> None:
        config = '[keys]\nnew_chat = "f7"\nsend = "ctrl+s"\npick_model = "f8,f9"'
        async with chinwag(tmp_path, server, config=config) as chat:
            await chat.shows("F7 New", "F8 F9 Model", "Ctrl+S Send")
            await chat.type("hi")
            await chat.press("enter")
            assert not server.requests
            await chat.press("ctrl+s")
            await chat.until(lambda: chat.replies and not chat.sessions.turns)
            await chat.press("f7")
            await chat.until(lambda: not chat.branch)
            await chat.press("f9")
            await chat.until(lambda: isinstance(chat.app.screen, ModelPicker))

    async def test_the_help_tells_them(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server, config='[keys]\nnew_chat = "f7"') as chat:
            await chat.press("f1")
            await chat.until(lambda: isinstance(chat.app.screen, HelpScreen))
            line = next(line for line in chat.seen.split("\n") if "  New chat  " in line)
            assert "F7" in line
            assert "Ctrl+N" not in line

    async def test_so_does_whatever_names_a_key(self, tmp_path: Path, server: Server) -> None:
        config = (
            '[keys]\nstop = "f9"\nsend = "ctrl+s"\nretry = "f10"\nquit = "f11"\n'
            'next_found = "m"\nedit_message = "E"\nretry_message = ""'
        )
        async with chinwag(tmp_path, server, config=config, size=(160, 40)) as chat:
            await chat.type("hi")
            await chat.press("ctrl+c")
            await chat.until(lambda: "F11 quits. What you typed is kept." in chat.toasts)
            await chat.press("ctrl+s")
            await chat.until(lambda: chat.replies and not chat.sessions.turns)
            chat.screen.writer.composer.put("/compare echo")
            await chat.press("ctrl+s")
            await chat.shows("Ctrl+S sends to both, F9 drops it")
            await chat.until(lambda: any("F10 asks the last" in toast for toast in chat.toasts))
            await chat.press("f9", "up")
            await chat.shows("Ctrl+S sends it as a new branch, F9 leaves it")
            await chat.press("f9")
            chat.screen.chats.focus()
            await chat.press("x")
            await chat.shows("F9 shows all chats")
            await chat.press("ctrl+f")
            await chat.shows("then m N step on")
            await chat.press("escape")
            await chat.app.run_action("screen.branches")
            await chat.shows("Editing (E) or retrying (no key)")

    async def test_an_action_that_there_is_not_is_reported(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server, config='[keys]\nfly = "f7"') as chat:
            await chat.until(lambda: any("keys.fly: no such action" in one for one in chat.toasts))

    async def test_two_actions_on_one_key_are_reported(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server, config='[keys]\nnew_chat = "ctrl+o"') as chat:
            await chat.until(lambda: any("ctrl+o" in toast for toast in chat.toasts))


async def test_what_is_wrong_in_the_config_is_said_at_the_start(
    tmp_path: Path, server: Server
) -> None:
    problem = "config.toml line 3: parameters.temperature: expected a number from 0 to 2"
    async with chinwag(tmp_path, server, start=Start(problems=[problem])) as chat:
        assert chat.toasts == [problem]
        await chat.ask("hi")


class TestSlashCommands:
    async def test_they_are_offered_as_one_types(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.type("/re")
            await chat.shows("/retry", "Ask again: another reply", "/retry-with")
            await chat.type("x")
            await chat.until(lambda: "/retry" not in chat.seen)

    async def test_tab_completes_and_the_arrows_choose(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.type("/re")
            await chat.press("down", "tab")
            assert chat.typed == "/retry-with "

    async def test_a_click_completes(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.type("/re")
            await chat.shows("/retry-with")
            await chat.click("/retry-with")
            await chat.until(lambda: chat.typed == "/retry-with ")
            assert chat.screen.writer.composer.has_focus

    async def test_enter_takes_the_one_that_is_marked(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.type("/set")
            await chat.press("enter")
            await chat.until(lambda: isinstance(chat.app.screen, ChatSettingsDialog))
            assert chat.typed == ""

    async def test_a_mistyped_one_stays_and_is_not_sent(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.send("/retyr")
            await chat.until(lambda: any("There is no /retyr" in toast for toast in chat.toasts))
            assert chat.typed == "/retyr"

    async def test_a_path_or_a_sentence_is_a_message(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("/usr/bin is a folder")
            assert server.requests[0].prompt == "/usr/bin is a folder"


class TestWelcome:
    """With no way to a model yet, three ways are one key away."""

    async def test_it_says_which_variable_holds_the_key(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS)) as chat:
            await chat.shows("Use an OpenAI key", "Use a local model", "Take the tour")
            await chat.press("1")
            await chat.until(lambda: any("OPENAI_API_KEY" in toast for toast in chat.toasts))

    async def test_2_is_the_local_model(self, tmp_path: Path, server: Server) -> None:
        extra = (Endpoint(LOCAL, server.base_url, models=("SmolLM2",)),)
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS), extra=extra) as chat:
            await chat.press("2")
            await chat.shows("New chat with local/SmolLM2")
            await chat.ask("hi")
            assert server.requests[0].model == "SmolLM2"

    async def test_3_is_the_tour_and_begins_at_once(self, tmp_path: Path, server: Server) -> None:
        extra = (Endpoint(DEMO, server.base_url, models=("guide",)),)
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS), extra=extra) as chat:
            await chat.press("3")
            await chat.until(lambda: chat.replies and not chat.sessions.turns)
            assert server.requests[0].model == "guide"

    async def test_a_click_takes_one_too(self, tmp_path: Path, server: Server) -> None:
        extra = (Endpoint(LOCAL, server.base_url, models=("SmolLM2",)),)
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS), extra=extra) as chat:
            await chat.click("Use a local model")
            await chat.shows("New chat with local/SmolLM2")

    async def test_whatever_else_is_typed_reaches_the_composer(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS)) as chat:
            await chat.type("hello 123")
            assert chat.typed == "hello 123"

    async def test_a_message_may_begin_with_the_key_of_an_offer(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS)) as chat:
            await chat.type("12 apples")
            assert chat.typed == "12 apples"

    async def test_so_does_what_is_pasted(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS)) as chat:
            for text in ("1", " apple\n"):
                chat.app.post_message(events.Paste(text))
            await chat.until(lambda: chat.typed == "1 apple\n")

    async def test_a_failure_leads_on_to_other_models(self, tmp_path: Path, server: Server) -> None:
        server.script(failure(401))
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS)) as chat:
            await chat.ask("hello")
            await chat.shows("Other model", "Retry")


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


async def test_what_looks_like_a_command_is_not_sent(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.send("/nonsense hello")
        await chat.until(lambda: any("There is no /nonsense" in toast for toast in chat.toasts))
        assert chat.typed == "/nonsense hello"
        assert not server.requests
