"""The list of chats in the sidebar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from textual import events, on
from textual.app import App, ComposeResult
from textual.message import Message
from textual.strip import Strip

from tests.waiting import until
from tui.ui.chat_list import (
    ChatChosen,
    ChatList,
    ChatRow,
    DeleteRequested,
    MoreWanted,
    UndoRequested,
    under_headings,
)
from tui.ui.row_lines import Heading

NOW = datetime(2026, 11, 22, 15, 44, tzinfo=UTC)


def row(name: str, days: float = 0, *, pinned: bool = False, unread: bool = False) -> ChatRow:
    return ChatRow(name, f"Chat {name}", NOW - timedelta(days=days), pinned=pinned, unread=unread)


def hourly(count: int) -> list[ChatRow]:
    return [row(str(number), number / 24) for number in range(count)]


class ListApp(App[None]):
    """A list of chats and what it posts."""

    def __init__(self, rows: Sequence[ChatRow], *, more: bool = False) -> None:
        super().__init__()
        self.rows = rows
        self.more = more
        self.posted: list[Message] = []

    def compose(self) -> ComposeResult:
        yield ChatList(tz=UTC)

    def on_mount(self) -> None:
        self.chats.show(self.rows, NOW, more=self.more)

    @property
    def chats(self) -> ChatList:
        return self.query_one(ChatList)

    @on(ChatChosen)
    @on(DeleteRequested)
    @on(UndoRequested)
    @on(MoreWanted)
    def remember(self, message: Message) -> None:
        self.posted.append(message)

    def chosen(self) -> list[str]:
        return [message.chat_id for message in self.posted if isinstance(message, ChatChosen)]

    def screen_lines(self) -> list[str]:
        return [self.chats.render_line(y).text.rstrip() for y in range(self.chats.size.height)]


def highlighted(app: ListApp) -> str | None:
    chat = app.chats.highlighted
    return chat.id if chat else None


def test_newest_first_under_days_and_pinned_on_top() -> None:
    rows = [row("old", 40), row("a"), row("pin", 300, pinned=True), row("b", 0.1), row("c", 1)]
    lines = under_headings(rows, NOW, UTC)
    assert [line.text if isinstance(line, Heading) else line.id for line in lines] == [
        *("Pinned", "pin"),
        *("Today", "a", "b"),
        *("Yesterday", "c"),
        *("October", "old"),
    ]


async def test_what_a_row_shows() -> None:
    rows = [
        replace(row("a"), streaming=True),
        replace(row("b", 0.1), unread=True),
        replace(row("c", 0.2), title="An endless title that can't fit here"),
        replace(row("d", 0.3), title="evil \x1b[2J [b]title\n"),
        replace(row("e", 0.4), title=" "),
    ]
    app = ListApp(rows)
    async with app.run_test(size=(30, 16)):
        app.chats.current = "b"
        assert app.screen_lines()[:6] == [
            " Today",
            " ● Chat a                 now",
            "▌● Chat b                 2 h",
            "   An endless title that… 4 h",
            "   evil ␛[2J [b]title     7 h",
            "   Untitled               9 h",
        ]


async def test_no_chats() -> None:
    app = ListApp([])
    async with app.run_test(size=(30, 5)) as pilot:
        assert app.screen_lines()[0] == " No chats yet"
        await pilot.press("down", "up", "enter", "delete", "pagedown", "end")
        await pilot.click(ChatList, offset=(5, 0))
        assert not app.posted


async def test_keys_move_over_headings_and_stop_at_the_ends() -> None:
    app = ListApp([row("a"), row("b", 0.1), row("c", 1)])
    async with app.run_test() as pilot:
        for keys, expected in (
            (["up"], "a"),
            (["down"], "b"),
            (["j"], "c"),
            (["down"], "c"),
            (["k"], "b"),
            (["home"], "a"),
            (["end"], "c"),
        ):
            await pilot.press(*keys)
            assert highlighted(app) == expected, keys
        await pilot.press("enter")
        assert app.chosen() == ["c"]


async def test_a_page_is_a_screenful() -> None:
    app = ListApp(hourly(200))
    async with app.run_test(size=(40, 11)) as pilot:
        await pilot.press("pagedown")
        assert highlighted(app) == "10"
        await pilot.press("pagedown", "pageup")
        assert highlighted(app) == "10"


async def test_the_highlight_is_always_on_screen() -> None:
    app = ListApp(hourly(200))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("end")
        assert "Chat 199" in app.screen_lines()[-1]
        await pilot.press("home")
        assert app.screen_lines()[0] == " Today"


async def test_a_click_opens_and_a_heading_does_not() -> None:
    app = ListApp([row("a"), row("b", 0.1)])
    async with app.run_test() as pilot:
        await pilot.click(ChatList, offset=(5, 0))
        assert app.chosen() == []
        await pilot.click(ChatList, offset=(5, 2))
        assert app.chosen() == ["b"]
        assert highlighted(app) == "b"


async def test_the_wheel_scrolls_without_moving_the_highlight() -> None:
    app = ListApp(hourly(200))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot._post_mouse_events([events.MouseScrollDown], ChatList)
        await until(lambda: app.chats.scroll_offset.y > 0)
        assert highlighted(app) == "0"


async def test_delete_and_undo_are_asked_for() -> None:
    app = ListApp([row("a"), row("b", 0.1)])
    async with app.run_test() as pilot:
        await pilot.press("down", "delete", "d", "ctrl+z")
        first, second, third = app.posted
        assert isinstance(first, DeleteRequested)
        assert first.chat_id == "b"
        assert isinstance(second, DeleteRequested)
        assert isinstance(third, UndoRequested)


async def test_the_highlight_stays_with_its_chat() -> None:
    app = ListApp([row("a"), row("b", 0.1), row("c", 1)])
    async with app.run_test() as pilot:
        await pilot.press("down")
        app.chats.show([row("new"), *app.rows], NOW)
        assert highlighted(app) == "b"


async def test_when_its_chat_is_gone_the_highlight_takes_the_next() -> None:
    a, b, c = row("a"), row("b", 0.1), row("c", 1)
    app = ListApp([a, b, c])
    async with app.run_test() as pilot:
        await pilot.press("down")
        app.chats.show([a, c], NOW)
        assert highlighted(app) == "c"
        app.chats.show([a], NOW)
        assert highlighted(app) == "a"
        app.chats.show([], NOW)
        assert highlighted(app) is None


async def test_rows_on_screen_hold_still_while_others_come_and_move() -> None:
    rows = hourly(200)
    app = ListApp(rows)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("end")
        before = app.screen_lines()
        # One chat is new, and the one at the top of the screen got a reply and moved up.
        top = next(chat for chat in rows if chat.title in before[0])
        moved = replace(top, updated=NOW + timedelta(minutes=1))
        app.chats.show([row("new"), moved, *(chat for chat in rows if chat != top)], NOW)
        assert app.screen_lines()[1:] == before[1:]


async def test_at_the_top_new_chats_come_into_view() -> None:
    app = ListApp(hourly(200))
    async with app.run_test(size=(40, 10)):
        app.chats.show([row("new"), *app.rows], NOW)
        assert "Chat new" in "".join(app.screen_lines())


async def test_the_open_chat_is_scrolled_to() -> None:
    app = ListApp(hourly(200))
    async with app.run_test(size=(40, 10)):
        app.chats.current = "150"
        assert any(line.startswith("▌  Chat 150") for line in app.screen_lines())
        app.chats.current = None
        assert not any(line.startswith("▌") for line in app.screen_lines())


async def test_a_chat_opened_while_the_list_is_folded_away_is_on_screen_after() -> None:
    app = ListApp(hourly(200))
    async with app.run_test(size=(40, 10)) as pilot:
        app.chats.display = False
        await pilot.pause()
        app.chats.current = "150"
        app.chats.display = True
        await pilot.pause()
        assert any(line.startswith("▌  Chat 150") for line in app.screen_lines())


async def test_more_is_wanted_once_near_the_end() -> None:
    app = ListApp(hourly(200), more=True)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("pagedown")
        assert not app.posted
        await pilot.press("end", "up", "end")
        assert [type(message) for message in app.posted] == [MoreWanted]
        app.chats.show(hourly(400), NOW, more=True)
        await pilot.press("end")
        assert len(app.posted) == 2


async def test_more_is_wanted_when_the_rows_do_not_fill_the_screen() -> None:
    app = ListApp(hourly(3), more=True)
    async with app.run_test(size=(40, 10)):
        await until(lambda: app.posted)
        assert isinstance(app.posted[0], MoreWanted)


class CountingList(ChatList):
    """Counts what it paints."""

    painted = 0

    def render_row(self, row: ChatRow, width: int, look: tuple[str, ...]) -> Strip:
        self.painted += 1
        return super().render_row(row, width, look)


class CountingApp(ListApp):
    """A list that counts."""

    def compose(self) -> ComposeResult:
        yield CountingList(tz=UTC)


async def test_a_key_paints_two_rows_however_many_there_are() -> None:
    app = CountingApp(hourly(10_000))
    async with app.run_test(size=(40, 10)) as pilot:
        chats = app.query_one(CountingList)
        await pilot.press("down")
        painted = chats.painted
        assert painted <= 40
        await pilot.press("down")
        assert chats.painted - painted <= 2
