# ruff: noqa: T201 - a command prints
"""How long a key takes that narrows the list of chats, or moves in it.

python -m tests.bench.sidebar FOLDER     a CHINWAG_HOME that `tests.bench.library` made

The app runs without a terminal: from the key to the rows it leads to, painting included.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path

from tests.ui.app.chatting import Chinwag, chinwag
from tests.waiting import until

TYPED = ("chat", "a", "the", "w1 w2", "tag:wo", "is:pinned", "is:archived", "nowhere", "-a")
MOVES = ("end", "home", *("pagedown",) * 20, "end", *("pageup",) * 20)


async def _press(app: Chinwag, key: str) -> float:
    chats = app.screen.chats
    started = time.perf_counter()
    await app.pilot.press(key)
    await until(lambda: chats.settled)
    await app.pilot.pause()
    return (time.perf_counter() - started) * 1000


def _say(what: str, taken: list[float]) -> None:
    worst = sorted(taken)[int(len(taken) * 0.95)]
    print(f"{what}: median {statistics.median(taken):.1f} ms, 95 of 100 within {worst:.1f} ms")


async def measure(home: Path) -> None:
    """Type and move, and say how long it took."""
    async with chinwag(home, size=(120, 40)) as app:
        await app.until(lambda: app.rows)
        chats = app.screen.chats
        chats.focus()
        print(f"{chats.lines.total:,} chats")
        idle = [await _press(app, "left") for _ in range(30)]  # a key that does nothing
        typing: list[float] = []
        for typed in TYPED:
            keys = ["space" if character == " " else character for character in typed]
            typing += [await _press(app, key) for key in keys]
            await _press(app, "ctrl+u")
        moving = [await _press(app, key) for key in MOVES]
    _say("a key that does nothing", idle)
    _say("a key that narrows", typing)
    _say("a key that moves", moving)


if __name__ == "__main__":
    asyncio.run(measure(Path(sys.argv[1])))
