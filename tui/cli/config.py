"""`chinwag config init`: a config file to start from, every setting commented out."""

from __future__ import annotations

import argparse

from tui.cli.surroundings import surroundings
from tui.core.errors import ChatError, ErrorKind
from tui.core.settings import commented_config
from tui.files import replace_private


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its words."""
    words = parser.add_subparsers(dest="word", metavar="WORD", required=True)
    words.add_parser("init", help="write the file; one that is there is left alone")


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - there is one word
    """Write the file and say where it is.

    Raises:
        ChatError: there is one already, or it can't be written (kind CONFIG).
    """
    path = surroundings().paths.config
    if path.exists():
        raise ChatError(
            ErrorKind.CONFIG, f"{path} is there already. Edit it, or move it away first."
        )
    from tui.ui.actions import default_keys

    try:
        replace_private(path, commented_config(default_keys()).encode())
    except OSError as error:
        raise ChatError(
            ErrorKind.CONFIG, f"{path} can't be written: {error.strerror}. Make its folder yours."
        ) from None
    print(path)
    return 0
