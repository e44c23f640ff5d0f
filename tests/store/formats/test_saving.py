"""Exports as files: safe names, private, nothing overwritten."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.chats import chat
from tui.core.errors import ChatError, ErrorKind
from tui.store.formats.saving import file_name, free_path, is_folder, save, written_path


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Tides and the Moon", "tides-and-the-moon-3f2a1122.md"),
        ("../../etc/passwd", "etc-passwd-3f2a1122.md"),
        ("-rf *; C:\\x\0\n", "rf-c-x-3f2a1122.md"),
        ("潮汐 für alle", "潮汐-für-alle-3f2a1122.md"),
        ("🌊 ...", "3f2a1122.md"),
        ("", "3f2a1122.md"),
    ],
)
def test_a_title_becomes_a_name(title: str, name: str) -> None:
    assert file_name(chat(title, chat_id="3f2a112200000000"), "md") == name


@given(st.text(max_size=300))
def test_any_title_becomes_a_name_that_every_system_takes(title: str) -> None:
    name = file_name(chat(title, chat_id="3f2a112200000000"), "json")
    assert len(name.encode()) < 143
    assert not set(name) & set('/\\:*?"<>|\0\n\r\t ')
    assert name[0] not in ".-"


def test_a_file_is_private_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.md"
    save(path, ["# Tides\r\n", "Why?"])
    assert path.read_bytes() == b"# Tides\r\nWhy?"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def breaks_off() -> Iterator[str]:
        yield "half"
        raise ChatError(ErrorKind.LIBRARY, "The disk is gone.")

    with pytest.raises(ChatError, match="The disk is gone"):
        save(path, breaks_off(), replace=True)
    assert path.read_bytes() == b"# Tides\r\nWhy?"
    assert os.listdir(path.parent) == ["a.md"]  # noqa: PTH208 - names are what matters


def test_what_is_there_stays_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    save(path, ["old"])
    with pytest.raises(ChatError, match="is there already and stays as it is"):
        save(path, ["new"])
    assert path.read_text() == "old"
    save(path, ["new"], replace=True)
    assert path.read_text() == "new"
    for other in (tmp_path, Path(os.devnull)):
        with pytest.raises(ChatError, match="is no ordinary file"):
            save(other, ["new"], replace=True)


def test_a_folder_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ChatError, match="can't be written") as caught:
        save(tmp_path / "file" / "a.md", ["x"])
    assert caught.value.kind is ErrorKind.FILE


def test_a_free_name_has_a_number(tmp_path: Path) -> None:
    for name in ("a-1.md", "a-1-2.md", "a-1-3.md"):
        path = free_path(tmp_path, "a-1.md")
        assert path.name == name
        save(path, [])


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("~nobody-of-that-name/x.md", "there is no such home"),
        ("x" * 300 + ".md", "File name too long"),
        ("a\0b.md", "no file can have such a name"),
        ("a\ud800.md", "no file can have such a name"),
        ("there.md/x.md", "Not a directory"),
    ],
)
def test_a_path_that_can_not_be_used_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.md").touch()
    with pytest.raises(ChatError, match=f"can't be written: {why}") as failure:
        save(written_path(written), ["new"])
    assert failure.value.kind is ErrorKind.FILE
    assert os.listdir(tmp_path) == ["there.md"]  # noqa: PTH208 - names are what matters


def test_a_folder_that_nobody_may_look_into_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, **_: object) -> os.stat_result:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", refused)  # tests may run as root, who may look anywhere
    monkeypatch.setattr(Path, "lstat", refused)
    for use in (is_folder, lambda path: save(path, ["new"]), lambda path: free_path(path, "a.md")):
        with pytest.raises(ChatError, match="Permission denied"):
            use(tmp_path / "x")


def test_a_folder_that_was_removed_under_chinwag_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(ChatError, match="No such file or directory"):
        save(Path("a.md"), ["new"])
