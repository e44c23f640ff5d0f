"""Several processes on one library, and what is left of one that is killed."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tui.core.message import Status
from tui.store.library import Library

ROOT = Path(__file__).parents[2]


@contextmanager
def another_process(path: Path, *what: str) -> Iterator[subprocess.Popen[str]]:
    """`tests.store.writer` at work; killed in the end if it is still there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.writer", str(path), *what],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def told(process: subprocess.Popen[str], command: str = "") -> tuple[str, str, str]:
    """Send a command, if any, and return the next report: what was done, message id, its text."""
    assert process.stdin is not None
    assert process.stdout is not None
    if command:
        process.stdin.write(command + "\n")
        process.stdin.flush()
    did, message_id, text = json.loads(process.stdout.readline())
    return did, message_id, text


@pytest.mark.parametrize("seed", range(8))
def test_nothing_reported_is_lost_to_kill_9(path: Path, seed: int) -> None:
    with another_process(path, "talk", str(seed)) as process:
        before_the_kill = random.Random(seed).randrange(2, 120)
        reports = [told(process) for _ in range(before_the_kill)]
        process.kill()
        assert process.stdout is not None
        rest = process.stdout.read()  # `communicate` would pass over what is buffered already
    whole_lines = rest[: rest.rfind("\n") + 1].splitlines()
    reports += [tuple(json.loads(line)) for line in whole_lines]

    library = Library(path)
    finished = {message_id for did, message_id, _ in reports if did == "finished"}
    last_text = {message_id: text for _, message_id, text in reports}
    stored = {message.id: message for message in library.messages(list(last_text))}
    for message_id, text in last_text.items():
        message = stored[message_id]
        # It may have saved one step more than it came to report.
        assert message.text.startswith(text)
        if message_id in finished:
            assert (message.text, message.status) == (text, Status.COMPLETE)
    cut_off = [
        message
        for message in stored.values()
        if message.role == "assistant" and message.id not in finished
    ]
    completed = [message for message in cut_off if message.status is Status.COMPLETE]
    assert len(completed) <= 1  # finished, and killed before saying so
    assert {message.status for message in cut_off} <= {Status.INTERRUPTED, Status.COMPLETE}
    assert not any(conversation.streaming for conversation in library.conversations())
    assert library.check() == []
    library.close()


def test_a_reply_that_a_living_process_writes_is_left_alone(path: Path) -> None:
    with another_process(path, "wait") as process:
        told(process)
        _, answer, _ = told(process)
        told(process, "flush The")
        library = Library(path)
        assert library.recover() == 0
        (conversation,) = library.conversations()
        assert conversation.streaming
        assert library.messages([answer])[0].text == "The"

        version = library.data_version()
        told(process, "flush The moon")
        assert library.data_version() != version
        (message,) = library.messages([answer])
        assert (message.text, message.status) == ("The moon", Status.STREAMING)

        told(process, "finish")
        (message,) = library.messages([answer])
        assert (message.text, message.status) == ("The moon", Status.COMPLETE)
        assert not library.conversation(conversation.id).streaming
        library.close()


def test_a_process_that_dies_meanwhile_is_noticed_when_asked(path: Path) -> None:
    library = Library(path)
    with another_process(path, "wait") as process:
        told(process)
        _, answer, _ = told(process)
        told(process, "flush The")
    assert library.messages([answer])[0].status is Status.STREAMING
    assert library.recover() == 1
    (message,) = library.messages([answer])
    assert (message.text, message.status) == ("The", Status.INTERRUPTED)
    assert library.recover() == 0
    library.close()


def test_opening_a_second_time_drops_no_lock_of_the_first(path: Path) -> None:
    first = Library(path)
    probe = (
        "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)"
        ".execute('BEGIN IMMEDIATE')"
    )
    with first._database.transaction():
        Library(path).close()
        other = subprocess.run(
            [sys.executable, "-c", probe, str(path)], capture_output=True, text=True, check=False
        )
    assert "database is locked" in other.stderr
    first.close()


def test_many_may_open_a_new_library_at_once(path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.store.writer", str(path), "wait"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    library = Library(path)
    assert len(library.conversations()) == 4
    assert library.check() == []
    library.close()
