"""A message's picture: streamed in any pieces, it is the picture of the whole text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.style import Style

from tests.bench.corpus import SHAPES, reply
from tests.ui.transcript.test_blocks import MARKDOWN
from tui.core.message import Role
from tui.ui.transcript.entry import Entry
from tui.ui.transcript.layout import Layout
from tui.ui.transcript.look import NAMES
from tui.ui.transcript.paint import Palette, paint
from tui.ui.transcript.picture import Picture
from tui.ui.transcript.rendered import Renderer

WIDTH = 60
# Every look another colour, so that a wrong look is a wrong picture.
PALETTE = Palette(Style(), [Style(color=f"color({n + 16})") for n in range(len(NAMES))])
CUTS = st.lists(st.integers(0, 5_000), max_size=12)
PIECES = (
    *("[x]: https://x.org\n", "see [x] and [X][]\n", "*open **more", "`code", "~~s~~ ", "\n\n"),
    *(
        "[l](https://y.org/a_b) ",
        "![i](p.png)\n",
        "- [ ] t\n",
        "[a  b\nc] and [ B ] ",
        "\n\n[A\tb c]: https://z.org\n[\u03f4  b]: /b\n\n",
        "[\u03b8 b] ",
        "[^1]: note\n",
        "\\(a_b\\) ",
        "東京 ",
    ),
    *(
        "```c\n/* open\n",
        "*/\n```\n",
        "| a | b |\n|--|--|\n| 1 | `2` |\n",
        "www.x.org ",
        "$$\na\n+ b\n- c\n$$\n",
        "\\[\na\n=\n",
        "\\]\n",
        "&amp;",
        "東京 ",
    ),
)
MORE = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)


def drawn(picture: Picture, renderer: Renderer, count: int | None = None) -> list[str]:
    """Every row of the first `count` pieces, text and styles."""
    rows: list[str] = []
    for piece in picture.pieces[:count]:
        made = renderer.of(piece, picture.references)
        rows += [repr([*paint(row, made.passage, WIDTH, PALETTE)]) for row in made.rows]
    return rows


def whole(entry: Entry) -> list[str]:
    renderer = Renderer()
    renderer.width = WIDTH
    return drawn(Picture(entry, WIDTH), renderer)


def check(text: str, cuts: list[int]) -> None:
    final = Entry("m", Role.ASSISTANT, text, heading="model", numbers="12 tokens")
    picture = Picture(Entry("m", Role.ASSISTANT, heading="model", live=True), WIDTH)
    renderer = Renderer()
    renderer.width = WIDTH
    edges = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    settled: list[str] = []
    for start, end in pairwise(edges):
        picture.extend(text[start:end], "")
        stale = picture.take_stale()
        for piece in stale:
            renderer.forget(piece)
        now = drawn(picture, renderer, picture.settled)
        if not stale:
            assert now[: len(settled)] == settled
        settled = now
    picture.update(final)
    for piece in picture.take_stale():
        renderer.forget(piece)
    assert drawn(picture, renderer) == whole(final)


@settings(max_examples=400)
@given(st.one_of(MARKDOWN, MORE, st.builds("".join, st.tuples(MARKDOWN, MORE))), CUTS)
@example("see [x]\n\n[x]: https://x.org\n", [4, 12])
@example("see [a  b]\n\n[a b]: https://x.org\n", [4, 12])
@example("```py\ns = '''a\n" + "b\n" * 50 + "'''\nx = 1\n```\n", [10, 90])
def test_the_streamed_picture_is_the_whole_picture(text: str, cuts: list[int]) -> None:
    check(text, cuts)


@settings(max_examples=4)
@given(st.lists(st.integers(0, 12_000), min_size=5, max_size=20))
def test_so_it_is_for_long_replies(cuts: list[int]) -> None:
    for shape in SHAPES:
        check(reply(shape, 10_000), cuts)


@settings(max_examples=200)
@given(st.text(), CUTS)
def test_so_it_is_for_any_text(text: str, cuts: list[int]) -> None:
    check(text, cuts)


@given(st.text(alphabet="ab \n\t東", max_size=300), st.integers(20, 40))
def test_heights_are_those_of_the_rows(text: str, width: int) -> None:
    picture = Picture(Entry("m", Role.USER, text), width)
    renderer = Renderer()
    renderer.width = width
    for index, piece in enumerate(picture.pieces):
        picture.measured(index, len(renderer.of(piece, {}).rows))
    assert picture.heights.total == sum(
        len(renderer.of(piece, {}).rows) for piece in picture.pieces
    )


def test_a_users_words_are_shown_as_typed() -> None:
    text = "# not a *heading*\n  <b>[red]x[/red]</b>"
    rows = "".join(whole(Entry("m", Role.USER, text)))
    assert "# not a *heading*" in rows
    assert "  <b>[red]x[/red]</b>" in rows


def test_nothing_from_outside_acts_on_the_terminal() -> None:
    text = (
        "a\x1b[31mred\x07 \x9b2J `\x1b]8;;x` \u202eflip\r\n\n```\n\x1b[2J\n```\n[l](javascript:x)"
    )
    for role in (Role.ASSISTANT, Role.USER):
        rows = "".join(whole(Entry("m", role, text, heading="\x1b[1m", error="\x1b]52;c;x\x07")))
        for sign in ("\\x1b", "\\x07", "\\x9b", "\\u202e"):
            assert sign not in rows
        assert "link=" not in rows  # no OSC 8 at all: links are followed by our own code


def test_an_empty_reply_is_shown_as_such() -> None:
    assert "(an empty reply)" in "".join(whole(Entry("m", Role.ASSISTANT, " \n")))
    waiting = Entry("m", Role.ASSISTANT, live=True, waiting="waiting for gpt-4o…")
    assert "waiting for gpt-4o…" in "".join(whole(waiting))


def painted(layout: Layout) -> list[str]:
    """Every row of the only message; what is kept of it has to be what it would be."""
    layout.settle_end(10_000)
    picture = layout.picture(0)
    assert picture is not None
    rows: list[str] = []
    for index in range(len(picture.pieces)):
        made = layout.rendered(0, index)
        assert made is not None
        for number, row in enumerate(made.rows):
            strip = paint(row, made.passage, WIDTH, PALETTE)
            assert made.strips.setdefault(number, strip) == strip
            rows.append(repr([*strip]))
    return rows


@settings(max_examples=60)
@given(st.one_of(MORE, st.builds("".join, st.tuples(MARKDOWN, MORE))), CUTS)
@example(reply("mixed", 3_000), list(range(7, 3_000, 150)))
@example(reply("table", 3_000), list(range(7, 3_000, 150)))
@example("word " * 1_000, list(range(7, 5_000, 150)))
def test_what_is_not_painted_again_would_look_the_same(text: str, cuts: list[int]) -> None:
    layout = Layout()
    layout.resize(WIDTH)
    layout.append(Entry("m", Role.ASSISTANT, heading="model", live=True))
    edges = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    before = painted(layout)
    for start, end in pairwise(edges):
        dirty = layout.extend("m", text[start:end], "")
        now = painted(layout)
        assert now[:dirty] == before[:dirty]
        before = now


THOUGHTS = st.one_of(
    st.text(alphabet="ab \n東", max_size=300),
    st.sampled_from(["- a line\n" * 100, "word " * 1_500, "y" * 7_000 + "\nz"]),
)


@settings(max_examples=60)
@given(THOUGHTS, THOUGHTS, CUTS)
@example("- a line\n" * 100, "word", [8, 300, 600])
def test_so_it_is_for_reasoning_and_what_stays_is_not_painted_again(
    thoughts: str, text: str, cuts: list[int]
) -> None:
    layout = Layout()
    layout.resize(WIDTH)
    layout.append(Entry("m", Role.ASSISTANT, heading="model", live=True))
    layout.fold(0, "reasoning")
    before = painted(layout)
    for whole_text, kind in ((thoughts, "reasoning"), (text, "text"), (thoughts, "reasoning")):
        edges = sorted({0, len(whole_text), *(cut % (len(whole_text) + 1) for cut in cuts)})
        for start, end in pairwise(edges):
            piece = whole_text[start:end]
            if kind == "text":
                dirty = layout.extend("m", piece, "")
            else:
                dirty = layout.extend("m", "", piece)
            now = painted(layout)
            assert now[:dirty] == before[:dirty]
            before = now
    final = Entry("m", Role.ASSISTANT, text, heading="model", reasoning=thoughts * 2)
    layout.provide([final])
    fresh = Layout()
    fresh.resize(WIDTH)
    fresh.append(final)
    fresh.fold(0, "reasoning")
    assert painted(layout) == painted(fresh)
