"""What really reaches a terminal: a real pty, drawn by pyte."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.terminal import Key, Terminal

HERE = Path(__file__).parents[3]


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    argv = [sys.executable, "-m", "tests.ui.transcript.on_a_terminal"]
    with Terminal(argv, size=(60, 20), environ={"PYTHONPATH": str(HERE)}) as shown:
        shown.shows("Answer 39, line 7.")
        yield shown
        shown.send("Q")
        assert shown.wait() == 0
        assert shown.left_behind() == []


def test_it_streams_and_scrolls(terminal: Terminal) -> None:
    terminal.send("a")
    terminal.shows("waiting…")
    terminal.send(*"+" * 12)
    terminal.shows("Streamed 12. 東京 🙂")
    terminal.send(Key.PAGE_UP, Key.PAGE_UP)
    terminal.shows("Answer 39, line 0.")
    before = terminal.lines
    terminal.send(*"+" * 5)
    terminal.send("G")
    terminal.shows("Streamed 17. 東京 🙂")
    assert terminal.lines != before


def test_every_row_is_drawn_after_each_scroll_and_resize(terminal: Terminal) -> None:
    for width, height in ((60, 20), (44, 30), (100, 16)):
        terminal.resize(width, height)
        terminal.shows("Answer 39, line 7.")
        for _ in range(6):
            terminal.send(Key.PAGE_UP)
        # Blank rows stand alone between paragraphs: two in a row would be rows not drawn.
        terminal.until(lambda: "Answer 39" not in terminal.text)
        terminal.until(lambda: not two_blank_rows(terminal.lines))
        terminal.send("G")
        terminal.shows("Answer 39, line 7.")


def two_blank_rows(rows: list[str]) -> bool:
    texts = [row.strip("│┃▁▂▃▄▅▆▇█▎▌ ") for row in rows]
    return any(not (first or second) for first, second in pairwise(texts))


def test_a_table_wider_than_the_terminal_moves_sideways(terminal: Terminal) -> None:
    terminal.send("w")
    terminal.shows("c0", "v0")
    assert "c19" not in terminal.text
    terminal.send(*"l" * 20)
    terminal.until(lambda: "c19" in terminal.text and "c0 " not in terminal.text)
    terminal.send(*"h" * 20)
    terminal.shows("c0", "v0")
