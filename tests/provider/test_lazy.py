"""The SDK loads late, in the background, and for all who wait at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.provider.asking import Asker
from tui.core.errors import ChatError, ErrorKind
from tui.core.settings import Endpoint
from tui.provider.base import Event, Finished, Preparing, Provider, Request
from tui.provider.lazy import LazyProvider
from tui.provider.router import Router

ENDPOINT = Endpoint("any", "http://127.0.0.1:1/v1")
REQUEST = Request(ENDPOINT, "m", ())


class Named:
    """A provider that ends each reply with its own name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.closed = False

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        yield Finished(self.name)

    async def models(self, endpoint: Endpoint) -> tuple[str, ...]:
        return (self.name,)

    async def close(self) -> None:
        self.closed = True


async def answer(provider: Provider, request: Request = REQUEST) -> list[Event]:
    async with aclosing(provider.stream(request)) as events:
        return [event async for event in events]


async def test_it_loads_once_for_all_who_wait_and_the_loop_runs_on() -> None:
    loads: list[threading.Thread] = []
    gate = threading.Event()

    def load() -> Provider:
        loads.append(threading.current_thread())
        gate.wait(10)
        return Named("loaded")

    lazy = LazyProvider(load)
    lazy.warm_up()
    lazy.warm_up()
    waiting = [asyncio.create_task(answer(lazy)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()  # one gives up, the others get theirs
    gate.set()
    # Their time counts from when it was loaded.
    assert await waiting[1] == await waiting[2] == [Preparing(""), Finished("loaded")]
    assert await answer(lazy) == [Finished("loaded")]
    assert await lazy.models(ENDPOINT) == ("loaded",)
    (thread,) = loads
    assert thread.daemon
    assert thread is not threading.main_thread()


async def test_nothing_loads_before_it_is_needed_nor_in_order_to_close() -> None:
    lazy = LazyProvider(lambda: pytest.fail("loaded"))
    await lazy.close()


async def test_closing_closes_what_was_loaded() -> None:
    named = Named("loaded")
    lazy = LazyProvider(lambda: named)
    await lazy.models(ENDPOINT)
    await lazy.close()
    assert named.closed


async def test_a_broken_installation_is_told() -> None:
    def load() -> Provider:
        raise ModuleNotFoundError("No module named 'openai'", name="openai")

    lazy = LazyProvider(load)
    with pytest.raises(ChatError, match="openai") as raised:
        await lazy.models(ENDPOINT)
    assert raised.value.kind is ErrorKind.INTERNAL
    await lazy.close()


@pytest.mark.parametrize("module", ["lazy", "router", "prices", "keys", "refusals", "failures"])
def test_the_layer_loads_without_the_sdk(module: str) -> None:
    heavy = "{'openai', 'httpx2', 'pydantic', 'genai_prices'}"
    code = f"import sys, tui.provider.{module}; print({heavy} & sys.modules.keys())"
    root = Path(__file__).parents[2]
    shown = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True)
    assert shown.stdout.strip() == b"set()"


async def test_the_router_goes_by_the_endpoints_name() -> None:
    default, local = Named("default"), Named("local")
    router: Provider = Router(default, {"local": local})
    assert await answer(router) == [Finished("default")]
    at_local = Endpoint("local", "http://127.0.0.1:1/v1")
    assert await answer(router, Request(at_local, "m", ())) == [Finished("local")]
    assert await router.models(at_local) == ("local",)
    await router.close()
    assert default.closed
    assert local.closed


def test_the_real_ones_fit_the_contract(ask: Asker) -> None:
    contract: tuple[Provider, ...] = (ask.provider, LazyProvider(lambda: ask.provider))
    assert len(contract) == 2
