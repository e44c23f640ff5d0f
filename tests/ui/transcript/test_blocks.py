"""The block grammar: markdown-it's own reading of the same text, however it was cut."""

from __future__ import annotations

import re
from dataclasses import fields
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tui.ui.transcript import grammar
from tui.ui.transcript.block import Block, Kind
from tui.ui.transcript.blocks import Blocks
from tui.ui.transcript.leaves import CODE_LINES, LONG, TABLE_ROWS

Leaf = tuple[str, str, tuple[tuple[str, int], ...]]

# Tables and tabs have strategies of their own: there markdown-it strays from the specifications
# (a list item can be the header of a table; a tab lets a nested quote begin). No line begins as
# display mathematics does: there it is we who stray.
MARKS = (
    "- ,* ,+ ,1. ,2. ,3) ,10. ,1.,> ,>,    ,  , ,a,b c,---,===,-,=,```,~~~,````,```py,# ,## x #,#"
)
PIECES = st.sampled_from([*MARKS.split(","), "***", "_ _ _", "**b**", "`c`", "x\\"])
LINES = st.lists(PIECES, max_size=5).map("".join)
MARKDOWN = st.lists(LINES, max_size=9).map(lambda lines: "".join(line + "\n" for line in lines))


def whole(text: str) -> list[Block]:
    blocks = Blocks()
    blocks.feed(text)
    blocks.close()
    return blocks.settled


def lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def bare(code: str) -> str:
    """Code without the spaces of its blank lines, of which markdown-it keeps more in containers."""
    return "\n".join(line if line.strip() else "" for line in code.split("\n"))


def ours(text: str) -> list[Leaf]:
    """The leaves of our reading, each with the containers it stands in."""
    numbers: dict[int, int] = {}
    found: list[Leaf] = []
    for block in whole(text):
        path = tuple(
            (
                mark.label if mark.run and mark.label[0].isdigit() else "-" if mark.run else ">",
                numbers.setdefault(id(mark), len(numbers)),
            )
            for mark in block.path
        )
        content = block.text
        if block.kind is Kind.TABLE:
            rows = [grammar.cells(row) for row in content.split("\n")]
            width = len(rows[0])
            content = "\n".join("|".join((row + [""] * width)[:width]) for row in rows)
        elif block.kind is not Kind.CODE:
            content = lines(content)
        else:
            content = bare(content)
        name = f"heading{block.level}" if block.kind is Kind.HEADING else block.kind.name.lower()
        found.append((name, content, path))
    return found


def theirs(text: str) -> list[Leaf]:  # noqa: C901 - one branch for each kind of token
    """The leaves of markdown-it's reading, in the same words."""
    numbers: dict[int, int] = {}
    found: list[Leaf] = []
    path: list[tuple[str, int]] = []
    counts: list[int] = []
    serial = 0
    seen: list[int] = []
    table: list[list[str]] | None = None
    name = ""

    def leaf(kind: str, content: str) -> None:
        for at in range(len(seen)):
            seen[at] += 1
        found.append(
            (
                kind,
                content,
                tuple((label, numbers.setdefault(at, len(numbers))) for label, at in path),
            )
        )

    reader = MarkdownIt("gfm-like", {"html": False, "linkify": False})
    for token in reader.parse(text):
        if token.type == "inline":
            if table is not None:
                table[-1].append(token.content.replace("\\|", "|"))
            elif not (name == "text" and not token.content):
                leaf(name, lines(token.content))
        elif token.type == "paragraph_open":
            name = "text"
        elif token.type == "heading_open":
            name = f"heading{token.tag[1]}"
        elif token.type in ("fence", "code_block"):
            leaf("code", bare(token.content.removesuffix("\n")))
        elif token.type == "hr":
            leaf("rule", "")
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            start = token.attrs.get("start", 1)
            counts.append(int(start) if token.type[0] == "o" else -1)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            counts.pop()
        elif token.type == "list_item_open":
            label = "-" if counts[-1] < 0 else f"{counts[-1]}{token.markup}"
            if counts[-1] >= 0:
                counts[-1] += 1
            path.append((label, serial))
            serial += 1
            seen.append(0)
        elif token.type == "blockquote_open":
            path.append((">", serial))
            serial += 1
            seen.append(0)
        elif token.type in ("list_item_close", "blockquote_close"):
            if token.type == "list_item_close" and not seen[-1]:
                leaf("text", "")
            path.pop()
            seen.pop()
        elif token.type == "table_open":
            table = []
        elif token.type == "tr_open":
            assert table is not None
            table.append([])
        elif token.type == "table_close":
            assert table is not None
            leaf("table", "\n".join("|".join(row) for row in table))
            table = None
    return found


