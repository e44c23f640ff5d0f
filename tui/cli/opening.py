"""What the chat screen is made from, as the options ask for it; loaded behind the first frame."""

from __future__ import annotations

import argparse
import threading
from functools import partial

from tui.cli import collector
from tui.cli.asked import asked_model, default_model
from tui.cli.compose import Parts
from tui.cli.surroundings import Surroundings
from tui.core.models import ModelRef
from tui.session.catalog import Catalog
from tui.store.conversations import ConversationChanges
from tui.store.library import Library
from tui.ui.choosing import ModelChoice
from tui.ui.memory import Memory
from tui.ui.start import Ready, Start
from tui.ui.welcome import OFFERS

TOUR = "Hello! Show me around."


def made_ready(
    place: Surroundings, parts: Parts, memory: Memory, arguments: argparse.Namespace
) -> Ready:
    """What the chat screen is made from.

    Raises:
        ChatError: there is no such chat, or the library can't be read.
    """
    model = asked_model(parts, place.paths, arguments)
    chat_id = _chat_to_open(parts, arguments, model)
    sessions = parts.sessions
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
    return Ready(sessions, choice, memory, start, partial(_settle, parts))


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
    prefix: str | None = arguments.chat  # an empty one names no chat, and says so
    changes: ConversationChanges = {}
    if model is not None:
        changes |= {"model": model.model, "endpoint": model.endpoint}
    if arguments.system is not None:
        changes["system_prompt"] = arguments.system
    if prefix is None and not (arguments.last and changes):
        return None

    def find_and_change(library: Library) -> str | None:
        last = library.latest() if prefix is None else None
        chat_id = library.resolve(prefix) if prefix is not None else last.id if last else None
        if chat_id is not None and changes:
            library.change(chat_id, **changes)
        return chat_id

    return parts.library.run_sync(find_and_change)
