"""`chinwag paths`: where everything is kept."""

from __future__ import annotations

import argparse
import sys

from tui.cli.output import add_json_option, fit, print_json
from tui.cli.surroundings import surroundings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the paths; what is not there yet is made when it is needed."""
    paths = surroundings().paths
    named = {
        "config": paths.config,
        "database": paths.database,
        "models": paths.models,
        "state": paths.state,
        "log": paths.log,
        "local_log": paths.local_log,
    }
    if arguments.json:
        print_json({name: str(path) for name, path in named.items()})
        return 0
    for name, path in named.items():
        missing = "" if path.exists() else "  (not there yet)"
        print(f"{name.replace('_', ' '):10} {fit(str(path), sys.stdout)}{missing}")
    return 0