# An empty item of an ordered list, then blank lines: markdown-it begins a new list there.
RESTART = re.compile(r"^[ >\t]*\d+[.)][ \t]*\n[ >\t]*\n", re.MULTILINE)
# A quote's mark that is indented as code is: markdown-it goes on with the quote above it.
INDENTED_QUOTE = re.compile(r">.*\n {4,}>")
TABS = st.lists(st.sampled_from(["\t", " ", "- ", "1. ", "a", "\tb"]), max_size=4).map("".join)
CELLS = st.lists(st.sampled_from(["a", " b ", "", "\\|", "`x`", ":-:"]), min_size=1, max_size=4)
ROWS = st.one_of(
    CELLS.map(lambda cells: "|" + "|".join(cells) + "|"),
    CELLS.map(" | ".join).filter(lambda row: row[:1] not in tuple("-:` ") and "|" in row),
    st.sampled_from(["|---|", "|:-|-:|", "--|--", "---|:-:|---", "", "text", "> q", "- i", "## h"]),
)


# Derandomised, as the two below: markdown-it has more rare ways of its own than are listed here.
@settings(max_examples=1000, derandomize=True)
@given(MARKDOWN)
@example("- a\n  - b\n    c\n\n  - d\n1. x\n   > q\nlazy\n")
def test_reads_blocks_as_markdown_it_does(text: str) -> None:
    assume(not RESTART.search(text) and not INDENTED_QUOTE.search(text))
    assert ours(text) == theirs(text)


@settings(max_examples=300, derandomize=True)
@given(st.lists(ROWS, max_size=7))
@example(["a | b", "--|--", "1 | 2", "> q"])
@example(["x", "| a |", "---", "| 1 |"])
def test_reads_tables_as_markdown_it_does(rows: list[str]) -> None:
    text = "\n".join(rows) + "\n"
    assume(not re.search(r"^(> q|- i|## h)\n[-:|]", text, re.MULTILINE))
    assert ours(text) == theirs(text)


@settings(max_examples=300, derandomize=True)
@given(st.lists(TABS, max_size=5))
def test_reads_tabs_as_markdown_it_does(rows: list[str]) -> None:
    text = "".join(row + "\n" for row in rows)
    assume(not RESTART.search(text))
    assert ours(text) == theirs(text)


def plain(block: Block) -> tuple[object, ...]:
    """A block's values but its containers, whose identities differ from reading to reading."""
    values = {field.name: getattr(block, field.name) for field in fields(block)}
    return tuple(value for name, value in values.items() if name != "path")


def pictured(blocks: list[Block]) -> list[object]:
    marks: dict[int, int] = {}
    return [
        (tuple(marks.setdefault(id(mark), len(marks)) for mark in block.path), *plain(block))
        for block in blocks
    ]


LONG_MARKDOWN = st.lists(
    st.one_of(
        LINES,
        st.sampled_from(["    code" + "\n" * (2 * CODE_LINES + 3) + "    code", " " * 3_500 + "a"]),
        st.sampled_from(["$$", "$$ a", "\\[", "\\]", "+ b", "=", "- \\[ a", "  \\]"]),
        st.sampled_from(["$$" + "y " * 2_000, "\\[" + "y" * 3_246 + "\\] z"]),
        st.builds("".join, st.tuples(LINES, st.sampled_from(["word. " * 700, "y" * 6500]))),
        st.sampled_from(["\n".join(["| a | b |"] * (2 * TABLE_ROWS + 5))]),
        st.sampled_from(["\n".join(["code"] * (2 * CODE_LINES + 1)), "| a | b |\n|--|--|"]),
    ),
    max_size=6,
).map("\n".join)


