"""`chinwag`: open the app."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from tui.cli.compose import chosen_model, compose, log_to_file, surroundings
from tui.core.errors import ChatError
from tui.core.models import ModelRef
from tui.core.settings import DEMO, LOCAL


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("prompt", nargs="?", default="", metavar="PROMPT", help="sent at once")
    parser.add_argument("-m", "--model", help="what the new chat starts with")
    parser.add_argument("-s", "--system", help="the new chat's system prompt")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "-c", "--continue", dest="last", action="store_true", help="open the last chat"
    )
    which.add_argument("--chat", metavar="ID", help="open this chat")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--local", action="store_true", help="use the model on this machine")
    source.add_argument("--demo", action="store_true", help="take the tour: a scripted guide")


def run(arguments: argparse.Namespace) -> int:
    """Compose the app and run it until it ends."""
    place = surroundings()
    log_to_file(place.paths)
    parts = compose(place)
    sessions = parts.sessions
    chat_id = None
    if arguments.chat:
        try:
            chat_id = parts.library.run_sync(lambda library: library.resolve(arguments.chat))
        except ChatError as failure:
            print(f"chinwag: {failure.text}", file=sys.stderr)
            return 1
    own = LOCAL if arguments.local else DEMO if arguments.demo else ""
    if own:
        model = ModelRef(own, sessions.endpoint(own).models[0])
    else:
        model = chosen_model(parts, arguments.model)

    from tui.session.catalog import Catalog
    from tui.ui.app import ChinwagApp
    from tui.ui.choosing import ModelChoice
    from tui.ui.memory import Memory
    from tui.ui.start import Start
    from tui.ui.welcome import OFFERS

    memory = Memory(place.paths.state)
    catalog = Catalog(parts.provider, parts.prices, sessions.endpoints, memory.state.listed)
    prompt = arguments.prompt or ("Hello! Show me around." if arguments.demo else "")
    start = Start(
        prompt=prompt,
        system_prompt=arguments.system,
        chat_id=chat_id,
        continue_last=arguments.last,
        offers=OFFERS if not (place.configured or own or arguments.model) else (),
        problems=place.problems,
    )

    app = ChinwagApp(
        sessions, ModelChoice(sessions, catalog, memory, model), memory, start, parts.wire.warm_up
    )

    async def run_app() -> None:
        try:
            await app.run_async()
        finally:
            await parts.close()

    asyncio.run(run_app())
    # Everything is saved and the terminal restored. Tearing down what was imported takes up to
    # 0.4 s more, and an import still running in a thread would be waited for.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(app.return_code or 0)
