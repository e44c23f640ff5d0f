"""Giving a chat another title."""

from __future__ import annotations

from textual import events
from textual.app import App

from tui.ui.dialogs import RenameDialog
from tui.ui.dialogs.fields import LineField


class RenameApp(App[None]):
    """Opens the dialog and keeps its result."""

    def __init__(self, title: str = "Old title") -> None:
        super().__init__()
        self.dialog = RenameDialog(title)
        self.results: list[str | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.results.append)

    @property
    def field(self) -> LineField:
        return self.dialog.query_one(LineField)


async def test_typing_replaces_the_old_title() -> None:
    app = RenameApp()
    async with app.run_test() as pilot:
        assert app.field.value == "Old title"
        await pilot.press(*"New", "enter")
        assert app.results == ["New"]


async def test_a_title_can_be_added_to() -> None:
    app = RenameApp()
    async with app.run_test() as pilot:
        await pilot.press("end", "!", "enter")
        assert app.results == ["Old title!"]


async def test_escape_leaves_it() -> None:
    app = RenameApp()
    async with app.run_test() as pilot:
        await pilot.press(*"New", "escape")
        assert app.results == [None]


async def test_a_click_beside_it_does_not_lose_what_is_written() -> None:
    app = RenameApp()
    async with app.run_test() as pilot:
        await pilot.press(*"New")
        await pilot.click(offset=(1, 1))
        assert app.screen is app.dialog
        await pilot.press("enter")
        assert app.results == ["New"]


async def test_no_title_is_no_title() -> None:
    app = RenameApp()
    async with app.run_test() as pilot:
        await pilot.press("delete", "space", "enter")
        assert app.results == []


async def test_a_title_and_a_paste_can_only_be_text() -> None:
    app = RenameApp("evil \x1b[2J\n[b]title")
    async with app.run_test() as pilot:
        assert app.field.value == "evil ␛[2J [b]title"
        app.post_message(events.Paste("\x1b]0;pwned\x07"))
        await pilot.pause()
        assert app.field.value == "␛]0;pwned␇"
