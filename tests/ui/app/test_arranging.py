"""Keeping chats in order: from the list, by key on the chat on screen, by slash; and undoing it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.screen import Screen
from textual.widgets import Input

from tests.server import Server
from tests.store.chats import MINUTE, said
from tests.store.chats import chat as new_chat
from tests.ui.app.chatting import Chinwag, chinwag
from tests.wire import says
from tui.core.message import utc_now
from tui.store.library import Library
from tui.ui import chat_screen
from tui.ui.dialogs import LineDialog, RenameDialog


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at the library ten times a second, so that no test waits for it."""
    monkeypatch.setattr(chat_screen, "EACH_SECOND", 0.1)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Library]:
    """The same library in another window, with three chats in it: Moon, Sun, Tides."""
    library = Library(tmp_path / "chinwag.db")
    for place, title in enumerate(("Tides", "Sun", "Moon")):
        at = utc_now() - (3 - place) * MINUTE
        conversation = replace(new_chat(title, at), created=at)
        library.begin_turn([said(conversation, f"About {title}", at=at)], conversation)
    yield library
    library.close()


def titles(chat: Chinwag) -> list[str]:
    return [row.title for row in chat.rows]


async def in_list(chat: Chinwag, *keys: str) -> None:
    """Go to the list and press keys."""
    await chat.until(lambda: chat.rows)
    chat.screen.chats.focus()
    await chat.press("home", *keys)


async def told(chat: Chinwag, text: str) -> None:
    await chat.until(lambda: any(text in toast for toast in chat.toasts))


async def listed(chat: Chinwag, expected: list[str]) -> None:
    await chat.until(lambda: titles(chat) == expected)


class TestUndo:
    """Whatever is done in the list is undone by Ctrl+Z, step by step, and a toast says so."""

    async def test_step_by_step(self, tmp_path: Path, elsewhere: Library) -> None:
        async with chinwag(tmp_path) as chat:
            await in_list(chat, "down", "f3")  # Sun
            await told(chat, "Pinned “Sun”. Ctrl+Z in the list, or /undo, takes it back.")
            await chat.until(lambda: titles(chat) == ["Sun", "Moon", "Tides"])
            await chat.press("f2")
            await chat.until(lambda: isinstance(chat.app.screen, RenameDialog))
            await chat.press("ctrl+u", *"Star", "enter")
            await told(chat, "Renamed “Sun” to “Star”")
            await chat.press("f4")
            await chat.until(lambda: isinstance(chat.app.screen, LineDialog))
            await chat.press(*"work", "enter")
            await told(chat, "Tagged “Star”: work")
            await chat.press("f5")
            await told(chat, "Archived “Star”")
            await chat.until(lambda: titles(chat) == ["Moon", "Tides"])
            await chat.shows("Archived (1)")
            await chat.press("home", "delete")
            await told(chat, "Deleted “Moon”")
            await chat.until(lambda: titles(chat) == ["Tides"])
            for expected in (
                ["Moon", "Tides"],
                ["Star", "Moon", "Tides"],
                ["Star", "Moon", "Tides"],
                ["Sun", "Moon", "Tides"],
                ["Moon", "Sun", "Tides"],
            ):
                chat.screen.chats.focus()
                await chat.press("ctrl+z")
                await listed(chat, expected)
            assert all(not row.tags for row in chat.rows)
            await chat.press("ctrl+z")
            await told(chat, "There is nothing to undo")

    async def test_what_another_window_changes_meanwhile_stays(
        self, tmp_path: Path, elsewhere: Library
    ) -> None:
        async with chinwag(tmp_path) as chat:
            await in_list(chat, "f3")
            await told(chat, "Pinned “Moon”")
            (moon, *_) = (row.id for row in chat.rows)
            elsewhere.change(moon, title="Full moon", tags=("theirs",))
            await chat.until(lambda: "Full moon" in titles(chat))
            await chat.press("ctrl+z")
            await told(chat, "Undone: Pinned “Moon”")
            after = elsewhere.conversation(moon)
            assert (after.pinned, after.title, after.tags) == (False, "Full moon", ("theirs",))


