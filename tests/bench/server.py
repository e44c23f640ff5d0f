"""The loopback server of the bench: a prompt says what is streamed, and how fast."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.corpus import SHAPES, reply, tokens
from tests.bench.reference import end_of
from tests.server import Server
from tests.wire import DONE, Received, Reply, Step, finish, text, usage

BURST = 0.01  # seconds between two bursts of a paced reply


def answer(received: Received) -> Reply:
    """`mixed 20000 0`: so many tokens of that shape, unpaced; else so many a second."""
    prompt = str(received.body["messages"][-1]["content"])
    words = prompt.split()
    if len(words) != 3 or words[0] not in SHAPES:
        return Reply([text(f"ready {end_of(prompt)}"), finish(), usage(1, 1), DONE])
    shape, count, rate = words[0], int(words[1]), int(words[2])
    pieces = tokens(reply(shape, count * 4 + 1_000))[:count]
    steps: list[Step] = []
    burst = max(1, round(rate * BURST)) if rate else 0
    for at, piece in enumerate(pieces):
        steps.append(text(piece))
        if rate and at % burst == 0:
            steps.append(burst / rate)
    closing = "\n```" if shape == "fence" else ""
    return Reply([*steps, text(f"{closing}\n\n{end_of(prompt)}"), finish(), usage(9, count), DONE])


@contextmanager
def serving() -> Iterator[str]:
    """A server in a thread of this process; gives its base URL."""
    loop = asyncio.new_event_loop()
    server = Server(answer, models=("bench",))
    loop.set_exception_handler(lambda _loop, _context: None)  # clients that are killed hang up
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.start(), loop).result()
    try:
        yield server.base_url
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
