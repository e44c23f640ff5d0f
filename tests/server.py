"""A loopback server that speaks OpenAI's protocol, scripted by each test.

In a test, on the event loop that the client runs on:

    async with Server() as server:
        endpoint = Endpoint("test", server.base_url)
        server.script(says("Hel", "lo", usage=(9, 2)))          # answers the next chat request
        ...
        assert server.requests[0].body["model"] == "gpt-4o"      # what was asked
        await until(server.requests[0].disconnected.is_set)      # the client hung up

Replies come from `tests.wire`. Each chat request takes the next scripted one; with none left,
`Server.answer` decides, which goes by the model's name (see `by_model`). `/v1/models` lists
`Server.models`, or answers with `Server.models_reply` where that is set.

In another process (a pty test): `with server_process() as base_url:`, or by hand
`python -m tests.server --port 0 [--log FILE]`, which prints its port and answers by the model's
name; FILE then tells, a line of JSON for each, what was asked and what became of it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from tests.wire import MODELS, REQUEST_ID, Fault, Received, Reply, by_model, failure, page


class Server:
    """Listens on a free port of 127.0.0.1 while entered.

    Attributes:
        requests: chat requests, in the order they came.
        listings: requests for `/v1/models`.
        other: requests for anything else; they get 404.
        answer: replies when nothing is scripted.
    """

    def __init__(
        self, answer: Callable[[Received], Reply] = by_model, models: Sequence[str] = MODELS
    ) -> None:
        self.requests: list[Received] = []
        self.listings: list[Received] = []
        self.other: list[Received] = []
        self.answer = answer
        self.models = tuple(models)
        self.models_reply: Reply | None = None
        self.connections = 0
        self.port = 0
        self.log: Callable[[str, Received], None] = lambda _what, _received: None
        self._scripted: deque[Reply] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def script(self, *replies: Reply) -> None:
        """Answer the next chat requests with these, in order."""
        self._scripted.extend(replies)

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _reply_to(self, received: Received) -> Reply:
        if received.path.endswith("/models"):
            self.listings.append(received)
            listing = {
                "object": "list",
                "data": [{"id": name, "object": "model", "created": 0} for name in self.models],
            }
            return self.models_reply or page(json.dumps(listing), "application/json")
        if not received.path.endswith("/chat/completions"):
            self.other.append(received)
            return failure(404, f"Unknown path {received.path}")
        received.earlier = sum(other.model == received.model for other in self.requests)
        self.requests.append(received)
        return self._scripted.popleft() if self._scripted else self.answer(received)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            await self._requests_on(reader, writer)
        except asyncio.CancelledError:
            pass  # by `stop`; asyncio's streams would log it as a failure of ours
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _requests_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = await _next_head(reader)
        while head:
            received = await _read_request(head, reader)
            reply = self._reply_to(received)
            self.log("request", received)
            # Reading on for the next request is how the end of the connection is noticed.
            following = asyncio.ensure_future(_next_head(reader))
            playing = asyncio.ensure_future(_play(reply, received, writer))
            try:
                await asyncio.wait({following, playing}, return_when=asyncio.FIRST_COMPLETED)
                if not playing.done() and following.result() is None:
                    received.disconnected.set()
                    self.log("disconnected", received)
                    return
                goes_on = await playing
                received.completed.set()
                self.log("completed", received)
                head = await following if goes_on else None
            except ConnectionError:
                received.disconnected.set()
                self.log("disconnected", received)
            finally:
                playing.cancel()
                following.cancel()


async def _next_head(reader: asyncio.StreamReader) -> bytes | None:
    """The next request's line and headers; None when the client hung up."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


async def _read_request(head: bytes, reader: asyncio.StreamReader) -> Received:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    content = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method, path, headers, json.loads(content) if content else {})


async def _wait(what: asyncio.Event | float) -> None:
    await (what.wait() if isinstance(what, asyncio.Event) else asyncio.sleep(what))


async def _play(reply: Reply, received: Received, writer: asyncio.StreamWriter) -> bool:
    """Write the reply; False when the connection ends with it."""
    if reply.completion is not None and not received.streamed:
        body = json.dumps(reply.completion, ensure_ascii=False).encode()
        reply = replace(reply, steps=[body], content_type="application/json")
    if reply.hold is not None:
        await _wait(reply.hold)
    headers = {
        "content-type": reply.content_type,
        "transfer-encoding": "chunked",
        "x-request-id": REQUEST_ID,
    } | dict(reply.headers)
    lines = [f"HTTP/1.1 {reply.status} Scripted", *(f"{k}: {v}" for k, v in headers.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
    for step in reply.steps:
        if step is Fault.CLOSE:
            break
        if isinstance(step, Fault):
            if step is Fault.CUT:
                writer.write(b"40\r\ndata: {")
                await writer.drain()
            else:
                await writer.drain()
                # Closing with a linger time of zero sends RST in place of FIN (socket(7)).
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, linger
                )
                writer.transport.abort()
            return False
        if isinstance(step, bytes):
            size = reply.split or max(1, len(step))
            for start in range(0, len(step), size):
                piece = step[start : start + size]
                writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                await writer.drain()
        else:
            await writer.drain()
            await _wait(step)
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True


# --- places where nothing answers -----------------------------------------------------------


def refused_url() -> str:
    """A loopback address that refuses connections (its port was free a moment ago)."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


@contextlib.contextmanager
def unaccepted_url() -> Iterator[str]:
    """A loopback address where connecting hangs: its queue is full and nobody accepts."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


# --- another process ------------------------------------------------------------------------


@contextlib.contextmanager
def server_process(log: Path | None = None) -> Iterator[str]:
    """The server in a process of its own; yields its base URL."""
    command = [sys.executable, "-m", "tests.server", "--port", "0", "--tied"]
    command += ["--log", str(log)] if log else []
    root = Path(__file__).parent.parent
    environ = os.environ | {"PYTHONPATH": str(root)}
    with subprocess.Popen(
        command, cwd=root, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        finally:
            process.terminate()


def _logger(path: Path) -> Callable[[str, Received], None]:
    def log(what: str, received: Received) -> None:
        line = {"event": what, "path": received.path, "body": received.body}
        with path.open("a") as file:
            file.write(json.dumps(line) + "\n")

    return log


async def _serve(port: int, log: Path | None, tied: bool) -> None:
    server = Server()
    if log is not None:
        server.log = _logger(log)
    await server.start(port)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    await (asyncio.to_thread(sys.stdin.buffer.read) if tied else asyncio.Event().wait())


def main() -> None:
    parser = argparse.ArgumentParser(description="A loopback server in OpenAI's wire format.")
    parser.add_argument("--port", type=int, default=0, help="0: any free one, which is printed")
    parser.add_argument("--log", type=Path, help="a file for what was asked, a JSON line each")
    parser.add_argument("--tied", action="store_true", help="end when standard input does")
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(arguments.port, arguments.log, arguments.tied))


if __name__ == "__main__":
    main()