class TestMany:
    async def test_what_is_marked_is_acted_on_together(
        self, tmp_path: Path, elsewhere: Library
    ) -> None:
        async with chinwag(tmp_path) as chat:
            await in_list(chat, "shift+down")
            await chat.shows("2 marked", "✓  Moon", "✓  Sun")
            await chat.press("delete")
            await told(chat, "Deleted 2 chats")
            await chat.until(lambda: titles(chat) == ["Tides"])
            assert "marked" not in chat.seen
            await chat.press("ctrl+z")
            await chat.until(lambda: titles(chat) == ["Moon", "Sun", "Tides"])

    async def test_all_that_fit(self, tmp_path: Path, elsewhere: Library) -> None:
        async with chinwag(tmp_path) as chat:
            await in_list(chat, *"un", "ctrl+a")
            await chat.shows("1 marked")
            await chat.press("escape")
            await chat.until(lambda: len(chat.rows) == 3)
            await chat.press("ctrl+a")
            await chat.shows("3 marked")
            await chat.press("f2")
            await told(chat, "renamed one by one")
            await chat.press("escape")
            await chat.until(lambda: "marked" not in chat.seen)

    async def test_tags_in_common_change_and_others_stay(
        self, tmp_path: Path, elsewhere: Library
    ) -> None:
        moon, sun, _ = elsewhere.conversations()
        elsewhere.change(moon.id, tags=("sky", "night"))
        elsewhere.change(sun.id, tags=("sky",))
        async with chinwag(tmp_path) as chat:
            await in_list(chat, "shift+down", "f4")
            await chat.shows("Tags of 2 chats")
            await chat.press("ctrl+u", *"seen", "enter")
            await told(chat, "Tagged 2 chats: seen")
            assert elsewhere.conversation(moon.id).tags == ("night", "seen")
            assert elsewhere.conversation(sun.id).tags == ("seen",)

    async def test_a_tag_is_added_to_those_there_are(
        self, tmp_path: Path, elsewhere: Library
    ) -> None:
        moon = elsewhere.conversations()[0]
        elsewhere.change(moon.id, tags=("sky", "night"))
        async with chinwag(tmp_path) as chat:
            await in_list(chat, "f4")
            await chat.shows("Tags of this chat")
            await chat.press(*"seen", "enter")
            await told(chat, "Tagged “Moon”: seen.")
            assert elsewhere.conversation(moon.id).tags == ("sky", "night", "seen")
            await chat.press("f4")
            await chat.shows("Tags of this chat")
            await chat.press("ctrl+u", *"sky old", "enter")
            await told(chat, "Tagged “Moon”: old; took night seen off.")

    async def test_a_click_on_a_hint_does_what_the_key_does(
        self, tmp_path: Path, elsewhere: Library
    ) -> None:
        async with chinwag(tmp_path) as chat:
            await in_list(chat, "down")
            await chat.click("F3 Pin")
            await told(chat, "Pinned “Sun”")


class TestBursts:
    """A key acts on what was highlighted when it was pressed, however many come behind it."""

    @pytest.mark.parametrize(
        ("key", "what"),
        [("delete", "Deleted “Moon”"), ("f3", "Pinned “Moon”"), ("f5", "Archived “Moon”")],
    )
    async def test_the_highlight_moves_on(
        self, tmp_path: Path, elsewhere: Library, key: str, what: str
    ) -> None:
        async with chinwag(tmp_path) as chat:
            await in_list(chat)
            chat.burst(key, "down", "down")
            await told(chat, what)

    @pytest.mark.parametrize(
        ("key", "dialog"), [("f2", RenameDialog), ("f4", LineDialog), ("f6", LineDialog)]
    )
    async def test_what_is_typed_behind_goes_into_the_dialog(
        self, tmp_path: Path, elsewhere: Library, key: str, dialog: type[Screen[str]]
    ) -> None:
        async with chinwag(tmp_path) as chat:
            await in_list(chat)
            chat.burst(*"sun", key, "ctrl+u", *"moon")
            await chat.until(lambda: isinstance(chat.app.screen, dialog))
            await chat.until(lambda: chat.app.screen.query_one(Input).value == "moon")
            assert chat.screen.chats.typed == "sun"
            await chat.press("escape")


