"""The whole way in a real terminal: start, type, see tokens, resize, stop, quit, come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pty.program import BUSY, LIST_WIDTH, READY, SLOW, Served, chinwag, saved, words
from tests.terminal import Key, Terminal
from tui.core.message import Status

SIZES = ((60, 16), (80, 24), (200, 60))


def in_order(terminal: Terminal) -> bool:
    """Whether the screen is whole: every part in its place, nothing left of another size."""
    columns, lines = terminal.size
    shown = terminal.lines
    said = words(terminal.text)
    return (
        len(shown) == lines
        and all(len(line) <= columns for line in shown)
        and shown[-1].lstrip().startswith(BUSY)  # the key bar
        and "slow" in shown[-2]  # the status line
        and shown[-3].strip(" ▌") == "Message"  # the composer
        and sum(line.count(BUSY) for line in shown) == 1
        # Each word once, one after another.
        and said == list(range(said[0], said[0] + len(said)) if said else [])
    )


def see_it_stream(terminal: Terminal) -> None:
    """Wait for a whole screen, and for one with more of the reply on it."""
    terminal.until(lambda: words(terminal.text) and in_order(terminal))
    newest = words(terminal.text)[-1]
    terminal.until(lambda: in_order(terminal) and words(terminal.text)[-1] > newest)


def click(terminal: Terminal, text: str) -> None:
    """Click on where it stands on screen."""
    row = next(row for row, line in enumerate(terminal.lines) if text in line[:LIST_WIDTH])
    column = terminal.lines[row].index(text)
    terminal.send(*(f"\x1b[<0;{column + 1};{row + 1}{end}" for end in "Mm"))


def test_the_whole_way(tmp_path: Path, server: Served) -> None:
    with chinwag(tmp_path, server, *SLOW) as terminal:
        terminal.send("tell me everything")  # before there is anything to type into
        terminal.shows("tell me everything", READY)
        terminal.send(Key.ENTER)
        terminal.shows("word0", "word1", BUSY)
        for size in SIZES:
            terminal.resize(*size)
            see_it_stream(terminal)
        terminal.send(Key.ESCAPE)
        terminal.shows("stopped", READY)
        terminal.until(lambda: server.events("tell me everything") == ["request", "disconnected"])
        newest = words(terminal.text)[-1]
        terminal.send("and this is not sent yet", Key.ctrl("q"))
        assert terminal.wait() == 0
        assert terminal.left_behind() == []
        assert not terminal.full_screen
        assert terminal.text.strip() == ""
    question, reply = saved(tmp_path)
    assert (question.text, reply.status) == ("tell me everything", Status.STOPPED)
    assert words(reply.text)[-1] >= newest

    with chinwag(tmp_path, server) as terminal:
        terminal.shows("tell me everything", READY)  # in the list
        assert not words(terminal.text)
        assert "and this is not sent yet" not in terminal.text  # it belongs to that chat
        click(terminal, "tell me everything")
        terminal.shows("word0", f"word{words(reply.text)[-1]}", "stopped")
        terminal.shows("and this is not sent yet")
        terminal.send(Key.ctrl("q"))
        assert terminal.wait() == 0


def test_the_draft_of_a_new_chat_is_kept_over_a_restart(tmp_path: Path, server: Served) -> None:
    with chinwag(tmp_path, server) as terminal:
        terminal.shows(READY)
        terminal.send("half a thought", Key.ctrl("q"))  # in one go: the last letters count too
        assert terminal.wait() == 0
    with chinwag(tmp_path, server) as terminal:
        terminal.shows("half a thought")
        terminal.send(" made whole", Key.ENTER)
        terminal.until(lambda: "half a thought made whole" in server.prompts)


def test_a_prompt_on_the_command_line_is_sent(tmp_path: Path, server: Served) -> None:
    with chinwag(tmp_path, server, "-m", "echo", "say it back") as terminal:
        terminal.until(lambda: terminal.text.count("say it back") >= 3)  # list, question, reply
        terminal.send(Key.ctrl("q"))
        assert terminal.wait() == 0


@pytest.mark.parametrize("size", [(60, 16), (40, 10), (20, 5)])
def test_it_starts_in_a_small_terminal(
    tmp_path: Path, server: Served, size: tuple[int, int]
) -> None:
    with chinwag(tmp_path, server, "-m", "echo", size=size) as terminal:
        terminal.shows("Message")
        terminal.send("hello", Key.ENTER)
        terminal.until(lambda: "hello" in server.prompts)
        terminal.shows("Message", "hello")
        terminal.send(Key.ctrl("q"))
        assert terminal.wait() == 0
        assert terminal.left_behind() == []


def test_a_terminal_that_reports_its_size_in_band(tmp_path: Path, server: Served) -> None:
    """As kitty, foot, Ghostty and iTerm2 do: sizes come as text then, and the mouse in pixels."""
    answers = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?2048$p": b"\x1b[?2048;2$y"}
    with chinwag(tmp_path, server, *SLOW, "go", answers=answers) as terminal:
        terminal.shows("word3")
        terminal.until(lambda: {2048, 1016} <= terminal.modes)
        terminal.resize(80, 24)
        terminal.send("\x1b[48;24;80;480;800t")
        see_it_stream(terminal)
        terminal.send(Key.ctrl("q"))
        assert terminal.wait() == 0
        assert terminal.left_behind() == []