@settings(max_examples=300)
@given(LONG_MARKDOWN, st.lists(st.integers(0, 40_000), max_size=12))
def test_pieces_give_the_blocks_of_the_whole(text: str, cuts: list[int]) -> None:
    streamed = Blocks()
    edges = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    settled: list[Block] = []
    for start, end in pairwise(edges):
        streamed.feed(text[start:end])
        streamed.tail()  # looking changes nothing
        assert streamed.settled[: len(settled)] == settled  # what is settled stays as it is
        settled = streamed.settled[:]
    streamed.close()
    assert pictured(streamed.settled) == pictured(whole(text))


@pytest.mark.parametrize(
    "text",
    [
        "word " * 40_000,
        "x" * 100_000,
        "```\n" + "code\n" * 20_000,
        "```\n" + "c" * 100_000,
        "    code\n" + "\n" * 100_000 + "    code",
        "    code\n" + " " * 100_000 + "\n    code",
        "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 10_000,
        "- item\n" * 10_000,
        "- item\n" + "  more of it\n" * 10_000,
        "> quote\n" * 10_000,
    ],
)
def test_no_block_grows_with_its_text(text: str) -> None:
    assert max(len(block.text) for block in whole(text)) <= 2 * LONG


def test_blank_lines_belong_to_indented_code_only_if_code_follows() -> None:
    blanks = "\n" * 100
    text = "\n".join(block.text for block in whole(f"    a\n{blanks}    b\n{blanks}c"))
    assert text == f"a\n{blanks}b\nc"


def test_the_blocks_hold_every_character_of_a_long_line() -> None:
    text = "Some words. " * 2_000 + "z" * 10_000
    assert "".join(block.text for block in whole(text)) == text


@given(MARKDOWN)
def test_a_block_knows_where_its_text_stands_in_the_source(text: str) -> None:
    text = text.replace("\t", " ")
    for block in whole(text):
        for line, start in zip(block.text.split("\n"), block.starts, strict=True):
            assert text.startswith(line, start)


def test_a_lone_marker_waits_for_what_it_becomes() -> None:
    blocks = Blocks()
    blocks.feed("Steps:\n-")
    assert [block.kind for block in blocks.tail()] == [Kind.TEXT]  # not a heading for one frame
    blocks.feed(" first")
    assert [block.text for block in blocks.tail()] == ["Steps:", "first"]


@pytest.mark.parametrize(
    "text",
    [
        "```\ncode\n```\n",
        "~~~~\n`\n~~~~~\n",
        "```\n    ```\n   ```  \n",
        "> ```\n> code\n>   ```\n",
        ">```\n>code\n> > ```\n> ```\n",
        "-   ```\n    code\n\n     ```\n",
        "- > ~~~\n  > code\n  > ~~~\n",
        "- ```\n  code\n```\nnew\n```\n",
    ],
)
def test_a_fence_that_closes_is_never_shown_as_code(text: str) -> None:
    blocks = Blocks()
    shown: list[str] = []
    for character in text:
        blocks.feed(character)
        shown.append("\n".join(block.text for block in (*blocks.settled, *blocks.tail())))
    assert all(later.startswith(before) for before, later in pairwise(shown))


def test_what_only_began_like_a_closing_fence_is_shown_as_code_once_that_is_known() -> None:
    blocks = Blocks()
    blocks.feed("```\ncode\n``")
    assert [block.text for block in blocks.tail()] == ["code"]
    blocks.feed(" x")
    assert [block.text for block in blocks.tail()] == ["code\n`` x"]
    assert [block.text for block in whole("```\ncode\n``")] == ["code\n``"]
