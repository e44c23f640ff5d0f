"""Options that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable

MOST_LISTED = 1_000_000  # more than anybody has chats, less than SQLite can count


def whole_number(most: int) -> Callable[[str], int]:
    """A type of argument: a whole number from 1 to `most`."""

    def read(text: str) -> int:
        # Digits that no number here has are not made into one: Python refuses very many of them.
        if not (text.isascii() and text.isdecimal() and text.strip("0")):
            raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, not {text!r}")
        if len(text) > len(str(most)) or int(text) > most:
            raise argparse.ArgumentTypeError(f"expected {most} at most, not {text[:40]}")
        return int(text)

    return read


def add_chat_options(parser: argparse.ArgumentParser) -> None:
    """Which model, which system prompt, which chat."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "-m", "--model", metavar="MODEL", help="gpt-4o, or ollama/llama3.2 with its endpoint"
    )
    source.add_argument("--local", action="store_true", help="the model on this machine")
    source.add_argument("--demo", action="store_true", help="the tour: a scripted guide, no model")
    parser.add_argument("-s", "--system", metavar="TEXT", help="system prompt of the chat")
    chat = parser.add_mutually_exclusive_group()
    chat.add_argument("-c", "--continue", dest="last", action="store_true", help="in the last chat")
    chat.add_argument("--chat", metavar="ID", help="in this chat (the start of its id will do)")
