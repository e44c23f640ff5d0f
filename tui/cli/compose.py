"""Puts the layers together: what a command needs, made from the environment and the config."""

from __future__ import annotations

import logging
import os
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass

from tui.core.models import ModelRef, parse_model
from tui.core.paths import Paths, paths_for
from tui.core.settings import DEMO, LOCAL, Settings, parse_settings, with_environment
from tui.files import open_private
from tui.provider.base import Provider
from tui.provider.demo.provider import DemoProvider, demo_endpoint
from tui.provider.lazy import LazyProvider, openai_provider
from tui.provider.local.package import ModelStore
from tui.provider.local.provider import LocalProvider, local_endpoint
from tui.provider.prices import KnownPrices
from tui.provider.router import Router
from tui.session.sessions import Sessions
from tui.store.library import Library
from tui.store.thread import LibraryThread


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where chinwag runs.

    Attributes:
        problems: what in the config could not be used, a sentence each.
        configured: there is a config file, or a variable that says where models are.
    """

    environ: Mapping[str, str]
    paths: Paths
    settings: Settings
    problems: tuple[str, ...]
    configured: bool


def surroundings(environ: Mapping[str, str] = os.environ) -> Surroundings:
    """Read environment and config; nothing is written."""
    paths = paths_for(environ)
    settings, problems = Settings(), list[str]()
    try:
        source = paths.config.read_text("utf-8")
    except FileNotFoundError:
        source = None
    except (OSError, UnicodeDecodeError) as error:
        source = None
        problems.append(f"{paths.config}: could not be read ({type(error).__name__})")
    if source is not None:
        settings, found = parse_settings(source)
        problems += [f"{paths.config}:{problem.line}: {problem.text}" for problem in found]
    return Surroundings(
        environ,
        paths,
        with_environment(settings, environ),
        tuple(problems),
        source is not None or bool(environ.get("OPENAI_API_KEY") or environ.get("OPENAI_BASE_URL")),
    )


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
        """Let go of connections, child processes and the library, in this order."""
        await self.provider.close()
        self.library.close()


def compose(place: Surroundings) -> Parts:
    """Make the layers; nothing heavy is imported, no file opened, no process started yet."""
    settings, paths = place.settings, place.paths
    # Keys of our own children go in front of the environment, and nowhere else.
    keys = ChainMap[str, str]({}, dict(place.environ))
    wire = openai_provider(keys)
    store = ModelStore(paths.models, settings.local, place.environ)
    provider = Router(
        wire,
        {
            LOCAL: LocalProvider(wire, keys, store, settings.local, paths.local_log),
            DEMO: DemoProvider(wire, keys),
        },
    )
    library = LibraryThread(lambda: Library(paths.database))
    prices = KnownPrices()
    extra = (local_endpoint(settings.local, store.name), demo_endpoint())
    sessions = Sessions(library, provider, prices, settings, extra)
    return Parts(library, store, wire, prices, provider, sessions)


def chosen_model(parts: Parts, name: str | None) -> ModelRef:
    """The model that `-m` names, else the config's."""
    return parse_model(name or parts.sessions.settings.model, parts.sessions.endpoints)


def log_to_file(paths: Paths) -> None:
    """Send what chinwag notes of its own failures to its log, made 0600 when first written."""

    class PrivateHandler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            try:
                with open_private(paths.log) as file:
                    file.write((self.format(record) + "\n").encode("utf-8", "replace"))
            except OSError:
                self.handleError(record)

    handler = PrivateHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("tui")
    logger.addHandler(handler)
    logger.propagate = False
    logging.raiseExceptions = (
        False  # a log that can't be written is no reason to draw on the screen
    )
