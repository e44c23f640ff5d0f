"""Who is alive: tokens, their locks, and the moments at which they could be mistaken."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from typing import IO

import pytest

from tui.store import liveness
from tui.store.liveness import Liveness


@pytest.fixture
def live(tmp_path: Path) -> Path:
    return tmp_path / "live"


def test_alive_while_open_and_dead_after(live: Path) -> None:
    one, other = Liveness(live), Liveness(live)
    assert one.token != other.token
    assert one.alive(one.token)
    assert one.alive(other.token)
    other.close()
    assert not one.alive(other.token)
    one.close()
    assert list(live.iterdir()) == []


def test_unknown_tokens_are_dead(live: Path) -> None:
    one = Liveness(live)
    assert not one.alive("0" * 16)
    one.close()


def test_sweeping_removes_what_the_dead_left(live: Path) -> None:
    one, other = Liveness(live), Liveness(live)
    (live / "0123456789abcdef.lock").touch()
    one.sweep()
    assert {path.stem for path in live.iterdir()} == {one.token, other.token}
    one.close()
    other.close()


def test_a_file_swept_away_before_it_was_locked_is_not_relied_on(
    live: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweeper = Liveness(live)
    hold = liveness._hold
    swept: list[str] = []

    def late(file: IO[bytes]) -> bool:
        if not swept:
            swept.extend(path.stem for path in live.iterdir() if path.stem != sweeper.token)
            sweeper.sweep()
        return hold(file)

    monkeypatch.setattr(liveness, "_hold", late)
    starting = Liveness(live)
    assert swept
    assert starting.token not in swept
    assert sweeper.alive(starting.token)
    starting.close()
    sweeper.close()


def test_a_file_being_looked_at_when_it_was_to_be_locked_is_not_relied_on(
    live: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = liveness._hold
    looking: list[IO[bytes]] = []

    def watched(file: IO[bytes]) -> bool:
        if not looking:
            (path,) = live.iterdir()
            looking.append(path.open("rb"))
            assert liveness._probe(looking[0])
        return hold(file)

    monkeypatch.setattr(liveness, "_hold", watched)
    starting = Liveness(live)
    looking[0].close()
    assert starting.alive(starting.token)
    starting.sweep()
    assert [path.stem for path in live.iterdir()] == [starting.token]
    starting.close()


def test_nobody_alive_is_ever_taken_for_dead(live: Path) -> None:
    watcher = Liveness(live)
    mistaken: list[str] = []

    def come_and_go() -> None:
        for _ in range(40):
            mine = Liveness(live)
            mine.sweep()
            if not watcher.alive(mine.token):
                mistaken.append(mine.token)
            mine.close()

    threads = [threading.Thread(target=come_and_go) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mistaken == []
    watcher.sweep()
    assert [path.stem for path in live.iterdir()] == [watcher.token]
    watcher.close()


def test_a_child_process_does_not_keep_its_parent_alive(live: Path) -> None:
    watcher, parent = Liveness(live), Liveness(live)
    child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, close_fds=False)
    parent._file.close()  # as if it were killed
    assert child.poll() is None
    assert not watcher.alive(parent.token)
    child.communicate()
    watcher.close()
