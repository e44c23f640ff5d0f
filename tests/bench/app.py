"""One measurement of the whole app on a library, in a terminal of its own: writes JSON to a file.

`CHINWAG_HOME=FOLDER python -m tests.bench.app SCENARIO OUT [ARGUMENT...]`
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import math
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from textual import events
from textual.keys import _character_to_key
from textual.screen import Screen
from textual.widgets import Input

from tests.bench.queries import QUERIES
from tests.bench.terminal import resident_megabytes
from tui.cli.chat import add_arguments, load
from tui.cli.compose import Parts
from tui.core.paths import paths_for
from tui.ui.app import ChinwagApp
from tui.ui.chat_screen import ChatScreen
from tui.ui.memory import Memory
from tui.ui.search_screen import SearchScreen

Result = dict[str, float]
NARROWED_BY = ("chat", "a", "the", "w1 w2", "tag:wo", "is:pinned", "is:archived", "nowhere", "-a")
PATIENCE = 60.0  # seconds for one step


async def until(predicate: Callable[[], object]) -> None:
    """Wait for something to become true.

    Raises:
        TimeoutError: it did not.
    """
    async with asyncio.timeout(PATIENCE):
        while not predicate():  # noqa: ASYNC110 - nothing tells of all of these
            await asyncio.sleep(0.0005)


async def painted(app: ChinwagApp) -> None:
    """Wait until what was changed is on the terminal."""
    done = asyncio.Event()
    app.screen.call_after_refresh(done.set)
    await done.wait()


def _is_chat(screen: Screen[object]) -> bool:
    return isinstance(screen, ChatScreen)


def chat_screen(app: ChinwagApp) -> ChatScreen:
    """The main screen."""
    return next(screen for screen in app.screen_stack if isinstance(screen, ChatScreen))


async def find(app: ChinwagApp, typed: str) -> float:
    """Milliseconds from typing something into the open search until the first of it is painted."""
    screen = app.screen
    assert isinstance(screen, SearchScreen)
    start = time.perf_counter()
    screen.query_one(Input).value = typed
    await until(lambda: screen.shown == typed)
    await painted(app)
    return (time.perf_counter() - start) * 1000


async def open_search(app: ChinwagApp) -> None:
    """Press Ctrl+F."""
    chat_screen(app).action_search()
    await until(lambda: isinstance(app.screen, SearchScreen))
    await until(lambda: app.screen.query(Input))
    await painted(app)


async def search(app: ChinwagApp) -> Result:
    """The first results of each query; the whole of the one before has come by then."""
    await open_search(app)
    await find(app, "warm")
    times: dict[str, float] = {}
    for typed in QUERIES:
        await asyncio.sleep(0.15)
        times[typed] = await find(app, typed)
    return {"median": statistics.median(times.values()), "worst": max(times.values())}


def shown(screen: ChatScreen, chat_id: str) -> bool:
    """Whether a chat is what the next frame shows."""
    return screen.chat.id == chat_id and bool(screen.transcript.display)


async def opening(app: ChinwagApp) -> Result:
    """Opening a chat of ten messages and the longest one, in turns.

    Until its end is painted, and (`…_all`) until all of it is there and keys act on it.
    """
    times: dict[str, list[float]] = {"small": [], "large": [], "small_all": [], "large_all": []}
    chats = dict(zip(times, sys.argv[3:5], strict=False))
    screen = chat_screen(app)
    for turn in range(11):
        for name, chat_id in chats.items():
            gc.collect()
            start = time.perf_counter()
            opened = asyncio.create_task(screen.open_chat(chat_id))
            await until(partial(shown, screen, chat_id))
            await painted(app)
            seen = time.perf_counter()
            await opened
            await painted(app)
            if turn:  # the first time loads what is loaded late
                times[name].append((seen - start) * 1000)
                times[f"{name}_all"].append((time.perf_counter() - start) * 1000)
            await asyncio.sleep(0.2)
    return {name: statistics.median(took) for name, took in times.items()}


async def press(app: ChinwagApp, key: str, character: str | None = None) -> float:
    """Milliseconds from a key that narrows the list of chats until what is left is painted."""
    chats = chat_screen(app).chats
    before = chats.typed
    start = time.perf_counter()
    app.post_message(events.Key(key, character))
    await until(lambda: chats.typed != before)
    await until(lambda: chats.settled)
    await painted(app)
    return (time.perf_counter() - start) * 1000


async def narrowing(app: ChinwagApp) -> Result:
    """Typing in the list of chats."""
    chats = chat_screen(app).chats
    chats.focus()
    await painted(app)
    times: list[float] = []
    for typed in NARROWED_BY:
        for character in typed:
            times.append(await press(app, _character_to_key(character), character))
            await asyncio.sleep(0.05)
        assert chats.typed.strip() == typed
        await press(app, "ctrl+u")
    return {
        "median": statistics.median(times),
        "most": sorted(times)[math.ceil(0.95 * len(times)) - 1],
    }


async def memory(app: ChinwagApp) -> Result:
    """What it takes after a search and, where there is one, after reading all of a long chat."""
    await open_search(app)
    for typed in ("the", "python", "the is:pinned"):
        await find(app, typed)
    app.pop_screen()
    await painted(app)
    if len(sys.argv) > 3:
        await chat_screen(app).open_chat(sys.argv[3])
        transcript, pages = chat_screen(app).transcript, 0
        while transcript.scroll_offset.y:
            transcript.action_page_back()
            pages += 1
            await (painted(app) if pages % 10 == 0 else asyncio.sleep(0.001))
    gc.collect()
    return {"resident": resident_megabytes()}


SCENARIOS: dict[str, Callable[[ChinwagApp], Awaitable[Result]]] = {
    "search": search,
    "opening": opening,
    "narrowing": narrowing,
    "memory": memory,
}


async def main() -> Result:
    """Run the app, and the scenario in it."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    arguments = parser.parse_args(["-m", "bench"])
    memory = Memory(paths_for(os.environ).state)
    opened: list[Parts] = []
    app = ChinwagApp(lambda: load(memory, arguments, opened), memory.state)

    results: Result = {}

    async def measure() -> None:
        await asyncio.sleep(3)  # what loads late is loaded
        results.update(await SCENARIOS[sys.argv[1]](app))
        app.exit()

    def start() -> None:
        app.run_worker(measure())

    async def begin() -> None:
        await until(lambda: app.is_running and any(map(_is_chat, app.screen_stack)))
        app.call_later(start)

    beginning = asyncio.create_task(begin())
    try:
        await app.run_async()
    finally:
        await beginning
        for parts in opened:
            await parts.close()
    return results


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(asyncio.run(main())), encoding="utf-8")
