"""Makes `screenshots/` from the running app: `python -m tests.screenshots`.

The chats are real: the model on this machine answers (fetched on first use), so the words differ
from one making to the next. A library of its own is used and thrown away.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from tests.waiting import until
from tui.cli.chat import add_arguments
from tui.cli.compose import compose
from tui.cli.opening import made_ready
from tui.cli.surroundings import surroundings
from tui.ui.app import ChinwagApp
from tui.ui.chat_screen import ChatScreen
from tui.ui.memory import Memory

FOLDER = Path(__file__).parent.parent / "screenshots"
QUESTIONS = (
    "What is a good name for a small boat?",
    "Explain in two sentences why the sky is blue.",
    "Give me three tips for learning to cook.",
)
SHOWN = "Write a Python function that reverses a string, and explain it."
PATIENCE = 300.0  # seconds for a reply: the model's first start may have to fetch it

Scene = Callable[["Stage"], Awaitable[None]]


class Stage:
    """A running app, and the pictures taken of it."""

    def __init__(self, app: ChinwagApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> ChatScreen:
        assert self.app.chat_screen is not None
        return self.app.chat_screen

    async def ask(self, text: str) -> None:
        """Send a message in a new chat and wait for its reply's first words."""
        await self.pilot.press("ctrl+n")
        await until(lambda: not len(self.screen.chat.tree), PATIENCE)
        await self.screen.send(text)
        await until(lambda: self.screen.view.turn and self.screen.view.turn.parts, PATIENCE)

    async def answered(self) -> None:
        """Wait for the reply's end."""
        await until(lambda: not self.screen.sessions.turns, PATIENCE)

    async def words(self, count: int) -> None:
        """Wait until so many tokens have come, or the reply's end."""
        await until(
            lambda: not (turn := self.screen.view.turn) or len(turn.parts) >= count, PATIENCE
        )

    async def picture(self, name: str, *, theme: str = "chinwag-dark") -> None:
        self.app.theme = theme
        await self.pilot.pause(0.3)
        self.app.save_screenshot(f"{name}.svg", str(FOLDER))


async def play(home: Path, size: tuple[int, int], words: list[str], scene: Scene) -> None:
    """Run the app as `chinwag WORDS` at `size` and let `scene` use it."""
    place = surroundings({**os.environ, "CHINWAG_HOME": str(home)})
    parts = compose(place)
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    memory = Memory(place.paths.state)
    ready = made_ready(place, parts, memory, parser.parse_args(words))
    app = ChinwagApp(lambda: ready, memory.state)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            await until(lambda: app.chat_screen is not None)
            await scene(Stage(app, pilot))
            await app.action_quit()
    finally:
        await parts.close()


async def chats(stage: Stage) -> None:
    """A library with a few chats, then one more while it is being written."""
    for question in QUESTIONS:
        await stage.ask(question)
        await stage.answered()
    await stage.ask(SHOWN)
    await stage.words(90)
    await stage.picture("streaming")
    await stage.answered()
    await stage.picture("light", theme="chinwag-light")
    await stage.pilot.press("ctrl+o")
    await stage.pilot.pause(2.0)
    await stage.picture("models")


async def welcome(stage: Stage) -> None:
    """What a person sees who has no key and no config."""
    await stage.picture("welcome")


async def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as folder:
        await play(Path(folder, "empty"), (80, 24), [], welcome)
        await play(Path(folder, "used"), (120, 36), ["--local"], chats)


if __name__ == "__main__":
    asyncio.run(main())
