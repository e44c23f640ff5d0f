"""Selecting, copying, clicking and the keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.geometry import Offset

from tests.ui.transcript.pane import at, chat, drag, live, outline, pane, reply, user
from tests.waiting import until
from tui.ui.transcript import (
    Copied,
    EntriesNeeded,
    EntryFocused,
    Transcript,
)
from tui.ui.transcript.selecting import Point, Selected

WRAPPED = "The **quick** brown fox jumps over the `lazy` dog and does so again and again and again."
CODE = "Before.\n\n```python\ndef f():\n\treturn 1\n```\n\nAfter.\n\n```\nplain\n```\n"


async def test_a_drag_copies_unwrapped_text() -> None:
    async with pane(width=40) as shown:
        shown.transcript.show(outline([reply("m", WRAPPED)]), [reply("m", WRAPPED)])
        await shown.pilot.pause()
        await drag(shown, at(shown, "quick"), (at(shown, "again.")[0] + 6, at(shown, "again.")[1]))
        expected = WRAPPED[WRAPPED.index("quick") :].replace("*", "").replace("`", "")
        assert shown.transcript.selected_text == expected
        await shown.pilot.press("y")
        assert shown.told(Copied)[-1].text == expected
        await shown.pilot.press("Y")
        assert shown.told(Copied)[-1].text == WRAPPED[WRAPPED.index("quick") :]
        assert shown.app.screen.get_selected_text() == expected  # Textual's own copy action


async def test_a_drag_backwards_selects_the_same() -> None:
    async with pane() as shown:
        shown.transcript.show(outline([reply("m", "one two three")]), [reply("m", "one two three")])
        await shown.pilot.pause()
        x, y = at(shown, "two")
        await drag(shown, (x + 3, y), (x, y))
        assert shown.transcript.selected_text == "two"


async def test_a_drag_from_a_bullet_takes_its_item_from_the_start() -> None:
    text = "- first item\n- second item\n"
    async with pane() as shown:
        shown.transcript.show(outline([reply("m", text)]), [reply("m", text)])
        await shown.pilot.pause()
        x, y = at(shown, "first")
        await drag(shown, (x - 2, y), (x + 11, y + 1))
        assert shown.transcript.selected_text == "first item\n• second item"
        await shown.pilot.press("Y")
        assert shown.told(Copied)[-1].text == "- first item\n- second item"


async def test_what_is_copied_of_a_task_list_says_what_is_done() -> None:
    text = "To do:\n\n- [ ] one\n- [x] two\n  - [X] three"
    async with pane() as shown:
        shown.transcript.show(outline([reply("m", text)]), [reply("m", text)])
        await shown.pilot.pause()
        x, y = at(shown, "three")
        await drag(shown, at(shown, "To do"), (x + 5, y))
        assert shown.transcript.selected_text == "To do:\n\n☐ one\n☑ two\n  ☑ three"


async def test_a_selection_across_messages_survives_streaming_and_scrolling() -> None:
    entries = [user("u", "my question"), reply("a", "an answer")]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        shown.transcript.append(live("new"))
        await shown.pilot.pause()
        await drag(
            shown, at(shown, "question"), (at(shown, "answer")[0] + 6, at(shown, "answer")[1])
        )
        selected = shown.transcript.selected_text
        assert selected == "question\n\nan answer"
        for _ in range(30):
            shown.transcript.extend("new", "More text.\n\n")
        await shown.pilot.pause()
        assert shown.transcript.selected_text == selected
        await shown.pilot.press("home")
        strip = shown.transcript.render_line(shown.row_of("question"))
        looks = {segment.text: segment.style for segment in strip}
        assert looks["question"] != looks["my "]


async def test_numbers_are_copied_only_when_nothing_else_is() -> None:
    entries = [
        replace(reply("a", "first"), reasoning="Hm.", reasoning_ms=200, numbers="~9 in"),
        user("q", "and then?"),
        replace(reply("b", "second"), error="No more.", numbers="~6 in"),
        live("c"),
    ]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        x, y = at(shown, "waiting…")
        await drag(shown, at(shown, "▸ Thought for"), (x + 8, y))
        assert shown.transcript.selected_text == "first\n\nand then?\n\nsecond\nNo more."
        x, y = at(shown, "~9 in")
        await drag(shown, at(shown, "first"), (x + 2, y))
        assert shown.transcript.selected_text == "first"
        await drag(shown, (x, y), (x + 5, y))
        assert shown.transcript.selected_text == "~9 in"


async def test_a_drag_beyond_the_edge_scrolls() -> None:
    entries = chat(20)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        await shown.pilot.mouse_down(Transcript, offset=Offset(10, 5))
        await shown.pilot.hover(Transcript, offset=Offset(10, 2))
        shown.transcript._edge_at = Offset(10, -3)  # Pilot keeps the pointer on the screen
        for _ in range(10):
            shown.transcript._drag_on()
        await shown.pilot.mouse_up(Transcript, offset=Offset(10, 0))
        assert len(shown.transcript.selected_text.splitlines()) > 20


async def test_what_is_not_here_is_fetched_before_it_is_copied() -> None:
    entries = chat(30)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.press("home", "shift+down")
        assert shown.transcript._selected is not None
        anchor = shown.transcript._selected.anchor
        shown.transcript.show(outline(entries), entries[-4:])
        for entry in entries[4:-4]:
            shown.transcript._laid._drop(entry.id)
        last = Point("a29", 1, 3)
        shown.transcript._select(Selected(anchor, last))
        await shown.pilot.press("y")
        assert not shown.told(Copied)
        needed = shown.told(EntriesNeeded)[-1].ids
        by_id = {entry.id: entry for entry in entries}
        shown.transcript.provide([by_id[name] for name in needed[:5]])
        assert not shown.told(Copied)
        shown.transcript.provide([by_id[name] for name in needed[5:]])
        await until(lambda: shown.told(Copied))
        text = shown.told(Copied)[0].text
        assert text.count("Question") == 30
        assert text.endswith("Answer 29, line 0.\n\nAns")


async def test_two_clicks_take_a_word_and_three_the_block() -> None:
    async with pane(width=40) as shown:
        shown.transcript.show(outline([reply("m", WRAPPED)]), [reply("m", WRAPPED)])
        await shown.pilot.pause()
        x, y = at(shown, "brown")
        await shown.pilot.click(Transcript, offset=Offset(x + 2, y), times=2)
        assert shown.transcript.selected_text == "brown"
        await shown.pilot.click(Transcript, offset=Offset(x + 2, y), times=3)
        assert shown.transcript.selected_text == WRAPPED.replace("*", "").replace("`", "")
        await shown.pilot.click(Transcript, offset=Offset(x + 2, y))
        assert shown.transcript.selected_text == ""


async def test_a_click_with_shift_extends_the_selection() -> None:
    text = "one two three four"
    async with pane() as shown:
        shown.transcript.show(outline([reply("m", text)]), [reply("m", text)])
        await shown.pilot.pause()
        x, y = at(shown, "two")
        await drag(shown, (x, y), (x + 3, y))
        for column, selected in ((9, "two three"), (3, "two"), (-4, "one ")):
            await shown.pilot.click(Transcript, offset=Offset(x + column, y), shift=True)
            assert shown.transcript.selected_text == selected
            assert shown.app.screen.get_selected_text() == selected
        await shown.pilot.click(Transcript, offset=Offset(x, y))
        assert shown.transcript.selected_text == ""


async def test_wide_characters_are_hit_where_they_are_seen() -> None:
    text = "東京は日本の首都です and 🙂 more"
    async with pane() as shown:
        shown.transcript.show(outline([reply("m", text)]), [reply("m", text)])
        await shown.pilot.pause()
        y = shown.row_of("東京")
        await drag(shown, (2 + 6, y), (2 + 10, y))
        assert shown.transcript.selected_text == "日本"


async def test_shift_and_arrows_select() -> None:
    async with pane() as shown:
        shown.transcript.show(
            outline([reply("m", "one two\n\nthree")]), [reply("m", "one two\n\nthree")]
        )
        await shown.pilot.pause()
        await shown.pilot.press("shift+down", "shift+down", "shift+right", "shift+right")
        assert shown.transcript.selected_text == "one two\n\nth"
        await shown.pilot.press("escape")
        assert shown.transcript.selected_text == ""


async def test_shift_and_arrows_begin_at_what_has_the_focus() -> None:
    entries = [*chat(2), reply("m", CODE)]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.press("left_square_bracket", "shift+down", "shift+down")
        assert shown.transcript.selected_text == "Before."
        await shown.pilot.press("escape", "right_curly_bracket", "shift+down")
        assert shown.transcript.selected_text == "def f():\n"
        await shown.pilot.press("escape", "home", "shift+down", "shift+down")  # out of view
        assert shown.transcript.selected_text == "Question 0?"


async def test_shift_and_arrows_take_whole_characters() -> None:
    signs = ["a", "👩‍👩‍👧", "e\u0301", "❤\ufe0f", "東", "\x1b", "b"]
    text = "".join(signs)
    async with pane() as shown:
        shown.transcript.show(outline([user("m", text)]), [user("m", text)])
        await shown.pilot.pause()
        shown.transcript._select(Selected(Point("m", 0, 0), Point("m", 0, 0)))
        for count in range(1, len(signs) + 1):
            await shown.pilot.press("shift+right")
            assert shown.transcript.selected_text == "".join(signs[:count])
        for count in reversed(range(len(signs))):
            await shown.pilot.press("shift+left")
            assert shown.transcript.selected_text == "".join(signs[:count])


async def test_copying_gives_the_original_of_what_is_made_safe_to_show() -> None:
    text = "a \x1b[31m b"
    async with pane() as shown:
        shown.transcript.show(outline([user("m", text)]), [user("m", text)])
        await shown.pilot.pause()
        assert shown.sees("a ␛[31m b")
        await shown.pilot.click(Transcript, offset=Offset(3, shown.row_of("a ␛")), times=3)
        assert shown.transcript.selected_text == text


async def test_code_is_copied_whole_by_click_and_by_key() -> None:
    async with pane() as shown:
        shown.transcript.show(outline([reply("m", CODE)]), [reply("m", CODE)])
        await shown.pilot.pause()
        x, y = at(shown, "copy")
        await shown.pilot.click(Transcript, offset=Offset(x, y))
        assert shown.told(Copied)[-1] == shown.told(Copied)[0]
        assert shown.told(Copied)[-1].text == "def f():\n\treturn 1"
        await shown.pilot.press("right_curly_bracket", "y")
        assert shown.told(Copied)[-1].text == "plain"
        await shown.pilot.press("left_curly_bracket", "y")
        assert shown.told(Copied)[-1].text == "def f():\n\treturn 1"


async def test_a_long_fence_is_copied_as_one() -> None:
    code = "\n".join(f"line {n}" for n in range(300)) + "\n" + "x" * 10_000
    text = f"```\n{code}\n```"
    async with pane() as shown:
        shown.transcript.show(outline([reply("m", text)]), [reply("m", text)])
        await shown.pilot.pause()
        await shown.pilot.press("home", "right_curly_bracket", "y")
        assert shown.told(Copied)[-1].text == code


async def test_nothing_of_the_chat_before_is_left_in_another() -> None:
    wide = "|" + "|".join(f"c{n}" for n in range(30)) + "|\n|" + "--|" * 30
    one, other = [*chat(3), reply("t", wide)], [reply("x", "other"), reply("y", wide)]
    async with pane() as shown:
        shown.transcript.show(outline(one), one)
        await shown.pilot.press("home", *["shift+down"] * 3, "G", "l", "left_square_bracket")
        assert shown.transcript.selected_text
        assert shown.transcript.focused_entry == "t"
        assert not shown.sees("c0 ")
        shown.transcript.show(outline(other), other)
        await shown.pilot.pause()
        assert shown.transcript.selected_text == ""
        assert not shown.app.screen.selections
        assert shown.told(EntryFocused)[-1].entry_id is None
        assert shown.sees("c0 ")
        await shown.pilot.press("y")
        assert shown.told(Copied)[-1].text == wide


async def test_what_was_to_be_copied_in_the_chat_before_is_not_waited_for() -> None:
    entries = chat(30)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries[:2])
        await shown.pilot.press("Y")
        held = [shown.transcript._laid.hold]
        shown.transcript.show(outline([reply("x", "other")]), [reply("x", "other")])
        held.append(shown.transcript._laid.hold)
        assert held == [True, False]
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        assert not shown.told(Copied)


async def test_a_selection_and_a_focus_survive_that_more_of_the_chat_is_shown() -> None:
    entries = chat(20)
    async with pane() as shown:
        shown.transcript.show(outline(entries[-6:]), entries[-6:])
        await shown.pilot.press("left_square_bracket", "pageup", *["shift+down"] * 3)
        selected = shown.transcript.selected_text
        shown.transcript.show(outline(entries), entries[-6:])
        await shown.pilot.pause()
        assert selected
        assert shown.transcript.selected_text == selected
        assert shown.transcript.focused_entry == "a19"


async def test_a_selection_and_the_focus_can_be_dropped_while_another_window_writes() -> None:
    async with pane() as shown:
        shown.transcript.show(outline(chat(2)), chat(2))
        shown.transcript.append(live("new"))
        await shown.pilot.press("left_square_bracket", "escape")
        assert shown.app.escapes == 1  # the screen may have a reply to stop
        await shown.pilot.press("home", "shift+down", "shift+down")
        assert shown.transcript.selected_text
        for expected in ((False, "new"), (False, None), (False, None)):
            shown.transcript.action_drop_selection()  # it had not
            assert (shown.transcript.has_selection, shown.transcript.focused_entry) == expected


BOOK = "word " * 30_000 + "\n\n```\nold\n```\n\nThe end.\n"


@pytest.mark.parametrize("key", ["y", "Y", "ctrl+c"])
async def test_a_message_that_was_not_read_yet_is_not_left_out_of_what_is_copied(key: str) -> None:
    entries = [reply("a", "first"), reply("book", BOOK), reply("z", "last")]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        laid = shown.transcript._laid
        await until(lambda: laid.picture(1) is not None)
        await shown.pilot.press("home")
        laid._forget(laid._pictures.pop("book"), 0)  # as for what was not seen for long
        shown.transcript._select(Selected(Point("a", 0, 0), Point("z", 0, 4)))
        await shown.pilot.press(key)
        await until(lambda: shown.told(Copied))
        text = shown.told(Copied)[-1].text
        assert text.startswith("first\n\nword word ")
        assert text.endswith("The end.\n\n\nlast" if key == "Y" else "The end.\n\nlast")
        assert not laid.hold


async def test_code_of_a_message_that_was_let_go_is_copied() -> None:
    entries = [reply("book", BOOK), *chat(5)]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.press("left_curly_bracket")
        await until(lambda: shown.transcript.focused_entry == "book")
        await shown.pilot.press("end")
        shown.transcript._laid._drop("book")
        await shown.pilot.press("y")
        assert shown.told(EntriesNeeded)[-1].ids == ("book",)
        assert not shown.told(Copied)
        shown.transcript.provide(entries[:1])
        await until(lambda: shown.told(Copied))
        assert shown.told(Copied)[-1].text == "old"
