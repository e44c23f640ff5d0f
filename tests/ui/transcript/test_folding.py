"""Folding: code to its header, a message to one line, and nothing lost or moved by it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from textual.geometry import Offset

from tests.ui.transcript.pane import Pane, at, chat, drag, live, outline, pane, reply, user
from tests.ui.transcript.test_blocks import MARKDOWN
from tests.ui.transcript.test_picture import CUTS, MORE, WIDTH, drawn
from tests.waiting import until
from tui.core.message import Role
from tui.ui.transcript import Copied, EntriesNeeded, Entry, SiblingStepped, Transcript
from tui.ui.transcript.block import Kind
from tui.ui.transcript.folding import AS_IT_COMES, Folds
from tui.ui.transcript.picture import Picture
from tui.ui.transcript.rendered import Renderer

CODE = "\n".join(f"line {n}" for n in range(100))
TEXT = f"Before.\n\n```python\n{CODE}\n```\n\nAfter.\n\n```\nshort\n```\n\nThe end."
FOLDED = "▸ python · 100 lines"


async def opened(shown: Pane, *entries: Entry) -> None:
    shown.transcript.show(outline(entries), entries)
    await shown.pilot.pause()


async def test_z_folds_the_focused_code_block_to_its_header_and_opens_it_again() -> None:
    async with pane() as shown:
        await opened(shown, reply("m", TEXT))
        await shown.pilot.press("home")
        before = shown.rows()
        await shown.pilot.press("right_curly_bracket", "z")
        assert shown.sees(FOLDED)
        assert not shown.sees("line 0")
        assert shown.sees("Before.")
        assert shown.sees("After.")
        await shown.pilot.press("y")
        assert shown.told(Copied)[-1].text == CODE
        await shown.pilot.press("z", "escape")
        assert shown.rows() == before


async def test_a_click_on_its_header_folds_a_code_block() -> None:
    async with pane() as shown:
        await opened(shown, reply("m", TEXT))
        await shown.pilot.press("home")
        x, y = at(shown, "▾ python")
        await shown.pilot.click(Transcript, offset=Offset(x + 3, y))
        assert shown.row_of(FOLDED) == y
        await shown.pilot.click(Transcript, offset=Offset(x + 3, y))
        assert shown.row_of("▾ python") == y
        assert shown.sees("line 0")


async def test_a_message_folds_to_one_line_by_key_and_by_click() -> None:
    entries = [user("u", "Why?\nTell me."), reply("a", "**Because** of this.\n\nAnd more.\n")]
    async with pane() as shown:
        await opened(shown, *entries)
        await shown.pilot.press("left_square_bracket", "z")
        assert shown.rows()[shown.row_of("Because")] == "▌ ▸ model  Because of this.  4 lines"
        assert not shown.sees("And more.")
        await shown.pilot.press("y", "z")
        assert shown.told(Copied)[-1].text == entries[1].text
        assert shown.sees("And more.")
        x, y = at(shown, "You")
        await shown.pilot.click(Transcript, offset=Offset(x, y))
        assert shown.rows()[y].endswith("▸ You  Why? Tell me.  2 lines")
        await shown.pilot.click(Transcript, offset=Offset(x + 30, y))  # anywhere on it
        assert shown.sees("Tell me.")


async def test_a_folded_message_still_says_which_version_it_is() -> None:
    entry = replace(reply("a", "Some words."), sibling=(1, 2))
    async with pane() as shown:
        await opened(shown, entry)
        await shown.pilot.press("left_square_bracket", "z")
        assert shown.rows()[shown.row_of("▸")] == "▌ ▸ model  ‹ 1/2 ›  Some words.  1 line"
        x, y = at(shown, "›")
        await shown.pilot.click(Transcript, offset=Offset(x, y))
        assert [(one.entry_id, one.step) for one in shown.told(SiblingStepped)] == [("a", 1)]
        await shown.pilot.click(Transcript, offset=Offset(x + 3, y))
        assert shown.sees("model  ‹ 1/2 ›")
        assert not shown.sees("▸")


async def test_a_folded_message_still_says_that_it_failed() -> None:
    entries = [reply("a", "Some."), Entry("b", Role.ASSISTANT, heading="model", error="It broke.")]
    async with pane() as shown:
        await opened(shown, *entries)
        await shown.pilot.press("left_square_bracket", "z")
        assert shown.rows()[shown.row_of("▸ model")].endswith("▸ model  failed")


async def test_without_focus_z_is_for_the_reasoning_of_the_last_reply() -> None:
    entries = [Entry(f"m{n}", Role.ASSISTANT, "Yes.", "model", f"hm {n}", 900) for n in range(2)]
    async with pane() as shown:
        await opened(shown, *entries)
        await shown.pilot.press("z")
        assert shown.sees("hm 1")
        assert not shown.sees("hm 0")
        await shown.pilot.press("left_square_bracket", "left_square_bracket", "Z")
        assert shown.sees("hm 0")


async def test_what_is_folded_while_it_streams_stays_folded() -> None:
    async with pane() as shown:
        await opened(shown, *chat(3))
        shown.transcript.append(live("new", "Look:\n\n```python\none = 1\n"))
        await shown.pilot.pause()
        await shown.pilot.press("left_curly_bracket", "z")
        assert shown.sees("▸ python · 1 line")
        for n in range(100):
            shown.transcript.extend("new", f"name{n} = {n}\n")
        await shown.pilot.pause()
        assert shown.sees("▸ python · 101 lines")
        assert not shown.sees("name")
        shown.transcript.extend("new", "```\n\nDone.")
        shown.transcript.update(reply("new", shown.text_of("new")))
        await shown.pilot.pause()
        assert shown.sees("▸ python · 101 lines")
        assert shown.sees("Done.")


async def test_a_folded_message_that_streams_says_how_long_it_is() -> None:
    async with pane() as shown:
        await opened(shown, *chat(3))
        shown.transcript.append(live("new"))
        await shown.pilot.press("left_square_bracket", "z")
        assert shown.rows()[-1].endswith("▸ model  waiting…")
        for n in range(50):
            shown.transcript.extend("new", f"Line {n}\n\n")
        await shown.pilot.pause()
        assert shown.rows()[-1].endswith("▸ model  Line 0  101 lines")
        assert shown.follows()


async def test_folds_survive_a_resize_a_theme_scrolling_away_and_being_let_go() -> None:
    entries = [reply("m", TEXT), user("u", "Thanks.\n" * 30), *chat(20)]
    folded = ("Before.", FOLDED, "After.", "▸ text · 1 line", "▸ You  Thanks. Thanks.")
    async with pane(height=20) as shown:
        await opened(shown, *entries)
        shown.transcript._fold(0, 1)
        shown.transcript._fold(0, 3)
        shown.transcript._fold(1, "message")
        await shown.pilot.press("home")
        await until(lambda: all(map(shown.sees, folded)))
        await shown.pilot.resize_terminal(44, 20)
        shown.app.theme = "textual-light"
        await until(lambda: all(map(shown.sees, folded)))
        await shown.pilot.press("end")
        for name in ("m", "u"):
            shown.transcript._laid._drop(name)  # as for what was not seen for long
        await shown.pilot.press("home")
        await until(lambda: {"m", "u"} <= set(shown.told(EntriesNeeded)[-1].ids))
        shown.transcript.provide(entries[:2])
        await until(lambda: all(map(shown.sees, folded)))
        shown.transcript.show(outline(chat(1)), chat(1))  # another chat, and back
        await opened(shown, *entries)
        await shown.pilot.press("home")
        await until(lambda: all(map(shown.sees, folded)))


async def test_folding_keeps_the_line_under_the_readers_eyes() -> None:
    entries = [reply("first", TEXT), *chat(4), reply("m", TEXT), *chat(9)[8:]]
    async with pane() as shown:
        await opened(shown, *entries)
        shown.transcript.reveal("m", 0)
        await shown.pilot.press("right_curly_bracket")
        y = shown.row_of("▾ python")
        above = shown.rows()[:y]
        await shown.pilot.press("z")
        assert shown.row_of(FOLDED) == y  # what is folded stays at its row
        assert shown.rows()[:y] == above
        before = shown.rows()
        shown.transcript._fold(0, "message")  # far above
        assert shown.rows() == before
        shown.transcript._fold(0, 1)
        assert shown.rows() == before
        await shown.pilot.press("z")
        assert shown.row_of("▾ python") == y
        await shown.pilot.press("pagedown", "pagedown", "z")  # read in the middle of it
        assert shown.row_of(FOLDED) == 0


async def test_what_is_found_inside_a_fold_opens_it() -> None:
    entries = [*chat(20), reply("m", TEXT), *chat(40)[41:]]
    async with pane() as shown:
        await opened(shown, *entries)
        laid = shown.transcript._laid
        index = laid.index_of("m")
        assert index is not None
        laid.fold(index, 1)
        laid.fold(index, 4 - 1)
        laid.fold(index, "message")
        start = TEXT.index("line 70")
        shown.transcript.highlight({"m": [(start, start + 7)]})
        await shown.pilot.press("n")
        assert shown.sees("line 70")
        shown.transcript._fold(index, "message")
        laid._drop("m")  # its text is to be fetched first
        shown.transcript.reveal("m", start)
        await shown.pilot.pause()
        shown.transcript.provide([entries[40]])
        assert shown.sees("line 70")


async def test_a_selection_across_a_fold_copies_the_whole_text() -> None:
    async with pane() as shown:
        await opened(shown, reply("m", TEXT), user("u", "one\ntwo\nthree"), reply("z", "Last."))
        await shown.pilot.press("home", "right_curly_bracket", "z", "right_square_bracket", "z")
        start, end = at(shown, "Before."), at(shown, "Last.")
        await drag(shown, start, (end[0] + 5, end[1]))
        whole = shown.transcript.selected_text
        assert (
            whole == f"Before.\n\n{CODE}\n\nAfter.\n\nshort\n\nThe end.\n\none\ntwo\nthree\n\nLast."
        )
        header = at(shown, "▸ python")
        for one, other in ((start, header), (header, at(shown, "After."))):  # ends on a fold
            await drag(shown, one, other)
            assert CODE in shown.transcript.selected_text
            await shown.pilot.press("Y")
            assert f"```python\n{CODE}" in shown.told(Copied)[-1].text
        line = at(shown, "▸ You")
        await drag(shown, at(shown, "The end."), line)
        assert shown.transcript.selected_text.endswith("The end.\n\none\ntwo\nthree")


def thoughtful(lines: int, text: str = "Done.") -> Entry:
    """A reply with so many lines of reasoning."""
    thoughts = "\n".join(f"- r{n}" for n in range(lines))
    return Entry("m", Role.ASSISTANT, text, "model", thoughts, 900)


@pytest.mark.parametrize("key", ["shift+down", "shift+up", "shift+right", "shift+left"])
async def test_a_selection_that_was_folded_away_is_extended_from_what_stands_for_it(
    key: str,
) -> None:
    async with pane() as shown:
        await opened(shown, thoughtful(200))
        await shown.pilot.press("Z", "home")
        await drag(shown, at(shown, "r3"), (at(shown, "r3")[0] + 2, at(shown, "r3")[1]))
        assert shown.transcript.selected_text == "r3"
        await shown.pilot.press("Z", key)
        await shown.pilot.press("y", "Y")
        await shown.pilot.press("Z")
        assert shown.sees("r3")


async def test_a_selection_past_what_is_left_of_a_text_is_extended_from_its_end() -> None:
    async with pane() as shown:
        await opened(shown, reply("m", "one\n\n" * 9))
        await shown.pilot.press("home", *["shift+down"] * 12)
        shown.transcript.update(reply("m", "one"))
        assert shown.transcript.selected_text == "one"
        await shown.pilot.press("shift+left")
        assert shown.transcript.selected_text == "on"


async def test_code_in_a_folded_message_is_stepped_over() -> None:
    entries = [reply("a", "```\na\n```"), reply("b", "```\nb\n```"), reply("c", "```\nc\n```")]
    async with pane() as shown:
        await opened(shown, *entries)
        shown.transcript._fold(1, "message")
        await shown.pilot.press("home", *["right_curly_bracket"] * 2, "y")
        assert shown.told(Copied)[-1].text == "c"


async def test_folding_costs_the_same_in_a_chat_of_ten_thousand() -> None:
    made: list[int] = []
    for turns in (5, 5_000):
        entries = [*chat(turns), reply("m", TEXT), reply("n", "Done.")]
        async with pane() as shown:
            shown.transcript.show(outline(entries), entries[-10:])
            await shown.pilot.pause()
            await shown.pilot.press("left_curly_bracket", "left_curly_bracket")
            await until(lambda: shown.transcript._idle is None)
            renderer, before = shown.transcript._laid.renderer, len(shown.told(EntriesNeeded))
            start = renderer.made
            await shown.pilot.press("z", "z", "left_square_bracket", "z", "z")
            await until(lambda: shown.transcript._idle is None)
            made.append(renderer.made - start)
            assert len(shown.told(EntriesNeeded)) == before
    assert made[0] == made[1]
    assert made[1] < 100


FOLDS = st.builds(Folds, st.booleans(), st.booleans(), st.frozensets(st.integers(0, 6)))


@settings(max_examples=200)
@given(st.one_of(MARKDOWN, MORE, st.just(TEXT)), CUTS, FOLDS, FOLDS)
@example(TEXT, [266], Folds(reasoning=False, codes=frozenset({0, 1})), Folds(reasoning=False))
def test_the_streamed_picture_is_the_whole_picture_in_any_folds(
    text: str, cuts: list[int], first: Folds, then: Folds
) -> None:
    final = Entry("m", Role.ASSISTANT, text, heading="model", reasoning="hm", numbers="12")
    renderer = Renderer()
    renderer.width = WIDTH
    streamed = Picture(
        Entry("m", Role.ASSISTANT, heading="model", reasoning="hm", live=True), WIDTH, first
    )
    edges = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    for number, (start, end) in enumerate(pairwise(edges)):
        streamed.extend(text[start:end], "")
        if number == len(edges) // 2:
            streamed.fold(then)
        assert [index for index in range(len(streamed.pieces)) if streamed.hidden(index)] == [
            index for index in range(len(streamed.pieces)) if hides(streamed, index)
        ]
    streamed.update(final)
    streamed.fold(then)
    assert seen(streamed, renderer) == seen(Picture(final, WIDTH, then), renderer)
    streamed.fold(AS_IT_COMES)
    assert drawn(streamed, renderer) == drawn(Picture(final, WIDTH), renderer)


def hides(picture: Picture, index: int) -> bool:
    """Whether a piece is to be hidden, by the rule as a reader would put it."""
    if picture.folds.message:
        return index > 0
    block = picture.pieces[index].block
    if block is None or block.kind is not Kind.CODE:
        return False
    return block.part > 0 and block.leaf in picture.folds.codes


def seen(picture: Picture, renderer: Renderer) -> list[str]:
    """Every row that is not folded away."""
    rows: list[str] = []
    for index, piece in enumerate(picture.pieces):
        if not picture.hidden(index):
            made = renderer.of(piece, picture.references)
            rows += [repr((row.items, made.passage.text)) for row in made.rows]
    return rows
