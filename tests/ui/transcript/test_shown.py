"""What is shown, element by element: the rows as they stand in the pane, and their looks."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.ui.transcript.pane import outline, pane
from tests.ui.transcript.test_picture import PALETTE
from tui.core.message import Role
from tui.ui.themes import DARK, LIGHT
from tui.ui.transcript import Entry
from tui.ui.transcript.folding import AS_IT_COMES, Folds
from tui.ui.transcript.look import NAMES
from tui.ui.transcript.paint import paint
from tui.ui.transcript.picture import Picture
from tui.ui.transcript.rendered import Renderer

WIDTH = 40
REASONED = Folds(reasoning=False)


def rows(entry: Entry, folds: Folds = AS_IT_COMES, width: int = WIDTH) -> list[str]:
    """The rows of a message, without the spaces at their ends."""
    renderer = Renderer()
    renderer.width = width
    picture = Picture(entry, width, folds)
    found: list[str] = []
    for piece in picture.pieces:
        made = renderer.of(piece, picture.references)
        for row in made.rows:
            strip = paint(row, made.passage, width, PALETTE)
            found.append("".join(segment.text for segment in strip).rstrip())
    return found


def shown(text: str, width: int = WIDTH) -> list[str]:
    """The rows of a reply's text; those of its heading, a blank one and "m", are left out."""
    blank, heading, *body = rows(Entry("m", Role.ASSISTANT, text, heading="m"), width=width)
    assert (blank, heading) == ("", "m")
    return body


def looks_of(text: str, needle: str) -> set[str]:
    """The names of the looks of a stretch of a reply's text."""
    picture = Picture(Entry("m", Role.ASSISTANT, text), WIDTH)
    for piece in picture.pieces:
        passage = piece.passage(picture.references)
        if (at := passage.text.find(needle)) >= 0:
            _, _, look = passage.stretches(at, at + len(needle))[0]
            return {name for bit, name in enumerate(NAMES) if look >> bit & 1}
    raise AssertionError(f"{needle!r} is not shown")


BODIES = {
    "headings": ("# One\n\n## Two\n\n### Three", ["One", "", "Two", "", "Three"]),
    "emphasis": ("*a* **b** ***c*** ~~d~~ `e`", ["a b c d e"]),
    "links": ("[the docs](https://x.org) www.x.org", ["the docs www.x.org"]),
    "an image": ("![A map](https://x.org/m.png)", ["▣ A map"]),
    "nested lists": (
        "- a\n  - b\n    1. c\n    2. d\n- e",
        ["• a", "  ◦ b", "    1. c", "    2. d", "• e"],
    ),
    "a long item": (
        "1. " + "word " * 10,
        ["1. word word word word word word word", "   word word word"],
    ),
    "a task list": ("- [ ] to do\n- [x] done", ["☐ to do", "☑ done"]),
    "quotes": ("> a\n> > b\n\nc", ["▎ a", "▎", "▎ ▎ b", "", "c"]),
    "a table": (
        "| a | b |\n|:--|--:|\n| long one | 2 |",
        ["a        │ b", "─────────┼──", "long one │ 2"],
    ),
    "a fence": ("```py\nx = 1\n```", ["▾ py" + " " * 31 + "copy", " x = 1"]),
    "a fence without language": ("```\nx\n```", ["▾ text" + " " * 29 + "copy", " x"]),
    "a rule": ("---", ["─" * WIDTH]),
    "a footnote": ("So it is[^1].\n\n[^1]: As said.", ["So it is[1].", "", "[1] As said."]),
    "a definition at the beginning": ("[x]: https://x.org\n\nSee [x].", ["See x."]),
    "a definition between": ("a\n\n[x]: https://x.org\n\nb", ["a", "", "b"]),
    "an item that holds only a definition": (
        "- a\n- [x]: https://x.org\n- b",
        ["• a", "•", "• b"],
    ),
    "HTML": ("a <b>b</b>\n\n<div>c</div>", ["a <b>b</b>", "", "<div>c</div>"]),
    "mathematics": (
        "\\(a_b\\) and $x*y*z$\n\n$$\\int_0^1$$",
        ["\\(a_b\\) and $x*y*z$", "", "$$\\int_0^1$$"],
    ),
    "mathematics of several lines": (
        "$$\na\n+ b\n- c\n$$\n- d\n\n\\[\na\n=\nb\n\\]\n\n> $$\n> # a\n> $$",
        [
            *("$$", "a", "+ b", "- c", "$$", "", "• d", ""),
            *("\\[", "a", "=", "b", "\\]", "", "▎ $$", "▎ # a", "▎ $$"),
        ],
    ),
    "combining marks": ("e\u0301 and o\u0308", ["e\u0301 and o\u0308"]),
    "emoji": ("🙂 and 👩‍👩‍👧 and ❤\ufe0f", ["🙂 and 👩‍👩‍👧 and ❤\ufe0f"]),
}


