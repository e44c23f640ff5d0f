"""Which models there are, asked in the background, and what is known of them."""

from __future__ import annotations

import asyncio
import threading

from tests.session.scripted import ENDPOINT, MODEL, RoundPrices, Scripted
from tests.waiting import until
from tui.core.errors import ChatError, ErrorKind
from tui.core.models import ModelRef
from tui.core.settings import Endpoint
from tui.core.usage import ModelFacts
from tui.session.catalog import Catalog

OTHER = Endpoint("other", "http://127.0.0.1:10/v1")


async def test_every_endpoint_is_asked(provider: Scripted, prices: RoundPrices) -> None:
    provider.models_listed = {"loopback": ("gpt-4o",), "other": ("llama3.2",)}
    catalog = Catalog(provider, prices, (ENDPOINT, OTHER))
    await catalog.refresh()
    assert catalog.listed == {"loopback": ("gpt-4o",), "other": ("llama3.2",)}
    assert (catalog.failures, catalog.asking) == ({}, set())


async def test_one_that_fails_keeps_what_it_listed_before(
    provider: Scripted, prices: RoundPrices
) -> None:
    catalog = Catalog(provider, prices, (ENDPOINT, OTHER), {"other": ["llama3.2"]})
    provider.models_listed = {
        "loopback": ("gpt-4o",),
        "other": ChatError(ErrorKind.REFUSED, "Nobody answers there."),
    }
    await catalog.refresh()
    assert catalog.listed == {"loopback": ("gpt-4o",), "other": ("llama3.2",)}
    assert catalog.failures == {"other": "Nobody answers there."}
    provider.models_listed["other"] = ("llama3.3",)
    await catalog.refresh()
    assert (catalog.listed["other"], catalog.failures) == (("llama3.3",), {})


async def test_a_missing_key_is_said_in_two_words(provider: Scripted, prices: RoundPrices) -> None:
    provider.models_listed["loopback"] = ChatError(ErrorKind.NO_KEY, "Say export and so on.")
    catalog = Catalog(provider, prices, (ENDPOINT,))
    await catalog.refresh()
    assert catalog.failures == {"loopback": "no key"}


async def test_an_endpoint_is_asked_once_at_a_time(prices: RoundPrices) -> None:
    gate = asyncio.Event()
    asked: list[str] = []

    class Slow(Scripted):
        async def models(self, endpoint: Endpoint) -> tuple[str, ...]:
            asked.append(endpoint.name)
            await gate.wait()
            return ()

    catalog = Catalog(Slow(), prices, (ENDPOINT,))
    first = asyncio.create_task(catalog.refresh())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert catalog.asking == {"loopback"}
    await catalog.refresh()
    gate.set()
    await first
    assert asked == ["loopback"]


def test_a_loop_that_closes_down_does_not_wait_for_a_look_up(provider: Scripted) -> None:
    """The first one loads a library, and whoever quits has no use for it."""
    asked, told = threading.Event(), threading.Event()

    class SlowPrices(RoundPrices):
        def facts(self, endpoint: Endpoint, model: str) -> ModelFacts:
            asked.set()
            told.wait()
            return super().facts(endpoint, model)

    async def leave_at_once() -> asyncio.Task[None]:
        learning = asyncio.create_task(Catalog(provider, SlowPrices(), (ENDPOINT,)).learn([MODEL]))
        await until(asked.is_set)
        return learning

    learning = asyncio.run(leave_at_once())
    told.set()
    assert learning.cancelled()


async def test_facts_are_looked_up_once(provider: Scripted, prices: RoundPrices) -> None:
    catalog = Catalog(provider, prices, (ENDPOINT,))
    await catalog.learn([MODEL, ModelRef("gone", "gpt-4o")])
    await catalog.learn([MODEL])
    assert catalog.facts == {MODEL: ModelFacts(input_price=1e6, output_price=1e6)}
    assert prices.looked_up == ["gpt-4o"]
