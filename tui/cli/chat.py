"""`chinwag`: open the app.

Little is imported before the first frame: what a chat needs comes behind it, by `load`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from tui.cli import collector
from tui.cli.log import log_to
from tui.cli.options import add_chat_options
from tui.cli.output import UsageError, is_terminal, leave
from tui.core.paths import paths_for

if TYPE_CHECKING:
    from tui.cli.compose import Parts
    from tui.ui.memory import Memory
    from tui.ui.start import Ready

# Textual paints when something changed, this often a second at most. At its own 60 a key that comes
# right behind a frame of a reply waits 17 ms for its echo; replies have 30 frames anyway.
FRAMES = "1000"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("prompt", nargs="?", default="", metavar="PROMPT", help="sent at once")
    add_chat_options(parser)


def run(arguments: argparse.Namespace) -> NoReturn:
    """Run the app until it ends, and end with it.

    Raises:
        UsageError: there is no terminal.
        ChatError: there is no such chat, or the library can't be read.
    """
    collector.before_first_frame()
    # The app draws on standard error, so that `chinwag > file` still shows itself.
    if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        raise UsageError("the app needs a terminal; `chinwag ask` answers without one")
    os.environ.setdefault("TEXTUAL_FPS", FRAMES)
    from tui.ui.app import ChinwagApp
    from tui.ui.memory import Memory

    paths = paths_for(os.environ)
    log_to(paths.log)
    memory = Memory(paths.state)
    opened: list[Parts] = []
    app = ChinwagApp(
        lambda: load(memory, arguments, opened),
        memory.state,
        takes_text=not arguments.last and arguments.chat is None,
    )

    async def run_app() -> None:
        try:
            await app.run_async()
        finally:
            for parts in opened:
                await parts.close()

    asyncio.run(run_app())
    if app.failure is not None:
        raise app.failure
    leave(app.return_code or 0)


def load(memory: Memory, arguments: argparse.Namespace, opened: list[Parts]) -> Ready:
    """Compose the app; what has to be closed at its end joins `opened`.

    Raises:
        ChatError: there is no such chat, or the library can't be read.
    """
    import tui.ui.chat_screen  # noqa: F401 - its first import is the longest; this is a thread
    from tui.cli.compose import compose
    from tui.cli.keys import with_usable_keys
    from tui.cli.opening import made_ready
    from tui.cli.surroundings import surroundings

    place = with_usable_keys(surroundings())
    parts = compose(place)
    opened.append(parts)
    return made_ready(place, parts, memory, arguments)
