"""The whole program with a real model: `chinwag --local`, nothing stood in for."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from tests.pty.program import BUSY, LIST_WIDTH, READY, chinwag, processes, saved
from tests.real_model import lend_model
from tests.terminal import Key, Terminal
from tui.core.message import Status

pytestmark = pytest.mark.real_model
# It loads 93 MB and then computes, on cores that other tests want too.
PATIENCE = 180.0
MODEL = "SmolLM2-135M-Instruct"
WAITING = ("Starting", "Loading", "waiting")  # what stands there before the first token
NUMBERS = re.compile(r"to first token · [\d.]+ tok/s · \d+ in, \d+ out · free")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the model in it."""
    lend_model(tmp_path / "models")
    return tmp_path


def ask(terminal: Terminal, text: str) -> None:
    terminal.shows(READY)
    terminal.send(text, Key.ENTER)
    terminal.shows(BUSY)


def reply_words(terminal: Terminal) -> list[str]:
    """What is between the model's name and the composer, once that is words of the model's."""
    shown = [line[LIST_WIDTH:].strip(" ▌") for line in terminal.lines]
    if MODEL not in shown:
        return []
    words = " ".join(shown[shown.index(MODEL) + 1 : shown.index("Message")]).split()
    return [] if words and words[0] in WAITING else words


def test_a_real_model_answers_in_the_whole_program(home: Path) -> None:
    config = "[parameters]\nmax_tokens = 40\ntemperature = 0.0\n"
    (home / "config.toml").write_text(config)
    with chinwag(home, None, "--local") as terminal:
        ask(terminal, "Say hello, then count from one to twenty.")
        # Streamed: some of it is there while it goes on.
        terminal.until(lambda: BUSY in terminal.text and reply_words(terminal), timeout=PATIENCE)
        terminal.until(lambda: NUMBERS.search(terminal.text), timeout=PATIENCE)
        assert len(processes(home)) == 2  # chinwag, and the model's server
        terminal.send(Key.ctrl("q"))
        assert terminal.wait() == 0
        assert terminal.left_behind() == []
    terminal.until(lambda: not processes(home))
    _question, reply = saved(home)
    assert reply.status in (Status.COMPLETE, Status.TRUNCATED)
    assert reply.usage is not None
    assert reply.usage.exact
    assert reply.cost_usd == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_models_server_ends_with_chinwag(home: Path, number: signal.Signals) -> None:
    with chinwag(home, None, "--local") as terminal:
        ask(terminal, "Tell me a long story about the sea.")
        terminal.until(lambda: len(reply_words(terminal)) > 3, timeout=PATIENCE)
        assert len(processes(home)) == 2
        terminal.signal(number)
        terminal.wait()
        terminal.until(lambda: not processes(home))
    _question, reply = saved(home)
    assert reply.status is (Status.STOPPED if number is signal.SIGTERM else Status.INTERRUPTED)
