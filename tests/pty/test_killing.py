"""kill -9 of the whole program at any moment of a reply: what was sent is there, and most of it."""

from __future__ import annotations

import random
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.pty.program import READY, SLOW, Served, chinwag, processes, saved, words
from tests.terminal import Key
from tui.core.message import Role, Status

# What arrives is saved each second; ten words a second arrive. Twice that, for a busy machine.
AT_MOST = 20


def statuses(home: Path) -> list[tuple[str, str]]:
    """Role and status of every message, as it stands on the disk."""
    with closing(sqlite3.connect(f"file:{home}/chinwag.db?mode=ro", uri=True)) as database:
        return database.execute("SELECT role, status FROM messages ORDER BY created").fetchall()


@pytest.mark.parametrize("seed", range(5))
def test_kill_9_while_a_reply_streams(tmp_path: Path, server: Served, seed: int) -> None:
    prompt = f"until kill number {seed}"
    moment = random.Random(seed).randrange(25)  # about two seconds
    with chinwag(tmp_path, server, *SLOW) as terminal:
        terminal.shows(READY)
        terminal.send(prompt, Key.ENTER)
        terminal.shows(f"word{moment}")
        newest = words(terminal.text)[-1]
        terminal.signal(signal.SIGKILL)
        assert terminal.wait() == -signal.SIGKILL
    assert not processes(tmp_path)
    assert sorted(statuses(tmp_path))[1] == (Role.USER, Status.COMPLETE)

    with chinwag(tmp_path, server, "-c") as terminal:
        terminal.shows(prompt, "interrupted", "Retry", READY)
        kept = words(terminal.text)
        terminal.send(Key.ctrl("q"))
        assert terminal.wait() == 0
    question, reply = saved(tmp_path)
    assert (question.text, reply.status) == (prompt, Status.INTERRUPTED)
    assert words(reply.text) == kept == list(range(len(kept)))
    assert newest + 1 - len(kept) <= AT_MOST


def test_kill_9_between_the_message_and_its_reply(tmp_path: Path, server: Served) -> None:
    with chinwag(tmp_path, server, "-m", "silent") as terminal:
        terminal.shows(READY)
        terminal.send("is anybody there", Key.ENTER)
        terminal.until(lambda: server.events("is anybody there"))
        terminal.signal(signal.SIGKILL)
        terminal.wait()
    with chinwag(tmp_path, server, "-c") as terminal:
        terminal.shows("is anybody there", "interrupted", "Retry")