@pytest.mark.parametrize("name", BODIES)
def test_markdown_is_drawn(name: str) -> None:
    text, expected = BODIES[name]
    assert shown(text) == expected


LOOKS = {
    ("# One", "One"): {"heading", "title", "strong"},
    ("## Two", "Two"): {"heading", "strong"},
    ("### Three", "Three"): {"strong"},
    ("*a* b", "a"): {"em"},
    ("**a** b", "a"): {"strong"},
    ("***a*** b", "a"): {"strong", "em"},
    ("~~a~~ b", "a"): {"strike"},
    ("`a` b", "a"): {"code"},
    ("[a](https://x.org) b", "a"): {"link"},
    ("see https://x.org/y", "https://x.org/y"): {"link"},
    ("![A map](m.png)", "A map"): {"link"},
    ("a[^1]\n\n[^1]: b", "[1]"): {"quiet"},
    ("$a_b$ c", "$a_b$"): {"math"},
    ("$$\na\n- b\n$$", "- b"): {"math"},
    ("| head |\n|--|\n| cell |", "head"): {"strong"},
    ("| head |\n|--|\n| **cell** |", "cell"): {"strong"},
    ("```python\ndef f(): pass\n```", "def"): {"keyword", "surface"},
    ("```python\nx = 'a'\n```", "'a'"): {"string", "surface"},
    ("```python\nx = 1  # no\n```", "# no"): {"comment", "surface"},
    ("```nosuchlanguage\ndef\n```", "def"): {"surface"},
}


@pytest.mark.parametrize(("text", "needle"), LOOKS)
def test_and_styled(text: str, needle: str) -> None:
    assert looks_of(text, needle) == LOOKS[text, needle]


def test_addresses_become_links_and_file_names_do_not() -> None:
    text = (
        "See README.md and main.py, lib.rs, //x.org/y, x.com/@me and run.sh at https://x.org/a, "
        "www.x.org, ftp://x.org, a@b.org, mailto:c@d.org or <https://y.org>."
    )
    (block,) = Picture(Entry("m", Role.ASSISTANT, text), WIDTH).pieces[1:]
    passage = block.passage({})
    assert passage.text == text.replace("<", "").replace(">", "")
    assert [link.href for link in passage.links] == [
        *("https://x.org/a", "http://www.x.org", "ftp://x.org", "mailto:a@b.org"),
        *("mailto:c@d.org", "https://y.org"),
    ]
    assert "link" not in looks_of(text, "README.md")


def test_what_a_user_wrote_stands_as_typed() -> None:
    text = "# Not *a* heading\n  <b>x</b>\n- [ ] none"
    assert rows(Entry("m", Role.USER, text, heading="You")) == ["", "You", *text.split("\n")]


def test_the_lines_around_a_reply() -> None:
    entry = Entry(
        "m",
        Role.ASSISTANT,
        "Text.",
        heading="model",
        reasoning="It is so.",
        reasoning_ms=4_200,
        notices=("temperature was left out",),
        status="stopped",
        error="It broke. Press r.",
        attachments=("notes.txt", "map.png"),
        sibling=(2, 3),
        actions=(("retry", "Retry"), ("pick_model", "Other model")),
        numbers="12 in, 3 out · $0.01",
    )
    expected = [
        "",
        "model  ‹ 2/3 ›",
        "▸ Thought for 4.2 s",
        "▤ notes.txt  ▤ map.png",
        "Text.",
        "! temperature was left out",
        "■ stopped",
        "✗ It broke. Press r.",
        " Retry    Other model",
        "12 in, 3 out · $0.01",
    ]
    assert rows(entry) == expected
    expected[2:3] = ["▾ Thought for 4.2 s", "│ It is so."]
    assert rows(entry, REASONED) == expected


