"""The list of chats in the sidebar: rows, keys, marks, and that it only knows what is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from textual import events, on
from textual.app import App, ComposeResult
from textual.message import Message
from textual.strip import Strip

from tests.waiting import until
from tui.core.chat_filter import listed_text
from tui.core.listing import ListedChat, Part, Wanted
from tui.ui.chat_list import ChatList
from tui.ui.chat_rows import (
    ChatChosen,
    DeleteRequested,
    ListRow,
    PartWanted,
    RangeMarked,
    UndoRequested,
    chat_parts,
)

NOW = datetime(2026, 11, 22, 15, 44, tzinfo=UTC)


def row(name: str, days: float = 0, *, pinned: bool = False, unread: bool = False) -> ListedChat:
    return ListedChat(
        name, f"Chat {name}", NOW - timedelta(days=days), pinned=pinned, unread=unread
    )


def hourly(count: int) -> list[ListedChat]:
    return [row(str(number), number / 24) for number in range(count)]


def part_of(rows: Sequence[ListedChat], wanted: Wanted) -> Part:
    """What the library would answer."""
    newest = sorted(rows, key=lambda one: (one.pinned, one.updated), reverse=True)
    listed = [
        one
        for one in newest
        if all(text in listed_text(one.title, one.tags) for text in wanted.filter.holds)
    ]
    ranks = {one.id: rank for rank, one in enumerate(listed)}
    first = wanted.first
    if wanted.around in ranks:
        first = ranks[wanted.around] - wanted.count // 2
    else:
        same = (
            ranks[seen.id] - seen.rank
            for seen in wanted.seen
            if seen.id in ranks and listed[ranks[seen.id]].updated == seen.updated
        )
        first += next(same, 0)
    first = max(0, min(first, len(listed) - wanted.count))
    times = [one.updated for one in listed if not one.pinned]
    bounds = [datetime.max.replace(tzinfo=UTC), *wanted.starts, datetime.min.replace(tzinfo=UTC)]
    counts = [sum(start <= time < end for time in times) for end, start in pairwise(bounds)]
    asked = {one: ranks[one] for one in (*wanted.ids, wanted.around) if one in ranks}
    return Part(
        pinned=len(listed) - len(times),
        counts=tuple(counts),
        first=first,
        chats=tuple(listed[first : first + wanted.count]),
        ranks=asked,
        gone=frozenset(wanted.marked - {one.id for one in rows}),
    )


class ListApp(App[None]):
    """A list of chats, what answers it, and what it posts."""

    def __init__(self, rows: Sequence[ListedChat]) -> None:
        super().__init__()
        self.rows = rows
        self.answering = True
        self.parts = 0
        self.posted: list[Message] = []

    def compose(self) -> ComposeResult:
        yield ChatList(tz=UTC)

    def on_mount(self) -> None:
        self.show(self.rows)

    def show(self, rows: Sequence[ListedChat]) -> None:
        """The library changed."""
        self.rows = rows
        wanted = self.chats.wanted(NOW)
        self.chats.show(part_of(rows, wanted), wanted)

    @property
    def chats(self) -> ChatList:
        return self.query_one(ChatList)

    @on(PartWanted)
    def answer(self) -> None:
        if self.answering:
            self.parts += 1
            self.show(self.rows)

    @on(ChatChosen)
    @on(DeleteRequested)
    @on(UndoRequested)
    @on(RangeMarked)
    def remember(self, message: Message) -> None:
        self.posted.append(message)

    def chosen(self) -> list[str]:
        return [message.chat_id for message in self.posted if isinstance(message, ChatChosen)]

    def screen_lines(self) -> list[str]:
        return [self.chats.render_line(y).text.rstrip() for y in range(self.chats.size.height)]


def highlighted(app: ListApp) -> str | None:
    chat = app.chats.highlighted
    return chat.id if chat else None


def marked(app: ListApp) -> list[str]:
    return list(app.chats.marks)


async def test_newest_first_under_days_and_pinned_on_top() -> None:
    rows = [row("old", 40), row("a"), row("pin", 300, pinned=True), row("b", 0.1), row("c", 1)]
    app = ListApp(rows)
    async with app.run_test(size=(30, 12)):
        assert [" ".join(line.split()[:2]) for line in app.screen_lines() if line] == [
            *("Pinned", "Chat pin"),
            *("Today", "Chat a", "Chat b"),
            *("Yesterday", "Chat c"),
            *("October", "Chat old"),
        ]


async def test_what_a_row_shows() -> None:
    rows = [
        replace(row("a"), streaming=True),
        replace(row("b", 0.1), unread=True),
        replace(row("c", 0.2), title="An endless title that can't fit here"),
        replace(row("d", 0.3), title="evil \x1b[2J [b]title\n"),
        replace(row("e", 0.4), title=" "),
        replace(row("f", 0.5), tags=("work", "a-long-idea")),
    ]
    app = ListApp(rows)
    async with app.run_test(size=(30, 16)):
        app.chats.current = "b"
        assert app.screen_lines()[:7] == [
            " Today",
            " ● Chat a                now",
            "▌● Chat b                2 h",
            "   An endless title tha… 4 h",
            "   evil ␛[2J [b]title    7 h",
            "   Untitled              9 h",
            "   Chat f  #work        12 h",
        ]


def test_a_long_title_leaves_room_for_a_tag_or_takes_all() -> None:
    def seen(width: int, *tags: str) -> str:
        chat = replace(row("a"), title="An endless title that can't fit", tags=tags)
        parts = chat_parts(chat, width, NOW, UTC)
        assert sum(len(text) for text, _ in parts) == width
        return "".join(text for text, _ in parts).strip()

    assert seen(32, "work") == "An endless title…  #work now"
    assert seen(32, "a-very-long-tag") == "An endless title that c… now"
    assert " ".join(seen(60, "work", "idea").split()).endswith("can't fit #work #idea now")


async def test_nothing_fits() -> None:
    app = ListApp(hourly(3))
    async with app.run_test(size=(30, 5)) as pilot:
        await pilot.press(*"zzz")
        await until(lambda: app.screen_lines()[0] == " Nothing fits")


async def test_no_chats() -> None:
    app = ListApp([])
    async with app.run_test(size=(30, 5)) as pilot:
        assert app.screen_lines()[0] == " No chats yet"
        await pilot.press("down", "up", "enter", "pagedown", "end", "insert", "shift+down")
        await pilot.click(ChatList, offset=(5, 0))
        assert not app.posted


async def test_keys_move_over_headings_and_stop_at_the_ends() -> None:
    app = ListApp([row("a"), row("b", 0.1), row("c", 1)])
    async with app.run_test() as pilot:
        for key, expected in (
            ("up", "a"),
            ("down", "b"),
            ("down", "c"),
            ("down", "c"),
            ("up", "b"),
            ("home", "a"),
            ("end", "c"),
        ):
            await pilot.press(key)
            assert highlighted(app) == expected, key
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


async def test_the_wheel_scrolls_without_moving_the_highlight() -> None:
    app = ListApp(hourly(200))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot._post_mouse_events([events.MouseScrollDown], ChatList)
        await until(lambda: app.chats.scroll_offset.y > 0)
        assert highlighted(app) == "0"


class TestClicks:
    async def test_a_click_opens_and_a_heading_does_not(self) -> None:
        app = ListApp([row("a"), row("b", 0.1)])
        async with app.run_test() as pilot:
            await pilot.click(ChatList, offset=(5, 0))
            assert app.chosen() == []
            await pilot.click(ChatList, offset=(5, 2))
            assert app.chosen() == ["b"]
            assert highlighted(app) == "b"

    async def test_with_ctrl_it_marks(self) -> None:
        app = ListApp(hourly(5))
        async with app.run_test() as pilot:
            for line, expected in ((1, ["0"]), (3, ["0", "2"]), (1, ["2"])):
                await pilot.click(ChatList, offset=(5, line), control=True)
                assert marked(app) == expected
            assert app.chosen() == []

    async def test_with_shift_it_asks_for_all_from_the_highlighted_one_on(self) -> None:
        app = ListApp(hourly(9))
        async with app.run_test() as pilot:
            await pilot.press("down")
            await pilot.click(ChatList, offset=(5, 5), shift=True)
            (asked,) = app.posted
            assert isinstance(asked, RangeMarked)
            assert (asked.first, asked.count) == (1, 4)
            await pilot.click(ChatList, offset=(5, 2), shift=True)
            assert [(one.first, one.count) for one in app.posted if isinstance(one, RangeMarked)][
                1
            ] == (1, 4)


class TestTyping:
    async def test_letters_narrow_the_list_and_escape_s_way_back_keeps_the_place(self) -> None:
        app = ListApp(hourly(300))
        async with app.run_test(size=(40, 10)) as pilot:
            await pilot.press("down", *"chat", "space", "2", "5", "0")
            await until(lambda: "Chat 250" in app.screen_lines()[1])
            assert app.chats.typed == "chat 250"
            assert highlighted(app) == "250"
            assert app.chats.leave()
            await until(lambda: app.chats.lines.total == 300)
            assert highlighted(app) == "250"
            assert any("Chat 250" in line for line in app.screen_lines())
            assert not app.chats.leave()

    async def test_it_is_edited_like_any_line(self) -> None:
        app = ListApp(hourly(3))
        async with app.run_test() as pilot:
            await pilot.press("space", *"one", "space", *"twx", "backspace")
            assert app.chats.typed == "one tw"
            await pilot.press("ctrl+w")
            assert app.chats.typed == "one"
            await pilot.press("ctrl+u")
            assert app.chats.typed == ""

    async def test_a_paste_is_typed_as_one_line(self) -> None:
        app = ListApp(hourly(3))
        async with app.run_test():
            app.post_message(events.Paste("chat\n\x1b2"))
            await until(lambda: app.chats.typed == "chat ␛2")

    async def test_what_is_pressed_waits_for_what_was_typed_before_it(self) -> None:
        app = ListApp(hourly(30))
        async with app.run_test() as pilot:
            app.answering = False
            await pilot.press("2", "1", "enter")
            assert app.chosen() == []
            app.show(app.rows)
            assert highlighted(app) == "21"
            await until(lambda: app.chosen() == ["21"])


class TestMarks:
    async def test_shift_and_arrows_mark_and_take_back(self) -> None:
        app = ListApp(hourly(9))
        async with app.run_test() as pilot:
            for keys, expected in (
                (["down", "shift+down", "shift+down"], ["1", "2", "3"]),
                (["shift+up"], ["1", "2"]),
                (["down", "down", "insert"], ["1", "2", "4"]),
            ):
                await pilot.press(*keys)
                assert marked(app) == expected
            assert app.chats.targets == ("1", "2", "4")
            assert highlighted(app) == "5"

    async def test_they_stay_when_rows_move_and_go_with_their_chats(self) -> None:
        rows = hourly(9)
        app = ListApp(rows)
        async with app.run_test() as pilot:
            await pilot.press("insert", "insert", "9")
            app.show([row("new"), *rows[1:]])
            for expected in (["1"], []):  # what narrows it goes first
                assert app.chats.leave()
                assert marked(app) == expected
            assert not app.chats.leave()
            await until(lambda: app.chats.settled)

    async def test_without_any_the_highlighted_chat_is_meant(self) -> None:
        app = ListApp(hourly(3))
        async with app.run_test() as pilot:
            await pilot.press("down")
            assert app.chats.targets == ("1",)

    async def test_all_may_be_more_than_the_list_knows(self) -> None:
        app = ListApp(hourly(3000))
        async with app.run_test(size=(40, 10)) as pilot:
            await pilot.press("ctrl+a")
            (asked,) = app.posted
            assert isinstance(asked, RangeMarked)
            assert (asked.first, asked.count) == (0, 3000)


async def test_delete_and_undo_are_asked_for() -> None:
    app = ListApp([row("a"), row("b", 0.1)])
    async with app.run_test() as pilot:
        await pilot.press("down", "delete", "ctrl+d", "ctrl+z")
        assert [type(message) for message in app.posted] == [
            DeleteRequested,
            DeleteRequested,
            UndoRequested,
        ]


class TestHoldingStill:
    async def test_the_highlight_stays_with_its_chat(self) -> None:
        app = ListApp([row("a"), row("b", 0.1), row("c", 1)])
        async with app.run_test() as pilot:
            await pilot.press("down")
            app.show([row("new"), *app.rows])
            assert highlighted(app) == "b"

    async def test_when_its_chat_is_gone_the_highlight_takes_the_next(self) -> None:
        a, b, c = row("a"), row("b", 0.1), row("c", 1)
        app = ListApp([a, b, c])
        async with app.run_test() as pilot:
            await pilot.press("down")
            app.show([a, c])
            assert highlighted(app) == "c"
            app.show([a])
            assert highlighted(app) == "a"
            app.show([])
            assert highlighted(app) is None

    async def test_rows_on_screen_hold_still_while_others_come_and_move(self) -> None:
        rows = hourly(2000)
        app = ListApp(rows)
        async with app.run_test(size=(40, 10)) as pilot:
            await pilot.press("end")
            await until(lambda: highlighted(app) == "1999")
            before = app.screen_lines()
            # Many chats are new, and the one at the top of the screen got a reply and moved up.
            top = next(chat for chat in rows if f" {chat.title} " in before[0])
            moved = replace(top, updated=NOW + timedelta(minutes=1))
            new = [row(f"new{number}") for number in range(300)]
            app.show([*new, moved, *(chat for chat in rows if chat != top)])
            assert app.screen_lines()[1:] == before[1:]
            assert highlighted(app) == "1999"

    async def test_at_the_top_new_chats_come_into_view(self) -> None:
        app = ListApp(hourly(200))
        async with app.run_test(size=(40, 10)):
            app.show([row("new"), *app.rows])
            assert "Chat new" in "".join(app.screen_lines())

    async def test_the_open_chat_is_scrolled_to(self) -> None:
        app = ListApp(hourly(2000))
        async with app.run_test(size=(40, 10)) as pilot:
            app.chats.current = "1500"
            await until(lambda: highlighted(app) == "1500")
            assert any(line.startswith("▌  Chat 1500") for line in app.screen_lines())
            await pilot.press("down")
            app.chats.current = "1500"  # said again, it takes nobody back there
            assert highlighted(app) == "1501"
            app.chats.current = None
            assert not any(line.startswith("▌") for line in app.screen_lines())

    async def test_a_chat_opened_while_the_list_is_folded_away_is_on_screen_after(self) -> None:
        app = ListApp(hourly(200))
        async with app.run_test(size=(40, 10)) as pilot:
            app.chats.display = False
            await pilot.pause()
            app.chats.current = "150"
            app.chats.display = True
            await pilot.pause()
            await until(lambda: any("▌  Chat 150" in line for line in app.screen_lines()))

    async def test_a_list_that_gets_short_is_in_sight(self) -> None:
        rows = hourly(2000)
        app = ListApp(rows)
        async with app.run_test(size=(40, 10)) as pilot:
            await pilot.press("end")
            await until(lambda: highlighted(app) == "1999")
            app.show(rows[:2])
            await until(lambda: app.screen_lines()[1].startswith("   Chat 0"))
            assert highlighted(app) == "1"


class CountingList(ChatList):
    """Counts what it paints."""

    painted = 0

    def render_row(self, row: ListRow, width: int, look: tuple[str, ...]) -> Strip:
        self.painted += 1
        return super().render_row(row, width, look)


class CountingApp(ListApp):
    """A list that counts."""

    def compose(self) -> ComposeResult:
        yield CountingList(tz=UTC)


class TestCost:
    """What a key costs does not depend on how many chats there are."""

    async def test_a_key_paints_two_rows(self) -> None:
        app = CountingApp(hourly(10_000))
        async with app.run_test(size=(40, 10)) as pilot:
            chats = app.query_one(CountingList)
            await pilot.press("down")
            painted = chats.painted
            assert painted <= 40
            await pilot.press("down")
            assert chats.painted - painted <= 2

    async def test_only_what_is_near_the_screen_is_ever_known(self) -> None:
        app = ListApp(hourly(10_000))
        async with app.run_test(size=(40, 10)) as pilot:
            for keys in (("pagedown",) * 30, ("end",), ("pageup",) * 30, ("home",)):
                await pilot.press(*keys)
                await until(lambda: app.chats.highlighted)
                assert len(app.chats.lines.known) <= 120
                assert all(line for line in app.screen_lines())
            assert app.parts < 40
