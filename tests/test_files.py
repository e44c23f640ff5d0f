"""Files: ours alone whatever the umask, replaced whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.files import open_private, private_folder, replace_private, touch_private


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=oct, autouse=True)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder that is there already and is open to others."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)
    return folder


def test_a_folder_and_its_missing_parents_are_closed_to_others(shared: Path) -> None:
    folder = shared / "a" / "b"
    assert private_folder(folder) == folder
    assert (mode(folder), mode(folder.parent), mode(shared)) == (0o700, 0o700, 0o755)


def test_a_folder_of_ours_is_closed_again(shared: Path) -> None:
    private_folder(shared)
    assert mode(shared) == 0o700


@pytest.mark.parametrize("how", ["ab", "wb", "r+b"])
def test_a_file_is_made_closed_to_others(shared: Path, how: str) -> None:
    path = shared / "a" / "b"
    with open_private(path, how) as file:
        assert mode(path) == 0o600
        file.write(b"text")
    assert path.read_bytes() == b"text"
    assert (mode(path.parent), mode(shared)) == (0o700, 0o755)


@pytest.mark.parametrize(
    ("how", "content"), [("ab", b"old textnew"), ("wb", b"new"), ("r+b", b"new text")]
)
def test_a_file_that_is_there_is_closed_to_others(shared: Path, how: str, content: bytes) -> None:
    path = shared / "file"
    replace_private(path, b"old text")
    path.chmod(0o644)
    with open_private(path, how) as file:
        file.write(b"new")
    assert (path.read_bytes(), mode(path)) == (content, 0o600)


def test_a_home_that_is_everybodys_keeps_its_mode(shared: Path) -> None:
    shared.chmod(0o1777)
    private_folder(shared)
    assert mode(shared) == 0o1777


def test_a_folder_that_is_anybodys_keeps_its_mode(shared: Path) -> None:
    open_private(shared / "one").close()
    touch_private(shared / "two")
    replace_private(shared / "three", b"")
    assert mode(shared) == 0o755


def test_touching_makes_and_closes_but_never_empties(shared: Path) -> None:
    path = touch_private(shared / "file")
    assert (path.read_bytes(), mode(path)) == (b"", 0o600)
    replace_private(path, b"text")
    path.chmod(0o666)
    touch_private(path)
    assert (path.read_bytes(), mode(path)) == (b"text", 0o600)


def test_replacing_shows_the_old_or_the_new_and_leaves_nothing_else(shared: Path) -> None:
    path = shared / "state.toml"
    replace_private(path, b"old")
    with path.open("rb") as reader:
        replace_private(path, b"new and longer")
        assert reader.read() == b"old"
    assert (path.read_bytes(), mode(path)) == (b"new and longer", 0o600)
    assert list(shared.iterdir()) == [path]


def test_a_replacing_that_fails_leaves_the_old(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    path = shared / "state.toml"
    replace_private(path, b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_private(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(shared.iterdir()) == [path]
