"""chinwag as a process, in a home and against a server of the test's own."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60.0  # a deadline, not an expectation: a busy machine starts Python in several seconds
KEY = "sk-never-to-be-seen-4711"


@dataclass(frozen=True)
class Done:
    """How it ended, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Saved:
    """A message as it is on disk."""

    role: str
    status: str
    text: str


@dataclass(frozen=True)
class Program:
    """Runs `python -m tui`.

    Attributes:
        home: its CHINWAG_HOME; not there yet at first.
        base_url: its OPENAI_BASE_URL.
        log: what the server was asked, and what became of it.
    """

    home: Path
    base_url: str
    log: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def start(
        self,
        *words: str,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.PIPE,
        stderr: int = subprocess.PIPE,
    ) -> subprocess.Popen[bytes]:
        environ = os.environ | {
            "PYTHONPATH": str(ROOT),
            "CHINWAG_HOME": str(self.home),
            "OPENAI_BASE_URL": self.base_url,
            "OPENAI_API_KEY": KEY,
            **self.environ,
        }
        return subprocess.Popen(
            [sys.executable, "-m", "tui", *words],
            cwd=ROOT,
            env=environ,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
        )

    def __call__(self, *words: str, stdin: str = "", status: int = 0) -> Done:
        """Run to the end, which must be this exit status."""
        process = self.start(*words, stdin=subprocess.PIPE)
        out, err = process.communicate(stdin.encode(), timeout=SECONDS)
        done = Done(process.returncode, out.decode(), err.decode())
        assert KEY not in done.out + done.err
        assert done.status == status, done
        return done

    def asked(self) -> list[dict[str, Any]]:
        """Bodies of the chat requests, in the order they came."""
        return [entry["body"] for entry in self._logged() if entry["event"] == "request"]

    def disconnected(self) -> bool:
        """Whether the server saw somebody hang up before the end."""
        return any(entry["event"] == "disconnected" for entry in self._logged())

    def saved(self) -> list[Saved]:
        """All messages on disk, oldest first."""
        database = self.home / "chinwag.db"
        if not database.exists():
            return []
        with closing(sqlite3.connect(database, timeout=10)) as connection:
            try:
                rows = connection.execute(
                    "SELECT role, status, text FROM messages ORDER BY number"
                ).fetchall()
            except sqlite3.OperationalError:  # so new that it has no tables yet
                return []
        return [Saved(*row) for row in rows]

    def _logged(self) -> list[dict[str, Any]]:
        if not self.log.exists():
            return []
        entries = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [entry for entry in entries if entry["path"].endswith("/chat/completions")]


def eventually(predicate: Callable[[], object], seconds: float = SECONDS) -> None:
    """Wait for what another process does.

    Raises:
        AssertionError: it did not within `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not predicate():
        assert time.monotonic() < deadline, f"not true within {seconds:g} s"
        time.sleep(0.02)
