"""What stands around a session in its tests: a provider that follows a script, a clock that moves
by hand, prices that are round.

    provider.script(Started("req_1"), TextDelta("Hel"), gate, TextDelta("lo"), Finished("stop"))

answers the next request, and holds that reply until `gate` (an `asyncio.Event`) is set. A step may
also be an exception, which is raised, or an `asyncio.Queue` of further steps, for a reply that is
made up as the test goes. With no script left, `provider.answer` decides.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field

from tui.core.models import ModelRef
from tui.core.settings import Endpoint, Settings
from tui.core.usage import ModelFacts, Usage
from tui.provider.base import Event, Finished, Request, Started, TextDelta

ENDPOINT = Endpoint("loopback", "http://127.0.0.1:9/v1")
MODEL = ModelRef("loopback", "gpt-4o")
SETTINGS = Settings(endpoints=(ENDPOINT,))

Step = Event | Exception | asyncio.Event | asyncio.Queue[Event | Exception]


def says(*deltas: str, reason: str = "stop") -> tuple[Event, ...]:
    """A good reply."""
    return (Started("req_scripted"), *map(TextDelta, deltas), Finished(reason))


@dataclass
class Asked:
    """A request, and how its reply was left.

    Attributes:
        left: nobody reads the reply any more: the connection would be closed now.
        whole: it was read to its end, not cut off.
    """

    request: Request
    left: asyncio.Event = field(default_factory=asyncio.Event)
    whole: bool = False

    @property
    def prompt(self) -> list[tuple[str, str]]:
        """Role and text of each message."""
        return [(message.role.value, message.text) for message in self.request.messages]


class Scripted:
    """Implements `tui.provider.base.Provider`.

    Attributes:
        asked: requests in the order in which they came.
        at_request: called at the moment of each request.
        answer: replies when nothing is scripted.
        models_listed: endpoint name to the models it lists, or to how it fails.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.at_request: Callable[[Request], object] = lambda _request: None
        self.answer: Callable[[Request], Sequence[Step]] = lambda _request: says("Well.")
        self.models_listed: dict[str, tuple[str, ...] | Exception] = {}
        self._scripts: deque[Sequence[Step]] = deque()

    def script(self, *steps: Step) -> None:
        """Answer the next request that has no script yet with these."""
        self._scripts.append(steps)

    def live(self) -> asyncio.Queue[Event | Exception]:
        """Answer it with what will be put into this queue, until a `Finished` or an exception."""
        queue: asyncio.Queue[Event | Exception] = asyncio.Queue()
        self.script(queue)
        return queue

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        asked = Asked(request)
        self.asked.append(asked)
        self.at_request(request)
        steps = self._scripts.popleft() if self._scripts else self.answer(request)
        try:
            for step in steps:
                async for event in _played(step):
                    yield event
            asked.whole = True
        finally:
            asked.left.set()

    async def models(self, endpoint: Endpoint) -> tuple[str, ...]:
        listed = self.models_listed[endpoint.name]
        if isinstance(listed, Exception):
            raise listed
        return listed

    async def close(self) -> None:
        pass


async def _played(step: Step) -> AsyncGenerator[Event, None]:
    if isinstance(step, Exception):
        raise step
    if isinstance(step, asyncio.Event):
        await step.wait()
    elif isinstance(step, asyncio.Queue):
        event = None
        while not isinstance(event, Finished):
            event = await step.get()
            if isinstance(event, Exception):
                raise event
            yield event
    else:
        yield step


class HandClock:
    """Stands still until it is moved; who sleeps by it wakes when it has moved far enough."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, waking))
        self.advance(0)
        await asyncio.sleep(0)  # as a real sleep of no length does: others have their turn
        await waking

    def advance(self, seconds: float) -> None:
        self.now += seconds
        for due, waking in self._sleepers:
            if due <= self.now and not waking.done():
                waking.set_result(None)
        self._sleepers = [sleeper for sleeper in self._sleepers if not sleeper[1].done()]


class RoundPrices:
    """Implements `tui.provider.base.Prices`: a dollar a token.

    Attributes:
        failure: raised instead of telling a cost, if any.
        looked_up: models that were asked about.
    """

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.looked_up: list[str] = []

    def facts(self, endpoint: Endpoint, model: str) -> ModelFacts:
        self.looked_up.append(model)
        return ModelFacts(input_price=1e6, output_price=1e6)

    def cost(self, endpoint: Endpoint, model: str, usage: Usage) -> float | None:
        if self.failure is not None:
            raise self.failure
        return self.facts(endpoint, model).cost(usage)
