"""The command `chinwag`: which words mean which command.

`chinwag` alone, or with anything that is no command's name, opens the app. Each command lives in
a module of its own that is imported when it runs, so that the app starts without the others.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from tui import __version__
from tui.cli.output import (
    CLOSED_PIPE,
    FAILURE,
    INTERRUPTED,
    WRONG_USAGE,
    UsageError,
    allow_any_text,
    complain,
)
from tui.core.errors import ChatError


@dataclass(frozen=True, slots=True)
class Command:
    """A word after `chinwag`.

    Attributes:
        module: has `add_arguments(parser)` and `run(arguments) -> int`.
        help: what it does, in a line.
    """

    module: str
    help: str


APP = Command("tui.cli.chat", "Chat with OpenAI-style models, full screen.")
COMMANDS: dict[str, Command] = {
    "ask": Command("tui.cli.ask", "Ask one thing; the answer goes to standard output."),
    "chats": Command("tui.cli.chats", "List the chats, newest first."),
    "show": Command("tui.cli.show", "Print a chat."),
    "search": Command("tui.cli.search", "Find what was said, in any chat."),
    "export": Command("tui.cli.export", "Write chats as Markdown, JSON, TOML or HTML."),
    "import": Command(
        "tui.cli.importing", "Take in chats that were exported, or are another program's."
    ),
    "models": Command("tui.cli.models", "List the models of all endpoints."),
    "usage": Command("tui.cli.usage", "Tokens, cost and speed, by day, model and endpoint."),
    "local": Command("tui.cli.local", "Fetch, look at or remove the model on this machine."),
    "doctor": Command("tui.cli.doctor", "Check endpoints, keys, chats and terminal."),
    "config": Command("tui.cli.config", "Write a config file to start from."),
    "paths": Command("tui.cli.paths", "Say where everything is kept."),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    allow_any_text()
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = words[0] if words and words[0] in COMMANDS else ""
    command = COMMANDS[name] if name else APP
    module = import_module(command.module)
    add_arguments: Callable[[argparse.ArgumentParser], None] = module.add_arguments
    run: Callable[[argparse.Namespace], int] = module.run
    parser = argparse.ArgumentParser(
        prog=f"chinwag {name}".strip(),
        description=command.help,
        epilog=None if name else _epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    if not name:
        parser.add_argument("--version", action="version", version=f"chinwag {__version__}")
    try:
        status = run(parser.parse_args(words[1:] if name else words))
        if sys.stdout is not None:
            sys.stdout.flush()
    except ChatError as failure:
        complain(failure.text)
        return FAILURE
    except UsageError as wrong:
        complain(str(wrong))
        return WRONG_USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has enough (`| head`). A normal exit would try to write the rest.
        os._exit(CLOSED_PIPE)
    except OSError as error:  # of the output: all else has its words already
        complain(f"{error.filename or 'The output'}: {error.strerror or type(error).__name__}")
        os._exit(FAILURE)
    return status


def _epilog() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  chinwag {name:{width}}  {command.help}" for name, command in COMMANDS.items()]
    return "\n".join(
        ["commands:", *lines, "", "`chinwag COMMAND --help` says more about one of them."]
    )


if __name__ == "__main__":
    sys.exit(main())
