"""Options that several commands share."""

from __future__ import annotations

import argparse


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
