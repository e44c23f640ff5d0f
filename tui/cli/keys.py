"""The keys of the config, held against the table of actions, which only `ui` knows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from tui.cli.surroundings import Surroundings
from tui.core.settings import Problem
from tui.core.toml_lines import TomlLines
from tui.ui.actions import usable_keys


def with_usable_keys(place: Surroundings) -> Surroundings:
    """`place` without the keys that can't be used, each of them a problem with its line."""
    usable, wrong = usable_keys(place.settings.keys)
    if not wrong:
        return place
    lines = TomlLines("")
    with suppress(OSError, UnicodeDecodeError):
        lines = TomlLines(place.paths.config.read_text("utf-8"))
    found = [
        Problem(lines.line(("keys", action)), f"keys.{action}: {text}")
        for action, text in wrong.items()
    ]
    return replace(
        place,
        settings=replace(place.settings, keys=usable),
        found=tuple(sorted((*place.found, *found), key=lambda problem: problem.line)),
    )
