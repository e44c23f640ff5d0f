"""Puts the layers together: what a command needs, made from its surroundings."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path

from tui.cli.surroundings import Surroundings
from tui.core.settings import DEMO, LOCAL
from tui.provider.base import Provider
from tui.provider.demo.provider import DemoProvider, demo_endpoint
from tui.provider.lazy import LazyProvider, openai_provider
from tui.provider.local.package import ModelStore
from tui.provider.local.provider import LocalProvider, local_endpoint
from tui.provider.loopback import LoopbackKeys
from tui.provider.prices import KnownPrices
from tui.provider.router import Router
from tui.session.aside import aside
from tui.session.sessions import Sessions
from tui.store.library import Library
from tui.store.thread import LibraryThread

# What there is to save is saved in milliseconds. A busy disk may take seconds; one that hangs keeps
# nobody from leaving.
SAVING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What the layers below the screen and the commands are made into.

    Attributes:
        wire: what talks to endpoints, to be warmed up once there is time.
        prices: loads its list at the first question.
        provider: the way to every endpoint.
    """

    library: LibraryThread
    store: ModelStore
    wire: LazyProvider
    prices: KnownPrices
    provider: Provider
    sessions: Sessions

    async def close(self) -> None:
        """End replies, let go of connections, child processes and the library, in this order.

        All that was asked to be saved is saved by then, if the disk does it within
        `SAVING_SECONDS`; the rest goes on until the process ends.
        """
        try:
            await _within_limit(self.sessions.end_turns())
            await self.provider.close()
        finally:
            await _within_limit(aside(self.library.close))


async def _within_limit(work: Coroutine[None, None, None]) -> None:
    """Wait for `work`, not for ever; what it raises in time is raised."""
    # Not by a timeout, which would cancel it: a reply is ended whoever stops waiting for that.
    task = asyncio.create_task(work)
    await asyncio.wait({task}, timeout=SAVING_SECONDS)
    if task.done():
        task.result()


def compose(place: Surroundings, database: Path | None = None) -> Parts:
    """Make the layers; nothing heavy is imported, no file opened, no process started yet.

    Args:
        place: environment, folders, settings.
        database: another database than the one that belongs there.
    """
    settings, paths = place.settings, place.paths
    keys = LoopbackKeys(place.environ)
    wire = openai_provider(keys)
    store = ModelStore(paths.models, settings.local, place.environ)
    provider = Router(
        wire,
        {
            LOCAL: LocalProvider(wire, keys, store, settings.local, paths.local_log),
            DEMO: DemoProvider(wire, keys),
        },
    )
    library = LibraryThread(lambda: Library(database or paths.database))
    prices = KnownPrices()
    extra = (local_endpoint(settings.local, store.name), demo_endpoint())
    sessions = Sessions(library, provider, prices, settings, extra)
    return Parts(library, store, wire, prices, provider, sessions)
