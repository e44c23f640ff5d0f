"""The running model server: starting the child process, knowing whether it lives, ending it.

The child listens on a loopback port that the system chose and answers only to a key that was made
for it alone, handed over on its standard input and kept nowhere but in memory.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from tui.core.errors import ChatError, ErrorKind
from tui.files import open_log
from tui.provider.local.progress import Progress

# Chats that are answered at the same time, each with the whole context window; more wait.
SLOTS = 2
MOST_THREADS = 4  # a small model gains nothing from more; measured on SmolLM2-135M
STOP_SECONDS = 1.0
_SCRIPT = Path(__file__).with_name("serve.py")


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What the child is told.

    Attributes:
        model: path of the GGUF file.
        alias: what the model is called in requests and replies.
        threads: see `thread_count`.
        context: tokens of each chat.
        slots: chats answered at the same time.
        key: what requests must carry.
    """

    model: str
    alias: str
    threads: int
    context: int
    slots: int = SLOTS
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)


def thread_count(configured: int, cores: int) -> int:
    """Threads for the model: never all cores, whatever is configured.

    With as many threads as cores and the cores busy, each step waits for the slowest thread:
    SmolLM2 fell from 42 tokens a second to 2.

    Args:
        configured: from the settings; 0 leaves it to us.
        cores: those that this process may run on.
    """
    most = max(1, cores - 1)
    return min(configured or MOST_THREADS, most)


def usable_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class DiedError(Exception):
    """The child ended by itself before a reply of it began."""


class ModelServer:
    """A child process that serves a model; made by `start`.

    Attributes:
        base_url: where it answers, up to and with `/v1`.
        key: what requests must carry.
    """

    def __init__(self, process: asyncio.subprocess.Process, port: int, key: str) -> None:
        self._process = process
        self.base_url = f"http://127.0.0.1:{port}/v1"
        self.key = key

    @classmethod
    async def start(cls, options: ServerOptions, log: Path, progress: Progress) -> ModelServer:
        """Start a child and wait until it answers requests.

        Args:
            options: what it serves.
            log: where its output is added.
            progress: told its stages.

        Raises:
            ChatError: the model can't be served (kind LOCAL); trying again would change nothing.
            DiedError: the child ended without a word.
        """
        process = await _spawn(options, log)
        try:
            port = await _ready(process, progress)
        except ChatError as error:
            await _end(process)
            raise ChatError(error.kind, f"{error.text} Its log: {log}") from None
        except BaseException:
            await _end(process)
            raise
        return cls(process, port, options.key)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the child is known to run."""
        return self._process.returncode is None

    async def died(self, within: float) -> bool:
        """Whether the child has ended, or does so `within` seconds.

        A connection to a dying process breaks a moment before the system reports its end.
        """
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), within)
        return not self.alive

    async def stop(self) -> None:
        """End the child: asked first, killed after `STOP_SECONDS`."""
        await _end(self._process)


async def _spawn(options: ServerOptions, log: Path) -> asyncio.subprocess.Process:
    with open_log(log) as output:
        started = datetime.now(UTC).isoformat(timespec="seconds")
        told = ", ".join(
            f"{name} {value}" for name, value in asdict(options).items() if name != "key"
        )
        output.write(f"--- {started} {told}\n".encode("utf-8", "replace"))
        output.flush()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # no module is taken from the folder that the script is in
            str(_SCRIPT),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            start_new_session=True,  # the terminal's Ctrl+C is for the app alone
        )
    stdin = cast(asyncio.StreamWriter, process.stdin)  # both are pipes, as asked for above
    stdin.write(json.dumps(asdict(options)).encode() + b"\n")
    with suppress(ConnectionError):  # it died already, which its output will tell
        await stdin.drain()
    return process


async def _ready(process: asyncio.subprocess.Process, progress: Progress) -> int:
    """The port, once the child says that it is ready."""
    async for line in cast(asyncio.StreamReader, process.stdout):
        message = json.loads(line)
        match message["event"]:
            case "progress":
                progress(message["text"], None)
            case "ready":
                return int(message["port"])
            case "error":
                raise ChatError(ErrorKind.LOCAL, message["text"])
    raise DiedError


async def _end(process: asyncio.subprocess.Process) -> None:
    cast(asyncio.StreamWriter, process.stdin).close()  # the child ends when it notices
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