class TestTheArchive:
    async def test_it_is_a_row_at_the_end_and_escape_leads_back(
        self, tmp_path: Path, elsewhere: Library
    ) -> None:
        elsewhere.change(elsewhere.conversations()[0].id, archived=True)
        async with chinwag(tmp_path) as chat:
            await chat.until(lambda: titles(chat) == ["Sun", "Tides"])
            await in_list(chat, "end", "enter")
            await chat.until(lambda: titles(chat) == ["Moon"])
            await chat.shows("/is:archived")
            await chat.press("home", "f5")
            await told(chat, "Took “Moon” out of the archive")
            await chat.press("escape")
            await chat.until(lambda: titles(chat) == ["Moon", "Sun", "Tides"])


class TestTheChatOnScreen:
    async def test_by_slash(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("one")
            await chat.send("/tag work ideas")
            await chat.until(lambda: chat.rows[0].tags == ("work", "ideas"))
            await chat.send("/tag -work")
            await chat.until(lambda: chat.rows[0].tags == ("ideas",))
            await chat.send("/pin")
            await chat.until(lambda: chat.rows[0].pinned)
            await chat.send("/archive")
            await chat.until(lambda: not chat.rows)
            assert len(chat.branch) == 2  # it stays on screen
            for _ in range(3):
                await chat.send("/undo")
            await chat.until(lambda: titles(chat) == ["one"] and not chat.rows[0].pinned)

    async def test_before_anything_was_said(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.send("/pin")
            await chat.send("/tag work")
            await chat.send("/archive")
            await told(chat, "nothing to archive yet")
            await chat.ask("one")
            await chat.until(lambda: chat.rows and chat.rows[0].pinned)
            assert chat.rows[0].tags == ("work",)


async def test_a_filter_is_typed_where_one_is_and_found_by_tag(
    tmp_path: Path, elsewhere: Library
) -> None:
    elsewhere.change(elsewhere.conversations()[1].id, tags=("star",))
    async with chinwag(tmp_path, size=(60, 20)) as chat:
        await chat.press("ctrl+b")
        await chat.until(lambda: len(chat.rows) == 3)
        await chat.type("tag:star")
        await chat.until(lambda: titles(chat) == ["Sun"])
        await chat.shows("/tag:star", "#star")
        await chat.press("enter")
        await chat.until(lambda: len(chat.branch) == 1)
        assert "About Sun" in chat.seen


class TestExport:
    async def test_what_is_marked_into_a_folder(
        self, tmp_path: Path, elsewhere: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        async with chinwag(tmp_path) as chat:
            await in_list(chat, "shift+down", "f6")
            await chat.shows("Export 2 chats")
            await chat.press("ctrl+u", *"html out", "slash", "enter")
            await told(chat, "Exported 2 chats to")
            assert [file.suffix for file in (tmp_path / "out").iterdir()] == [".html", ".html"]

    async def test_all_into_one_file(self, tmp_path: Path, elsewhere: Library) -> None:
        elsewhere.change(elsewhere.conversations()[0].id, archived=True)
        path = tmp_path / "all.json"
        async with chinwag(tmp_path) as chat:
            await chat.send(f"/export-all {path}")
            await told(chat, "Exported 3 chats to")
        exported = json.loads(path.read_text("utf-8"))["conversations"]
        assert [one["title"] for one in exported] == ["Sun", "Tides", "Moon"]

    async def test_the_chat_on_screen_by_key(
        self, tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server.script(says("Yes."))
        monkeypatch.chdir(tmp_path)
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("One")
            await chat.press("f6")
            await told(chat, "Exported to")
            assert any(f"{tmp_path}/one-" in toast for toast in chat.toasts)
