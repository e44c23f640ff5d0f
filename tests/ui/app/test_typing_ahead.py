"""Keys that come all at once: each acts where those before it led."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.server import Server
from tests.store.chats import chat as conversation
from tests.store.chats import reply, said
from tests.ui.app.chatting import Chinwag, chinwag
from tui.core.message import Status
from tui.store.library import Library
from tui.ui.branch_screen import BranchScreen
from tui.ui.model_picker import ModelPicker
from tui.ui.search_screen import SearchScreen
from tui.ui.start import Start

LAST = Start(continue_last=True)


@pytest.fixture
def moons(tmp_path: Path) -> tuple[str, ...]:
    """A chat with three messages about the moon; their ids."""
    library = Library(tmp_path / "chinwag.db")
    tides = conversation("Tides")
    question = said(tides, "What does the moon do?")
    answer = reply(question, "The moon pulls.", Status.COMPLETE)
    library.begin_turn([question, answer], tides)
    more = said(tides, "Only the moon?", answer)
    library.begin_turn([more])
    library.close()
    return question.id, answer.id, more.id


async def in_the_chat(app: Chinwag, written: str) -> None:
    """Wait until that stands in the composer, and nothing covers it."""
    await app.until(lambda: app.app.screen is app.screen and app.typed == written)


class TestTheModelPicker:
    async def test_what_is_typed_behind_enter_goes_to_the_model_that_was_picked(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as app:
            app.burst("ctrl+o", *"echo", "enter", *"hello", "enter", *"more")
            await in_the_chat(app, "more")
            await app.until(lambda: app.replies and not app.sessions.turns)
            assert [(one.model, one.prompt) for one in server.requests] == [("echo", "hello")]

    async def test_from_the_picker_that_is_open(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as app:
            await app.press("ctrl+o")
            await app.until(lambda: isinstance(app.app.screen, ModelPicker))
            app.burst("enter", *"hello")
            await in_the_chat(app, "hello")

    async def test_by_slash(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as app:
            app.burst(*"/model", "enter", *"echo", "enter", *"hello")
            await in_the_chat(app, "hello")
            assert app.screen.model.model == "echo"


class TestTheSearch:
    async def test_what_is_typed_behind_enter_steps_in_the_chat_that_was_opened(
        self, tmp_path: Path, moons: tuple[str, ...]
    ) -> None:
        async with chinwag(tmp_path) as app:
            app.burst("ctrl+f", *"moon", "enter", "n", "y")
            await app.until(lambda: app.app.screen is app.screen and app.toasts)
            assert app.screen.transcript.has_focus
            assert app.toasts[0].startswith("Copied")

    async def test_where_nothing_is_found_it_is_more_to_look_for(
        self, tmp_path: Path, moons: tuple[str, ...]
    ) -> None:
        async with chinwag(tmp_path) as app:
            app.burst("ctrl+f", *"whale", "enter", *"s", "enter", "backspace", *"rus")
            await app.until(lambda: isinstance(app.app.screen, SearchScreen))
            await app.until(lambda: app.app.screen.query_one(Input).value == "whalerus")


class TestBranches:
    async def open(self, app: Chinwag) -> None:
        await app.until(lambda: app.screen.chat.saved)
        app.screen.transcript.focus()
        await app.press("b")
        await app.until(lambda: isinstance(app.app.screen, BranchScreen))
        await app.shows("is on screen")

    async def test_a_chat_made_of_one_is_written_in(
        self, tmp_path: Path, moons: tuple[str, ...]
    ) -> None:
        async with chinwag(tmp_path, start=LAST) as app:
            await self.open(app)
            before = app.screen.chat.id
            app.burst("f", *"hello")
            await in_the_chat(app, "hello")
            assert app.screen.chat.id != before

    async def test_one_that_is_shown_has_the_focus(
        self, tmp_path: Path, moons: tuple[str, ...]
    ) -> None:
        async with chinwag(tmp_path, start=LAST) as app:
            await self.open(app)
            app.burst("enter", "y")
            await app.until(lambda: app.app.screen is app.screen and app.toasts)
            assert app.toasts == ["Copied message (22 characters)"]

    async def test_one_is_named_and_the_picture_closed(
        self, tmp_path: Path, moons: tuple[str, ...]
    ) -> None:
        async with chinwag(tmp_path, start=LAST) as app:
            await self.open(app)
            app.burst("f2", *"wax", "enter", "q", "escape", *"hello")
            await in_the_chat(app, "hello")
            names = await app.library.run(
                lambda library: library.branches.names(app.screen.chat.id)
            )
            assert list(names.values()) == ["wax"]


@pytest.mark.parametrize(
    "keys",
    [
        ("ctrl+o", "escape"),
        ("ctrl+o", *"gpt", "escape"),
        ("ctrl+f", *"moon", "escape"),
        ("f2", *"Sea", "escape"),
        ("f2", "ctrl+u", *"Sea", "enter"),
        ("f4", *"salty", "enter"),
        ("f1", "j", "q"),
        ("f1", "f1"),
        ("ctrl+p", "escape"),
        (*"/usage", "enter", "q"),
        (*"/set", "enter", *"Be", "ctrl+s"),
        (*"/set", "enter", *"Be", "escape"),
    ],
)
async def test_what_is_typed_behind_the_key_that_closes_a_dialog_is_written(
    tmp_path: Path, moons: tuple[str, ...], keys: tuple[str, ...]
) -> None:
    async with chinwag(tmp_path, start=LAST) as app:
        await app.until(lambda: app.screen.chat.saved)
        app.burst(*keys, *"hello")
        await in_the_chat(app, "hello")


async def test_by_the_palette(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as app:
        app.burst("ctrl+p", *"choose a model")
        await app.shows("Choose a model")
        app.burst("enter", *"echo", "enter", *"hello")
        await in_the_chat(app, "hello")
        assert app.screen.model.model == "echo"
