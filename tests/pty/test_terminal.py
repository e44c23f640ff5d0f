"""The terminal of these tests notices what a program leaves behind: else they prove nothing."""

from __future__ import annotations

import sys

import pytest

from tests.terminal import Terminal

LEFT = {
    r"\x1b[?1049h": "mode 1049 stays set",
    r"\x1b[?25l": "mode 25 stays reset",
    r"\x1b[?1000h\x1b[?1006h\x1b[?1000l": "mode 1006 stays set",
    r"\x1b[?2004h": "mode 2004 stays set",
    r"\x1b[>25u": "the keyboard protocol's flags were pushed 1 times more than popped",
}


def run(code: str) -> Terminal:
    return Terminal([sys.executable, "-c", code])


@pytest.mark.parametrize(("written", "complaint"), LEFT.items())
def test_a_mode_left_behind_is_noticed(written: str, complaint: str) -> None:
    with run(f"print('{written}')") as terminal:
        assert terminal.wait() == 0
        assert terminal.left_behind() == [complaint]


def test_settings_left_behind_are_noticed() -> None:
    with run("import tty; tty.setraw(0)") as terminal:
        assert terminal.wait() == 0
        assert terminal.left_behind() == ["the terminal's settings (termios) changed"]


def test_a_tidy_program_leaves_nothing() -> None:
    drawn = r"\x1b[?1049h\x1b[?25;1000h\x1b[>1u\x1b[Hhidden\x1b[<u\x1b[?1000l\x1b[?1049l"
    with run(f"import sys; print('seen{drawn}'); sys.exit(3)") as terminal:
        assert terminal.wait() == 3
        assert terminal.left_behind() == []
        assert terminal.text.strip() == "seen"


def test_sizes_signals_and_keys_reach_the_program() -> None:
    code = (
        "import os, signal;"
        "signal.signal(signal.SIGWINCH, lambda *_: print(os.get_terminal_size()));"
        "print('ready'); print('got', input())"
    )
    with run(code) as terminal:
        terminal.shows("ready")
        terminal.resize(61, 17)
        terminal.shows("columns=61, lines=17")
        terminal.send("word\r")
        terminal.shows("got word")
        assert terminal.wait() == 0
