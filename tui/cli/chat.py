"""`chinwag`: open the app."""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from tui.cli import collector
from tui.cli.compose import Parts, compose
from tui.cli.log import log_to
from tui.cli.options import add_chat_options, asked_model, default_model
from tui.cli.output import UsageError, is_terminal, leave
from tui.cli.surroundings import Surroundings, surroundings
from tui.core.models import ModelRef
from tui.store.conversations import ConversationChanges
from tui.store.library import Library

if TYPE_CHECKING:
    from tui.ui.app import ChinwagApp

TOUR = "Hello! Show me around."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("prompt", nargs="?", default="", metavar="PROMPT", help="sent at once")
    add_chat_options(parser)


def run(arguments: argparse.Namespace) -> NoReturn:
    """Compose the app, run it until it ends, and end with it.

    Raises:
        UsageError: there is no terminal.
        ChatError: there is no such chat, or the library can't be read.
    """
    collector.before_first_frame()
    # The app draws on standard error, so that `chinwag > file` still shows itself.
    if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        raise UsageError("the app needs a terminal; `chinwag ask` answers without one")
    from tui.cli.keys import with_usable_keys

    place = with_usable_keys(surroundings())
    log_to(place.paths.log)
    parts = compose(place)
    app = make_app(place, parts, arguments)

    async def run_app() -> None:
        try:
            await app.run_async()
        finally:
            await parts.close()

    asyncio.run(run_app())
    leave(app.return_code or 0)


def make_app(place: Surroundings, parts: Parts, arguments: argparse.Namespace) -> ChinwagApp:
    """The app, ready to run.

    Raises:
        ChatError: there is no such chat, or the library can't be read.
    """
    from tui.session.catalog import Catalog
    from tui.ui.app import ChinwagApp
    from tui.ui.choosing import ModelChoice
    from tui.ui.memory import Memory
    from tui.ui.start import Start
    from tui.ui.welcome import OFFERS

    model = asked_model(parts, place.paths, arguments)
    chat_id = _chat_to_open(parts, arguments, model)
    sessions = parts.sessions
    memory = Memory(place.paths.state)
    catalog = Catalog(parts.provider, parts.prices, sessions.endpoints, memory.state.listed)
    start = Start(
        prompt=arguments.prompt or (TOUR if arguments.demo else ""),
        system_prompt=arguments.system,
        chat_id=chat_id,
        continue_last=arguments.last,
        offers=() if place.configured or model else OFFERS,
        problems=place.problems,
    )
    choice = ModelChoice(sessions, catalog, memory, model or default_model(parts, place.paths))
    return ChinwagApp(sessions, choice, memory, start, partial(_settle, parts))


def _settle(parts: Parts) -> None:
    """After the first frame: what is slow to load, loads, in threads that nobody waits for."""
    collector.after_first_frame()
    parts.wire.warm_up()
    threading.Thread(target=_warm_up, name="transcript-warm-up", daemon=True).start()


def _warm_up() -> None:
    """Load what the first reply needs to be shown."""
    from tui.ui.transcript import warm_up

    warm_up()
    collector.after_warm_up()


def _chat_to_open(
    parts: Parts, arguments: argparse.Namespace, model: ModelRef | None
) -> str | None:
    """The chat that the options name, with what they change of it; None where the app can tell.

    The last chat (`-c`) the app finds after its first frame, unless something of it changes.
    """
    prefix: str = arguments.chat or ""
    changes: ConversationChanges = {}
    if model is not None:
        changes |= {"model": model.model, "endpoint": model.endpoint}
    if arguments.system is not None:
        changes["system_prompt"] = arguments.system
    if not (prefix or (arguments.last and changes)):
        return None

    def find_and_change(library: Library) -> str | None:
        last = None if prefix else library.latest()
        chat_id = library.resolve(prefix) if prefix else last.id if last else None
        if chat_id is not None and changes:
            library.change(chat_id, **changes)
        return chat_id

    return parts.library.run_sync(find_and_change)