def test_long_thoughts_are_timed_in_minutes() -> None:
    entry = Entry("m", Role.ASSISTANT, "Text.", "m", "It is so.", 125_000)
    assert rows(entry)[2] == "▸ Thought for 2 min 5 s"


@pytest.mark.parametrize(
    "text",
    [
        "東京は日本の首都です",
        "🙂👩‍👩‍👧❤\ufe0fe\u0301 " * 9,
        "| 東京 | b |\n|--|--|\n| x | 首都 |",
    ],
)
@pytest.mark.parametrize("width", [12, 17])
def test_wide_characters_fit_the_width_and_none_is_cut(text: str, width: int) -> None:
    found = shown(text, width)
    assert all(cell_len(row) <= width for row in found)
    signs = "".join(text.split())
    assert all("".join(found).count(sign) >= signs.count(sign) for sign in set(signs) - set("|-"))


def test_a_table_that_does_not_fit_wraps_its_cells_and_cuts_nothing() -> None:
    words = [f"word{n}" for n in range(24)]
    text = f"| a | b |\n|--|--|\n| {' '.join(words[:12])} | {' '.join(words[12:])} |"
    found = shown(text, 30)
    assert all(cell_len(row) <= 30 for row in found)
    cells = [row.split("│") for row in found if "│" in row]
    left, right = (" ".join(row[column].strip() for row in cells[1:]) for column in (0, 1))
    assert f"{left} {right}".split() == words


CELLS = st.lists(
    st.sampled_from(
        [
            *(
                "`~/.bashrc`",
                "`**kwargs`",
                "list[int]",
                "2 * 3 * 4",
                "[x]",
                "*a*",
                "**b**",
                "~~c~~",
            ),
            *(
                "[l](https://x.org)",
                "[x][y]",
                "`a`",
                "\\*",
                "a_b_c",
                "&amp;",
                "東京",
                "$a*b*$",
                "~ 5",
            ),
        ]
    ),
    max_size=3,
).map(" ".join)


@settings(max_examples=300)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5), st.booleans())
@example([["`~/.bashrc`", "`**kwargs`", "list[int]"], ["2 * 3 * 4", "[x]", "a"]], False)
def test_a_table_that_fits_is_not_wrapped(rows: list[list[str]], defined: bool) -> None:
    text = "| a | b | c |\n|--|--|--|\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)
    text = "[x]: https://x.org\n\n" * defined + text
    picture = Picture(Entry("m", Role.ASSISTANT, text), 80)
    (piece,) = (one for one in picture.pieces if one.block is not None)
    passage = piece.passage(picture.references)
    widths = [
        max(cell_len(passage.text[slice(*spans[column])]) for spans in passage.cells)
        for column in range(3)
    ]
    assume(sum(widths) + 6 <= 80 - 20 * defined)  # a link is measured as it is before it is defined
    _, laid = piece.laid(passage, 80, picture.references)
    assert len(laid) == len(passage.cells) + 1 + piece.block.gap  # type: ignore[union-attr]


def test_a_table_of_too_many_columns_is_wider_than_the_pane_and_whole() -> None:
    count = 12
    text = "|".join(["", *(f"col{n:02}" for n in range(count)), ""])
    found = shown(f"{text}\n{'|--' * count}|\n{text}", 30)
    assert all(f"col{n:02}" in found[0] for n in range(count))


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
async def test_every_look_is_seen_in_both_themes(theme: object) -> None:
    async with pane() as opened:
        opened.app.register_theme(DARK)
        opened.app.register_theme(LIGHT)
        entries = [Entry("m", Role.ASSISTANT, "Text.", heading="model")]
        opened.transcript.show(outline(entries), entries)
        opened.app.theme = DARK.name if theme is DARK else LIGHT.name
        await opened.pilot.pause()
        palette = opened.transcript._palette
        plain = palette.base
        for bit, name in enumerate(NAMES):
            style = palette[1 << bit]
            assert style != plain, name
            assert style.color != style.bgcolor, name
