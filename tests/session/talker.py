"""A process that chats, and tells what it has said and heard, to be killed at any moment.

    python -m tests.session.talker DATABASE SEED

Each line of its output is JSON: `["sent", id, text]` once a message is sent, `["token", id, number,
time]` for each token just before it arrives, `["saved", seconds]` for how long each save took that
ended, `["done", id]` once a reply is over. Times are by its own clock.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import sys
import time
from collections.abc import AsyncGenerator
from pathlib import Path

from tests.session.scripted import MODEL, SETTINGS, RoundPrices
from tui.core.settings import Endpoint
from tui.provider.base import Event, Finished, Request, Started, TextDelta
from tui.session.sessions import Sessions
from tui.store.library import Library
from tui.store.thread import LibraryThread

SECONDS_PER_TOKEN = 0.005


def tell(*what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Counting:
    """Implements `tui.provider.base.Provider`: numbers, as a model's tokens come."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.reply_id = ""

    async def stream(self, _request: Request) -> AsyncGenerator[Event, None]:
        yield Started()
        for number in range(self._random.randrange(50, 600)):
            await asyncio.sleep(SECONDS_PER_TOKEN)
            tell("token", self.reply_id, number, time.monotonic())
            yield TextDelta(f"{number} ")
        yield Finished("stop")

    async def models(self, _endpoint: Endpoint) -> tuple[str, ...]:
        return ()

    async def close(self) -> None:
        pass


class Timed(Library):
    """A library that tells how long its saves take."""

    def flush(self, message_id: str, text: str, reasoning: str) -> None:
        begun = time.monotonic()
        super().flush(message_id, text, reasoning)
        tell("saved", time.monotonic() - begun)


async def talk(path: Path, seed: int) -> None:
    provider = Counting(seed)
    library = LibraryThread(lambda: Timed(path))
    sessions = Sessions(library, provider, RoundPrices(), SETTINGS)
    chat = sessions.new(MODEL)
    for number in itertools.count():
        text = f"Question {number}"
        turn = await sessions.send(chat, text)
        question, provider.reply_id = chat.path[-2:]
        tell("sent", question, text)
        reply = await turn.run()
        tell("done", reply.id)


if __name__ == "__main__":
    asyncio.run(talk(Path(sys.argv[1]), int(sys.argv[2])))
