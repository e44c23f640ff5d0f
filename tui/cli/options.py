"""Options that several commands share, and what they mean."""

from __future__ import annotations

import argparse

from tui.cli.compose import Parts
from tui.core.models import ModelRef, parse_model
from tui.core.paths import Paths
from tui.core.settings import DEMO, LOCAL
from tui.store.state import load_state


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


def asked_model(parts: Parts, paths: Paths, arguments: argparse.Namespace) -> ModelRef | None:
    """The model that the options name, None where they name none."""
    if own := LOCAL if arguments.local else DEMO if arguments.demo else "":
        return ModelRef(own, parts.sessions.endpoint(own).models[0])
    return model_named(parts, paths, arguments.model) if arguments.model else None


def default_model(parts: Parts, paths: Paths) -> ModelRef:
    """The model that the config names for new chats."""
    return model_named(parts, paths, parts.sessions.settings.model)


def model_named(parts: Parts, paths: Paths, name: str) -> ModelRef:
    """The model that a person means by `name`, going by what endpoints listed when last asked."""
    return parse_model(name, parts.sessions.endpoints, load_state(paths.state).listed)
