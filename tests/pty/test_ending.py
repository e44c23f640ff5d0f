"""However chinwag ends while a reply streams: what arrived is saved, and the terminal is clean."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.pty.faults import FAULTS, MISTAKE
from tests.pty.program import READY, SLOW, Served, chinwag, processes, saved, words
from tests.terminal import Key, Terminal
from tui.core.message import Status

SIGNALS = {signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGINT: 130}


def stream(terminal: Terminal, draft: str = "") -> int:
    """Wait for the first words of the reply; returns the newest one's number."""
    terminal.shows("word3")
    if draft:
        terminal.send(draft)
        terminal.shows(draft)
    return words(terminal.text)[-1]


def check_saved(home: Path, prompt: str, newest: int) -> None:
    question, reply = saved(home)
    assert question.text == prompt
    assert reply.status is Status.STOPPED
    assert words(reply.text) == list(range(len(words(reply.text))))
    assert words(reply.text)[-1] >= newest
    assert not processes(home)


@pytest.mark.parametrize(("number", "status"), SIGNALS.items(), ids=str)
def test_a_signal(tmp_path: Path, server: Served, number: signal.Signals, status: int) -> None:
    prompt = f"until {number.name}"
    with chinwag(tmp_path, server, *SLOW, prompt) as terminal:
        newest = stream(terminal, "a draft")
        terminal.signal(number)
        assert terminal.wait() == status
        assert terminal.left_behind() == []
        assert terminal.text.strip() == ""
    assert server.events(prompt) == ["request", "disconnected"]
    check_saved(tmp_path, prompt, newest)
    assert not (tmp_path / "chinwag.log").exists()
    with chinwag(tmp_path, server, "-c") as terminal:
        terminal.shows(prompt, "stopped", "a draft", READY)


def test_a_signal_before_anything_is_there(tmp_path: Path, server: Served) -> None:
    with chinwag(tmp_path, server) as terminal:
        terminal.until(lambda: terminal.written)
        terminal.signal(signal.SIGTERM)
        assert terminal.wait() == 143
        assert terminal.left_behind() == []
        assert terminal.text.strip() == ""


def test_the_terminal_goes_away(tmp_path: Path, server: Served) -> None:
    with chinwag(tmp_path, server, *SLOW, "until the line breaks") as terminal:
        newest = stream(terminal, "a draft")
        terminal.hang_up()
        assert terminal.wait() == 129
    check_saved(tmp_path, "until the line breaks", newest)
    assert not (tmp_path / "chinwag.log").exists()
    with chinwag(tmp_path, server, "-c") as terminal:
        terminal.shows("stopped", "a draft", READY)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_mistake_of_ours(tmp_path: Path, server: Served, fault: str) -> None:
    prompt = f"until {fault} fails"
    script = ("-m", "tests.pty.faults", fault)
    with chinwag(tmp_path, server, *SLOW, prompt, script=script) as terminal:
        newest = stream(terminal)
        terminal.send(Key.ctrl("j"))
        assert terminal.wait() == 1
        assert terminal.left_behind() == []
        assert "chinwag made a mistake and had to stop" in terminal.text
        assert "Traceback" not in terminal.text
        assert MISTAKE not in terminal.text
        assert len(terminal.text.strip().splitlines()) == 2
    check_saved(tmp_path, prompt, newest)
    log = (tmp_path / "chinwag.log").read_text()
    assert "Traceback" in log
    assert f"RuntimeError: {MISTAKE}" in log
    assert (tmp_path / "chinwag.log").stat().st_mode & 0o777 == 0o600
