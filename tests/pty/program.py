"""chinwag as a person starts it, in a terminal and a folder of its own.

with chinwag(home, server, "-m", "slow") as terminal:
    terminal.shows("Enter Send")
    ...
assert saved(home)[-1].status is Status.STOPPED
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.terminal import Terminal
from tui.core.message import Message
from tui.store.library import Library

ROOT = Path(__file__).parents[2]
READY = "Enter Send"  # the key bar while nothing streams
BUSY = "Esc Stop"
LIST_WIDTH = 32  # columns of the list of chats

# As a busy server streams: `word0 word1 word2 ...`, ten a second, for 20 seconds.
SLOW = ("-m", "slow")


@dataclass(frozen=True)
class Served:
    """The loopback server in another process, and its log."""

    base_url: str
    log: Path

    def events(self, prompt: str) -> list[str]:
        """What became of the requests that ended in `prompt`, in order."""
        if not self.log.exists():
            return []
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        asked = [line for line in lines if line["body"].get("messages")]
        return [
            line["event"] for line in asked if line["body"]["messages"][-1]["content"] == prompt
        ]

    @property
    def prompts(self) -> list[str]:
        """What was asked, in order."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        bodies = [json.loads(line)["body"] for line in lines if '"event": "request"' in line]
        return [body["messages"][-1]["content"] for body in bodies if body.get("messages")]


def chinwag(
    home: Path,
    server: Served | None,
    *arguments: str,
    size: tuple[int, int] = (120, 40),
    answers: Mapping[bytes, bytes] | None = None,
    script: Sequence[str] = ("-m", "tui"),
) -> Terminal:
    """The program, to be entered.

    Args:
        home: the folder of everything it keeps.
        server: stands in OpenAI's place; None: there is no way to any model.
        arguments: as on the command line.
        size: columns and lines.
        answers: what the terminal replies to questions about itself.
        script: what Python runs; for a program with a fault built in.
    """
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": str(ROOT),
        "CHINWAG_HOME": str(home),
    }
    if server is not None:
        environ |= {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "sk-loopback-0123"}
    command = [sys.executable, *script, *arguments]
    return Terminal(command, size=size, environ=environ, folder=ROOT, answers=answers)


def saved(home: Path) -> list[Message]:
    """Every message there is, oldest first. Opening is what a restart does: it recovers."""
    library = Library(home / "chinwag.db")
    try:
        chats = reversed(library.conversations(limit=100))
        return [
            message
            for chat in chats
            for message in library.messages([node.id for node in library.nodes(chat.id)])
        ]
    finally:
        library.close()


def processes(home: Path) -> list[int]:
    """Processes that were started by a chinwag at `home`, itself included (Linux)."""
    mark = f"CHINWAG_HOME={home}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
        except OSError:
            continue  # it has ended, or is somebody else's
    return found


def words(text: str) -> list[int]:
    """The numbers of the words of the slow reply that are on screen, top to bottom."""
    return [int(word[4:]) for word in text.split() if word[:4] == "word" and word[4:].isdigit()]
