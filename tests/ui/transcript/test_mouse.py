"""The mouse and the selecting keys, as the bytes that a terminal sends for them."""

from __future__ import annotations

import re
from base64 import b64decode

from tests.terminal import Key, Terminal
from tests.ui.transcript.pane import chat
from tests.ui.transcript.test_terminal import terminal

__all__ = ["terminal"]

PRESS, MOVE, WHEEL_UP, WHEEL_DOWN = 0, 32, 64, 65
CLIPBOARD = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
SHIFT_DOWN, SHIFT_RIGHT = "\x1b[1;2B", "\x1b[1;2C"


def mouse(button: int, x: int, y: int, *, up: bool = False) -> str:
    """An event of the mouse at a cell, in SGR's way."""
    return f"\x1b[<{button};{x + 1};{y + 1}{'m' if up else 'M'}"


def click(x: int, y: int, times: int = 1) -> str:
    return (mouse(PRESS, x, y) + mouse(PRESS, x, y, up=True)) * times


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


def marked(terminal: Terminal, x: int, y: int) -> bool:
    """Whether a cell stands on another ground than the empty one at the row's beginning."""
    row = terminal._screen.buffer[y]
    return bool(row[x].bg != row[0].bg)


def copied(terminal: Terminal) -> str:
    """What the clipboard holds."""
    return b64decode(CLIPBOARD.findall(bytes(terminal.written))[-1]).decode()


def copies(terminal: Terminal, text: str) -> None:
    terminal.until(lambda: CLIPBOARD.search(bytes(terminal.written)) and copied(terminal) == text)


def test_the_wheel_scrolls(terminal: Terminal) -> None:
    at = (10, 8)
    terminal.send(mouse(WHEEL_UP, *at) * 16)
    terminal.shows("Answer 38, line 0.")
    terminal.hides("Answer 39, line 7.")
    terminal.send(mouse(WHEEL_DOWN, *at) * 24)
    terminal.shows("Answer 39, line 7.")


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


def test_a_drag_that_is_held_beyond_the_edge_scrolls_as_far_as_there_is_anything(
    terminal: Terminal,
) -> None:
    terminal.send(Key.PAGE_UP, Key.PAGE_UP)
    x, y = cell_of(terminal, "Answer 37, line 7.")  # out of view after the first of the two
    terminal.send(mouse(PRESS, x, y), mouse(MOVE, x + 1, y))
    terminal.until(lambda: marked(terminal, x, y))  # only then is the mouse the transcript's
    terminal.send(mouse(MOVE, 50, terminal.size[1] - 1))  # on the line below the transcript
    terminal.shows("Answer 39, line 7.")  # where it ends, and so does scrolling
    terminal.send(mouse(PRESS, 50, terminal.size[1] - 1, up=True), "y")
    below = "\n\n".join(entry.text for entry in chat(40)[-4:])
    copies(terminal, f"Answer 37, line 7.\n\n{below}")


def test_keys_select(terminal: Terminal) -> None:
    x, y = cell_of(terminal, "Answer 39, line 0.")
    terminal.send(drag((x, y), (x + 6, y)))
    terminal.until(lambda: marked(terminal, x, y))
    terminal.send(SHIFT_RIGHT * 3, "y")
    copies(terminal, "Answer 39")
    terminal.send(SHIFT_DOWN, "y")
    copies(terminal, "Answer 39, line 0.")


def test_links_code_and_headers_are_clicked(terminal: Terminal) -> None:
    terminal.send("m")
    x, y = cell_of(terminal, "the docs")
    terminal.send(click(x + 2, y))
    copies(terminal, "https://x.org/docs")
    x, y = cell_of(terminal, "copy")
    terminal.send(click(x + 2, y))
    copies(terminal, "x = 1\ny = 2")
    x, y = cell_of(terminal, "▾ python")
    terminal.send(click(x + 2, y))
    terminal.shows("▸ python · 2 lines")
    terminal.hides("x = 1")
    x, y = cell_of(terminal, "The quick")
    terminal.send(click(x, y - 1))  # the model's name
    terminal.shows("▸ model  The quick brown fox")
    terminal.hides("Last words.")
