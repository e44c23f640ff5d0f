"""Copies of the whole database: when they are made, that they are sound, and which stay."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.store.chats import chat, said
from tui.core.errors import ChatError
from tui.core.message import utc_now
from tui.store import backups
from tui.store.backups import COPIES_KEPT, EVERY, Backups, back_up, backup_files, is_sound
from tui.store.library import Library
from tui.store.liveness import alone
from tui.store.rows import milliseconds

DAY = timedelta(days=1)


@pytest.fixture
def weekly(library: Library) -> Backups:
    """The weekly copies of a library that is old enough for one."""
    question = said(tides := chat(), "Why two tides?")
    library.begin_turn([question], tides)
    library.backups.settling = 0.0
    return library.backups


def aged(path: Path, *ages: timedelta) -> list[Path]:
    """Copies as of so long ago."""
    made = []
    for age in ages:
        copy = back_up(path)
        stamp = (datetime.now(UTC) - age).strftime(backups._STAMP)
        made.append(copy.rename(path.with_name(f"{path.name}.backup-{stamp}")))
    return made


def test_one_is_made_each_week(path: Path, weekly: Backups) -> None:
    now = utc_now()
    weekly.tend(now)
    weekly.wait()
    (first,) = backup_files(path)
    assert is_sound(first.path)
    assert now - first.made < DAY
    copy = Library(first.path)
    assert copy.size().messages == 1
    copy.close()
    weekly.tend(now + EVERY - DAY)
    weekly.wait()
    assert [one.path for one in backup_files(path)] == [first.path]
    weekly.tend(now + EVERY + DAY)
    weekly.wait()
    assert len(backup_files(path)) == 2


def test_one_that_another_process_lets_go_of_is_none(path: Path, library: Library) -> None:
    (there,) = aged(path, EVERY)
    # As one is that goes between the looks at the folder and at the file.
    path.with_name(f"{path.name}.backup-20260101-000000-000000").symlink_to("gone")
    assert [one.path for one in backup_files(path)] == [there]
    library.tend(utc_now())


def test_of_all_the_newest_three_stay(path: Path, weekly: Backups) -> None:
    old = aged(path, *(EVERY * weeks for weeks in (4, 3, 2)))
    weekly.tend(utc_now())
    weekly.wait()
    left = [one.path for one in backup_files(path)]
    assert len(left) == COPIES_KEPT
    assert left[1:] == [old[2], old[1]]


def test_a_library_of_today_has_none(path: Path, library: Library) -> None:
    library.create(chat(updated=utc_now()))
    with library._database.transaction() as connection:
        connection.execute("UPDATE conversations SET created = ?", (milliseconds(utc_now()),))
    library.backups.settling = 0.0
    library.tend(utc_now())
    library.backups.wait()
    assert backup_files(path) == []


def test_others_write_while_it_is_made(
    path: Path, library: Library, weekly: Backups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "PAGES_AT_ONCE", 1)
    written: list[str] = []
    real = weekly._stop.wait

    def write_between(seconds: float | None = None) -> bool:
        if seconds == backups.PAUSE_SECONDS and len(written) < 5:
            with closing(sqlite3.connect(path, timeout=0)) as connection, connection:
                connection.execute("UPDATE conversations SET title = ?", (f"{len(written)}",))
            written.append("one")
        return real(0)

    monkeypatch.setattr(weekly._stop, "wait", write_between)
    weekly.tend(utc_now())
    weekly.wait()
    assert len(written) == 5
    (copy,) = backup_files(path)
    with closing(sqlite3.connect(copy.path)) as connection:
        assert connection.execute("SELECT title FROM conversations").fetchall() == [("Tides",)]


def test_two_processes_never_make_one_at_once(path: Path, weekly: Backups) -> None:
    in_the_making = path.with_name(f"{path.name}.backup-20260101-000000-000000.part")
    in_the_making.touch()
    with alone(path.parent / "live" / "copying") as mine:
        assert mine
        weekly.tend(utc_now())
        weekly.wait()
        assert backup_files(path) == []
        before_a_change = back_up(path)  # that one can't wait, and leaves the other's alone
        assert in_the_making.exists()
    back_up(path)
    assert not in_the_making.exists(), "nobody makes it any more"
    assert before_a_change.exists()


def test_closing_gives_it_up(path: Path, weekly: Backups) -> None:
    weekly.settling = 3600.0
    weekly.tend(utc_now())
    weekly.close()
    assert list(path.parent.glob("*.backup-*")) == []
    with pytest.raises(backups.StoppedError):
        backups._make(path, weekly._stop, tidy=True)
    assert list(path.parent.glob("*.backup-*")) == []


def test_a_full_disk_is_told_once_and_harms_nothing(
    path: Path, library: Library, weekly: Backups, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = utc_now()
    (old,) = aged(path, 2 * EVERY)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=12_000_000))
    library.tend(now)
    weekly.wait()
    with pytest.raises(ChatError, match=r"no room for the weekly copy.* 12.0 MB are free"):
        library.tend(now)
    library.tend(now + timedelta(hours=1))  # it rests for a day
    weekly.wait()
    library.tend(now + 2 * DAY)
    weekly.wait()
    library.tend(now + 2 * DAY)  # told already
    assert [one.path for one in backup_files(path)] == [old]
    monkeypatch.undo()
    library.backups.settling = 0.0
    library.tend(now + 4 * DAY)
    weekly.wait()
    assert len(backup_files(path)) == 2


def test_a_damaged_library_replaces_no_good_copy(path: Path) -> None:
    library = Library(path)
    library.create(chat(title="x" * 20_000))
    good = aged(path, 4 * EVERY, 3 * EVERY, 2 * EVERY)
    library.close()
    content = bytearray(path.read_bytes())
    at = content.find(b"xxxx") // 4096 * 4096
    content[at : at + 4096] = b"\xaa" * 4096
    path.write_bytes(content)
    watched = Backups(path)
    watched.settling = 0.0
    watched.tend(utc_now())
    watched.wait()
    with pytest.raises(ChatError, match=r"weekly copy .* damaged"):
        watched.tend(utc_now())
    assert {one.path for one in backup_files(path)} == set(good)
    assert list(path.parent.glob("*.part")) == []
