"""A whole chinwag in a test: app, sessions and library, against the loopback server.

    async with chinwag(home, server) as chat:
        await chat.send("hello")
        await chat.until(lambda: "hello" in chat.seen)

`seen` is what the screen shows, as text. Restarting is leaving the block and entering another one
with the same `home`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from rich.cells import cell_len
from textual import events
from textual.pilot import Pilot

from tests.server import Server
from tests.waiting import until
from tui.core.listing import ListedChat
from tui.core.message import Message, Role
from tui.core.settings import Endpoint, parse_settings
from tui.core.usage import ModelFacts, Usage
from tui.provider.base import Prices, Provider
from tui.provider.lazy import openai_provider
from tui.session.catalog import Catalog
from tui.session.pace import REAL_TIME, Pace
from tui.session.sessions import Sessions
from tui.store.library import Library
from tui.store.thread import LibraryThread
from tui.ui.app import ChinwagApp
from tui.ui.chat_screen import ChatScreen
from tui.ui.choosing import ModelChoice
from tui.ui.memory import Memory
from tui.ui.start import Ready, Start

KEY = "sk-loopback-0123456789"
FACTS = ModelFacts(1000, 1.0, 2.0)


class FixedPrices:
    """Every model has a window of 1,000 tokens; a million tokens cost 1 and 2 dollars."""

    def facts(self, endpoint: Endpoint, model: str) -> ModelFacts:
        return FACTS

    def cost(self, endpoint: Endpoint, model: str, usage: Usage) -> float | None:
        return FACTS.cost(usage)


PRICES = FixedPrices()


class Chinwag:
    """A running app and what a test asks of it."""

    def __init__(self, app: ChinwagApp, pilot: Pilot[None], sessions: Sessions) -> None:
        self.app = app
        self.pilot = pilot
        self.sessions = sessions
        self.library = sessions.library

    @property
    def screen(self) -> ChatScreen:
        """The main screen, also under a dialog."""
        assert self.app.chat_screen is not None
        return self.app.chat_screen

    @property
    def seen(self) -> str:
        """What is on screen, as text."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def rows(self) -> list[ListedChat]:
        """The chats in the list, as far as it knows them, top to bottom."""
        return [row for row in self.screen.chats.lines.known if isinstance(row, ListedChat)]

    @property
    def typed(self) -> str:
        """What stands in the composer."""
        return self.screen.writer.composer.text

    @property
    def branch(self) -> list[Message]:
        """The messages on screen, oldest first."""
        chat = self.screen.chat
        return [chat.messages[message_id] for message_id in chat.path]

    @property
    def replies(self) -> list[Message]:
        return [message for message in self.branch if message.role is Role.ASSISTANT]

    @property
    def toasts(self) -> list[str]:
        """What was told in the corner and is still there, oldest first."""
        return [notification.message for notification in self.app._notifications]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def click(self, text: str) -> None:
        """Click the middle of a text that is on screen, the last one if it is there twice."""
        for y, line in reversed(list(enumerate(self.seen.split("\n")))):
            if (at := line.rfind(text)) >= 0:
                x = cell_len(line[:at]) + cell_len(text) // 2
                await self.pilot.click(offset=(x, y))
                return
        raise AssertionError(f"{text!r} is not on screen:\n{self.seen}")

    async def drag(self, first: str, last: str) -> None:
        """Drag from where a text begins on screen to where another one ends."""
        ends = []
        for text, after in ((first, 0), (last, len(last))):
            lines = self.seen.split("\n")
            y = next(y for y, line in enumerate(lines) if text in line)
            ends.append((cell_len(lines[y][: lines[y].index(text) + after]), y))
        await self.pilot.mouse_down(offset=ends[0])
        await self.pilot.hover(offset=ends[1])
        await self.pilot.mouse_up(offset=ends[1])

    def burst(self, *keys: str) -> None:
        """Keys that come all at once, as a terminal hands them over when the machine was busy."""
        burst(self.app, *keys)

    async def type(self, text: str) -> None:
        """Key by key, as a person does."""
        names = {" ": "space", "\n": "ctrl+j", "/": "slash", "-": "minus", ".": "full_stop"}
        await self.pilot.press(*(names.get(character, character) for character in text))

    async def send(self, text: str) -> None:
        """Type a message and press Enter."""
        await self.type(text)
        await self.pilot.press("enter")

    async def ask(self, text: str) -> Message:
        """Send a message and wait for the end of its reply."""
        before = len(self.branch)
        await self.send(text)
        await self.until(lambda: len(self.branch) >= before + 2)
        await self.until(lambda: not self.branch[-1].status.in_flight)
        return self.branch[-1]

    async def until(self, predicate: Callable[[], object]) -> None:
        """Wait until something holds; a failure shows the screen."""
        try:
            await until(predicate)
        except AssertionError as error:
            raise AssertionError(f"{error}; on screen:\n{self.seen}") from error
        await self.pilot.pause()

    async def shows(self, *texts: str) -> None:
        """Wait until all these texts are on screen."""
        await self.until(lambda: all(text in self.seen for text in texts))


def burst(app: ChinwagApp, *keys: str) -> None:
    """Hand over keys, none of them waiting for what those before it do."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


@asynccontextmanager
async def chinwag(
    home: Path,
    server: Server | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    config: str = "",
    start: Start | None = None,
    model: str = "",
    key: str = KEY,
    wrap: Callable[[Provider], Provider] = lambda provider: provider,
    extra: tuple[Endpoint, ...] = (),
    pace: Pace = REAL_TIME,
    prices: Prices = PRICES,
    typed_ahead: tuple[str, ...] = (),
) -> AsyncIterator[Chinwag]:
    """Run chinwag at `home`, with `server` in OpenAI's place.

    Args:
        config: the text of config.toml.
        start: how it was asked to begin.
        model: that of new chats; empty: the config's.
        key: the API key in its environment; empty: none.
        wrap: puts something around the provider.
        extra: endpoints besides those of the config.
        pace: the clock of replies.
        prices: what is known of models.
        typed_ahead: keys that come before anything is there.
    """
    settings, problems = parse_settings(config)
    assert not problems
    if server is not None:
        ours = replace(settings.endpoints[0], base_url=server.base_url)
        settings = replace(settings, endpoints=(ours, *settings.endpoints[1:]))
    provider = wrap(openai_provider({"OPENAI_API_KEY": key} if key else {}))
    library = LibraryThread(lambda: Library(home / "chinwag.db"))
    sessions = Sessions(library, provider, prices, settings, extra, pace)
    memory = Memory(home / "state.toml")
    catalog = Catalog(provider, prices, sessions.endpoints, memory.state.listed)
    choice = ModelChoice(sessions, catalog, memory)
    if model:
        choice.start_with(choice.parse(model))
    start = start or Start()
    ready = Ready(sessions, choice, memory, start, lambda: None)
    app = ChinwagApp(lambda: ready, memory.state, takes_text=not start.elsewhere)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            burst(app, *typed_ahead)
            chat = Chinwag(app, pilot, sessions)
            await until(lambda: app.chat_screen is not None)
            await pilot.pause()
            yield chat
            if app.is_running:
                await app.action_quit()
    finally:
        await provider.close()
        library.close()
