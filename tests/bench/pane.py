"""One measurement of the transcript alone, in a terminal of its own: writes JSON to a file.

`python -m tests.bench.pane SCENARIO OUT [ARGUMENT]`
"""

from __future__ import annotations

import asyncio
import fcntl
import gc
import json
import os
import signal
import statistics
import struct
import sys
import termios
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.app import App, ComposeResult

from tests.bench.corpus import reply, tokens
from tests.bench.terminal import resident_megabytes
from tui.cli import collector
from tui.core.message import Role
from tui.ui.transcript import EntriesNeeded, Entry, Outline, Transcript, warm_up

Result = dict[str, float]
PER_FRAME = 100  # tokens handed over at once: 3,000 tokens a second
TEXTS = [reply("mixed", 800, seed=seed) for seed in range(100)]


class PaneApp(App[None]):
    """A transcript that is provided with the texts it asks for."""

    def __init__(self, scenario: Callable[[PaneApp], Awaitable[Result]], out: Path) -> None:
        super().__init__()
        self.scenario = scenario
        self.out = out

    def compose(self) -> ComposeResult:
        yield Transcript()

    @property
    def pane(self) -> Transcript:
        return self.query_one(Transcript)

    def on_transcript_entries_needed(self, event: EntriesNeeded) -> None:
        self.pane.provide([entry(name) for name in event.ids])

    def on_mount(self) -> None:
        self.call_after_refresh(lambda: self.run_worker(self.measure()))

    async def measure(self) -> None:
        await asyncio.to_thread(warm_up)
        collector.after_warm_up()
        await asyncio.sleep(1)
        result = await self.scenario(self)
        self.out.write_text(json.dumps(result), encoding="utf-8")
        self.exit()

    async def painted(self) -> None:
        """Wait until what was changed is on the terminal."""
        done = asyncio.Event()
        self.call_after_refresh(done.set)
        await done.wait()

    async def timed(self, change: Callable[[], object]) -> float:
        """Milliseconds from a change until it is painted."""
        start = time.perf_counter()
        change()
        await self.painted()
        return (time.perf_counter() - start) * 1000


def entry(name: str) -> Entry:
    """The message of that name: its text is made when it is asked for, as a store would."""
    number = int(name.rpartition("-")[2])
    role = Role.ASSISTANT if number % 2 else Role.USER
    text = TEXTS[number % len(TEXTS)] if number % 2 else f"Question {number}?"
    return Entry(name, role, f"{text}\n\n({name})", heading="model" if number % 2 else "You")


def chat(app: PaneApp, name: str, count: int) -> Callable[[], None]:
    """What shows a chat of `count` messages as the app does: outlines, and the last texts."""
    outline = [
        Outline(f"{name}-{n}", Role.ASSISTANT if n % 2 else Role.USER, 820 if n % 2 else 20)
        for n in range(count)
    ]
    last = [entry(one.id) for one in outline[-8:]]
    return lambda: app.pane.show(outline, last)


async def tenths(app: PaneApp) -> Result:
    """Processor time for a token in the first and in the last tenth of a 1 MB reply."""
    pieces = tokens(reply(sys.argv[3], 1_000_000))
    app.pane.show([], [])
    app.pane.append(Entry("r", Role.ASSISTANT, heading="model", live=True))
    costs: list[float] = []
    for at in range(0, len(pieces), PER_FRAME):
        start = time.process_time()
        app.pane.extend("r", "".join(pieces[at : at + PER_FRAME]))
        await app.painted()
        costs.append((time.process_time() - start) * 1e6 / PER_FRAME)
    tenth = len(costs) // 10
    return {"first": statistics.mean(costs[:tenth]), "last": statistics.mean(costs[-tenth:])}


async def opening(app: PaneApp) -> Result:
    """Opening a chat of 10,000 messages, beside one of 10; ten times each, in turns."""
    small: list[float] = []
    large: list[float] = []
    for turn in range(10):
        small.append(await app.timed(chat(app, f"s{turn}", 10)))
        await asyncio.sleep(0.1)
        large.append(await app.timed(chat(app, f"l{turn}", 10_000)))
        await asyncio.sleep(0.1)
    return {"small": statistics.median(small), "large": statistics.median(large)}


async def pages(app: PaneApp) -> Result:
    """PageUp into messages never seen, then back down through them."""
    chat(app, "p", 10_000)()
    await asyncio.sleep(1)
    unseen: list[float] = []
    seen: list[float] = []
    for _ in range(40):
        unseen.append(await app.timed(app.pane.action_page_back))
        await asyncio.sleep(0.1)  # a person's fast repeat; texts arrive meanwhile
    for _ in range(30):
        seen.append(await app.timed(app.pane.action_page_further))
        await asyncio.sleep(0.05)
    return {
        "unseen": statistics.median(unseen),
        "worst": max(unseen),
        "seen": statistics.median(seen),
    }


async def resize(app: PaneApp) -> Result:
    """From a change of the terminal's width to a correct screen, in a chat of 10,000 messages."""
    chat(app, "r", 10_000)()
    await asyncio.sleep(0.5)
    times: list[float] = []
    for width in (100, 140, 90, 120, 80):
        start = time.perf_counter()
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
        os.kill(os.getpid(), signal.SIGWINCH)
        while app.pane.size.width != width:  # noqa: ASYNC110 - nothing tells when it is laid out
            await asyncio.sleep(0.001)
        await app.painted()
        times.append((time.perf_counter() - start) * 1000)
        await asyncio.sleep(0.3)
    return {"resize": statistics.median(times)}


async def memory(app: PaneApp) -> Result:
    """Memory above the empty app after a chat of 10,000 messages was scrolled end to end."""
    app.pane.show([Outline("w-1", Role.ASSISTANT, 820)], [entry("w-1")])
    await app.painted()
    gc.collect()
    empty = resident_megabytes()
    chat(app, "m", 10_000)()
    await app.painted()
    app.pane.action_to_start()
    pages = 0
    while not app.pane.following:
        app.pane.action_page_further()  # lays the page out; each tenth is painted as well
        pages += 1
        await (app.painted() if pages % 10 == 0 else asyncio.sleep(0))
    gc.collect()
    return {"above": resident_megabytes() - empty}


SCENARIOS: dict[str, Callable[[PaneApp], Awaitable[Result]]] = {
    "tenths": tenths,
    "opening": opening,
    "pages": pages,
    "resize": resize,
    "memory": memory,
}

if __name__ == "__main__":
    PaneApp(SCENARIOS[sys.argv[1]], Path(sys.argv[2])).run()
