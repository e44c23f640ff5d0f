"""The command `chinwag`: which words mean which command.

`chinwag` alone, or with anything that is no command's name, opens the app. Each command lives in
a module of its own that is imported when it runs, so that the app starts without the others.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Command:
    """A word after `chinwag`.

    Attributes:
        module: has `add_arguments(parser)` and `run(arguments) -> int`.
        help: what it does, in a line.
    """

    module: str
    help: str


APP = Command("tui.cli.chat", "open the app")
COMMANDS: dict[str, Command] = {}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = words[0] if words and words[0] in COMMANDS else ""
    module = import_module((COMMANDS[name] if name else APP).module)
    parser = argparse.ArgumentParser(
        prog=f"chinwag {name}".strip(),
        description=COMMANDS[name].help if name else __doc__,
    )
    add_arguments: Callable[[argparse.ArgumentParser], None] = module.add_arguments
    run: Callable[[argparse.Namespace], int] = module.run
    add_arguments(parser)
    return run(parser.parse_args(words[1:] if name else words))


if __name__ == "__main__":
    sys.exit(main())
