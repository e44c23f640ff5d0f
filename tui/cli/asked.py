"""Which model the options mean."""

from __future__ import annotations

import argparse

from tui.cli.compose import Parts
from tui.core.models import ModelRef, parse_model
from tui.core.paths import Paths
from tui.core.settings import DEMO, LOCAL
from tui.store.state import load_state


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
