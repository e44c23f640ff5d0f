"""What is too long for one part looks like one, however it arrives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.ui.transcript.pane import pane, reply, user
from tests.ui.transcript.test_picture import CUTS, PALETTE, WIDTH, check
from tests.waiting import until
from tui.core.message import Role
from tui.ui.transcript import blocks, leaves, plain
from tui.ui.transcript.entry import Entry, Outline
from tui.ui.transcript.paint import paint
from tui.ui.transcript.picture import Picture
from tui.ui.transcript.rendered import Renderer

SHORT = 240  # characters of a part in these tests: many seams in little text

MARKED = (
    *("**two words**", "*one*", "`a b`", "~~gone~~", "[a link](https://x.org/a_b)", "snake_case"),
    *(
        "https://example.org/long/way",
        "\\(a_b\\)",
        "$x$",
        "[^1]",
        "2 * 3",
        "&amp;",
        "\\*",
        "**x&y**",  # with one star more it would reach as far as the next of its kind
    ),
)
PLAIN = (
    "word",
    "a",
    "no.",
    "東京は",
    "日本語の文章です。",
    "é",
    "e\u0301",
    "🙂",
    "👩‍👩‍👧",
    "x" * 70,
)
WORDS = st.lists(st.sampled_from([*PLAIN, *MARKED]), min_size=20, max_size=150)
LONG_LINES = st.one_of(
    WORDS.map(" ".join),
    st.lists(st.sampled_from(PLAIN), min_size=20, max_size=150).map("".join),
    st.sampled_from(
        ["y" * 2_000, "東" * 1_500, "👩‍👩‍👧" * 300, "*" * 1_000, "a " * 900, "[" * 700]
    ),
)
BEFORE = st.sampled_from(
    ["", "- ", "3. x\n   - ", "> ", "> - ", "## ", "[^1]: ", "text\n", "```\n", "    ", "- a\n\n  "]
)
AFTER = st.sampled_from(["", "\n", "\nmore\n\nend", "\n- item", "\n---", "\n===", " #", "\n```\n"])


@contextmanager
def parts_of(size: int) -> Iterator[None]:
    """Parts of another size than usual."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (leaves, blocks, plain):
            patch.setattr(module, "LONG", size)
        patch.setattr(blocks, "STEP", max(10, size // 12))
        yield


@settings(max_examples=300)
@given(BEFORE, LONG_LINES, AFTER, CUTS)
@example("", "word " * 100, "", [300, 301])
@example("## ", "word " * 100 + "#", "", [300])
def test_streamed_it_is_the_whole(before: str, line: str, after: str, cuts: list[int]) -> None:
    with parts_of(SHORT):
        check(before + line + after, cuts)


def looks_like(entry: Entry, size: int) -> list[str]:
    """Every row of a message in parts of this size: its characters and their colours."""
    with parts_of(size):
        picture, renderer = Picture(entry, WIDTH), Renderer()
        renderer.width = WIDTH
        made = [renderer.of(piece, picture.references) for piece in picture.pieces]
        return [
            repr([*paint(row, one.passage, WIDTH, PALETTE).simplify()])
            for one in made
            for row in one.rows
        ]


@settings(max_examples=300)
@given(st.sampled_from(["", "- ", "> ", "## ", "```\n", "- a\n\n  "]), LONG_LINES)
@example("", "word " * 100)
def test_it_looks_as_if_it_were_one_part(before: str, line: str) -> None:
    assume(set(line) != {"*"})  # that would be a rule
    entry = Entry("m", Role.ASSISTANT, before + line.strip())
    assert looks_like(entry, SHORT) == looks_like(entry, 100_000)


@settings(max_examples=100)
@given(st.lists(st.sampled_from([*PLAIN, "\n", " "]), max_size=200).map("".join))
@example(" " + "x" * 280 + " 東京は" + "x" * 140)
def test_so_do_a_users_words(text: str) -> None:
    entry = Entry("m", Role.USER, text)
    assert looks_like(entry, SHORT) == looks_like(entry, 100_000)


@settings(max_examples=60)
@given(st.integers(0, 2), LONG_LINES.filter(lambda line: "|" not in line), CUTS)
def test_a_long_cell_goes_on_in_its_column(column: int, line: str, cuts: list[int]) -> None:
    row = ["one", "two", "three"]
    row[column] = line
    text = (
        "| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n| " + " | ".join(row) + " |\n| x | y | z |\n"
    )
    with parts_of(SHORT):
        check(text, cuts)


def test_no_word_of_a_long_cell_is_lost() -> None:
    words = [f"word{number}" for number in range(300)]
    text = f"| a | b |\n|---|---|\n| {' '.join(words)} | after |\n| x | y |\n"
    rows = looks_like(Entry("m", Role.ASSISTANT, text), SHORT)
    assert re.findall(r"word\d+", "".join(rows)) == words
    filled = [row for row in rows if "word" in row]
    assert all("word" in row for row in rows[rows.index(filled[0]) : rows.index(filled[-1])])
    assert sum("after" in row for row in rows) == 1


@pytest.mark.parametrize("make", [reply, user], ids=["reply", "user"])
async def test_a_selection_crosses_the_seams(make: Callable[[str, str], Entry]) -> None:
    words = [f"word{number:04}" for number in range(900)]
    text = " ".join(words)
    async with pane(60, 200) as shown:
        entry = make("r", text)
        shown.transcript.show([Outline("r", entry.role, len(text))], [entry])
        await until(lambda: shown.sees("word0899"))
        assert not any(0 < len(row.split()) < 6 for row in shown.rows()[2:-3] if "word" in row)
        first, last = shown.row_of("word0200"), shown.row_of("word0800")
        x = shown.rows()[first].index("word0200"), shown.rows()[last].index("word0800")
        await shown.pilot.mouse_down(shown.transcript, (x[0], first))
        await shown.pilot.hover(shown.transcript, (x[1], last))
        await shown.pilot.mouse_up(shown.transcript, (x[1], last))
        assert shown.transcript.selected_text == " ".join(words[200:800]) + " "
        for number in range(0, 900, 7):  # every word is where it can be taken
            row = shown.row_of(words[number])
            column = shown.rows()[row].index(words[number]) + 2
            await shown.pilot.click(shown.transcript, (column, row), times=2)
            assert shown.transcript.selected_text == words[number]
        await shown.pilot.click(shown.transcript, (5, 20), times=3)
        assert shown.transcript.selected_text == text
