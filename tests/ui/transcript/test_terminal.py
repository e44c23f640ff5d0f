"""What really reaches a terminal: a real pty, drawn by pyte."""

from __future__ import annotations

import re
import sys
from base64 import b64decode
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


# -------------------------------------------------------------- the mouse, as terminals tell of it

PRESS, MOVE, WHEEL_UP = 0, 32, 64
CLIPBOARD = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def mouse(button: int, x: int, y: int, *, up: bool = False) -> str:
    """An event of the mouse at a cell, in SGR's way."""
    return f"\x1b[<{button};{x + 1};{y + 1}{'m' if up else 'M'}"


def drag(start: tuple[int, int], end: tuple[int, int]) -> str:
    return (
        mouse(PRESS, *start)
        + mouse(MOVE, start[0] + 1, start[1])
        + mouse(MOVE, *end)
        + mouse(PRESS, *end, up=True)
    )


def cell_of(terminal: Terminal, text: str) -> tuple[int, int]:
    """Where a text stands on screen."""
    terminal.shows(text)
    return next((line.index(text), row) for row, line in enumerate(terminal.lines) if text in line)


def copied(terminal: Terminal) -> str:
    """What the clipboard holds."""
    return b64decode(CLIPBOARD.findall(bytes(terminal.written))[-1]).decode()


def copies(terminal: Terminal, text: str) -> None:
    terminal.until(lambda: CLIPBOARD.search(bytes(terminal.written)) and copied(terminal) == text)


def test_a_drag_copies_across_messages_what_streaming_and_scrolling_do_not_touch(
    terminal: Terminal,
) -> None:
    terminal.send("a")
    terminal.shows("waiting…")
    terminal.send(mouse(WHEEL_UP, 10, 8) * 3)
    start = cell_of(terminal, "39?")
    end = cell_of(terminal, "line 1.")
    terminal.send(drag(start, (end[0] + 6, end[1])), *"+" * 20)
    terminal.send(mouse(WHEEL_UP, 10, 8) * 10, "G")
    terminal.shows("Streamed 20.")
    terminal.send("y")
    copies(terminal, "39?\n\nAnswer 39, line 0.\n\nAnswer 39, line 1")


def test_a_drag_held_beyond_the_edge_scrolls_and_selects(terminal: Terminal) -> None:
    x, y = cell_of(terminal, "Answer 39, line 7.")
    terminal.send(mouse(PRESS, x + 18, y), mouse(MOVE, x + 10, y - 1), mouse(MOVE, x, 0))
    terminal.shows("Answer 38, line 0.")
    terminal.send(mouse(PRESS, x, 0, up=True), "y")
    terminal.until(lambda: CLIPBOARD.search(bytes(terminal.written)))
    assert copied(terminal).endswith("Answer 39, line 7.")
    assert "Question 39?" in copied(terminal)
    assert "Answer 38, line 1." in copied(terminal)
