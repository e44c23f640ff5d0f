"""All keys on one page."""

from __future__ import annotations

from textual.app import App
from textual.containers import VerticalScroll

from tests.waiting import until
from tui.ui.dialogs import HelpRow, HelpScreen
from tui.ui.dialogs.help import help_page

ROWS = [
    HelpRow("Writing", "Enter", "Send"),
    HelpRow("Chats", "Ctrl+N", "New chat"),
    HelpRow("Writing", "Ctrl+J", "New line, wherever the terminal can't tell Shift+Enter apart"),
    HelpRow("Models", "Ctrl+O", "[b]Choose[/b]"),
]


def test_one_column_on_a_narrow_page() -> None:
    assert [line.rstrip() for line in help_page(ROWS, 40).plain.split("\n")] == [
        "Writing",
        "Enter   Send",
        "Ctrl+J  New line, wherever the terminal",
        "        can't tell Shift+Enter apart",
        "",
        "Chats",
        "Ctrl+N  New chat",
        "",
        "Models",
        "Ctrl+O  [b]Choose[/b]",
    ]


def test_two_columns_on_a_wide_one() -> None:
    lines = [line.rstrip() for line in help_page(ROWS, 100).plain.split("\n")]
    assert lines == [
        "Writing                                             Chats",
        "Enter   Send                                        Ctrl+N  New chat",
        "Ctrl+J  New line, wherever the terminal can't",
        "        tell Shift+Enter apart                      Models",
        "                                                    Ctrl+O  [b]Choose[/b]",
    ]


def test_keys_too_long_for_their_column_have_a_line_of_their_own() -> None:
    rows = [HelpRow("A", "Ctrl+Shift+PageDown Alt+Enter", "Jump"), HelpRow("A", "q", "Quit")]
    assert [line.rstrip() for line in help_page(rows, 60).plain.split("\n")] == [
        "A",
        "Ctrl+Shift+PageDown Alt+Enter",
        " " * 20 + "Jump",
        "q" + " " * 19 + "Quit",
    ]


def test_no_keys() -> None:
    assert help_page([], 100).plain == ""


class HelpApp(App[None]):
    """Opens the help and notes that it closed."""

    def __init__(self, rows: list[HelpRow]) -> None:
        super().__init__()
        self.help = HelpScreen(rows)
        self.closed = False

    def on_mount(self) -> None:
        self.push_screen(self.help, lambda _: setattr(self, "closed", True))


async def test_escape_f1_and_q_close_it() -> None:
    for key in ("escape", "f1", "q"):
        app = HelpApp(ROWS)
        async with app.run_test() as pilot:
            await pilot.press(key)
            assert app.closed


async def test_a_long_page_scrolls_by_keys() -> None:
    app = HelpApp([HelpRow("Keys", f"F{number}", "Something") for number in range(100)])
    async with app.run_test(size=(60, 16)) as pilot:
        page = app.help.query_one(VerticalScroll)
        await until(lambda: page.max_scroll_y > 50)
        await pilot.press("j", "j", "k")
        assert page.scroll_offset.y == 1
        await pilot.press("end")
        await until(lambda: page.scroll_offset.y == page.max_scroll_y)
