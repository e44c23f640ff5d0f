"""The ways to an action: help, palette, slash commands, and keys of one's own."""

from __future__ import annotations

from pathlib import Path

from tests.server import Server
from tests.ui.app.chatting import chinwag
from tui.ui.actions import all_actions, ways
from tui.ui.branch_screen import BranchScreen
from tui.ui.dialogs import ChatSettingsDialog, HelpScreen, RenameDialog
from tui.ui.model_picker import ModelPicker
from tui.ui.slash import slash_names
from tui.ui.start import Start


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
            "Ctrl+N /new",
            "New chat",
            "/usage",
            "Reading (Tab goes there; other letters are written)",
            "Scroll down a line",
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


async def test_what_looks_like_a_command_is_not_sent(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.send("/nonsense hello")
        await chat.until(lambda: any("There is no /nonsense" in toast for toast in chat.toasts))
        assert chat.typed == "/nonsense hello"
        assert not server.requests
