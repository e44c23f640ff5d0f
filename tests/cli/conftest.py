from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import KEY, Program
from tests.server import server_process


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of commands that run within the test; not there yet."""
    home = tmp_path / "home"
    monkeypatch.setenv("CHINWAG_HOME", str(home))
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    return home


@pytest.fixture
def chinwag(tmp_path: Path) -> Iterator[Program]:
    """The program, with a server; afterwards its key must be in no file it made."""
    log = tmp_path / "server.jsonl"
    home = tmp_path / "home"
    with server_process(log) as base_url:
        yield Program(home, base_url, log)
    for file in home.rglob("*"):
        if file.is_file():
            assert KEY.encode() not in file.read_bytes(), file


class Piped(io.TextIOWrapper):
    """Standard input with this in it."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")


@pytest.fixture
def nothing_piped(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("sys.stdin", Piped(b""))
