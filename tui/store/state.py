"""The app's own memory between starts: `state.toml`.

Nothing a person wrote lives here but the draft of a chat that was not begun yet. A file that
can't be read is as good as none: the app starts with the defaults.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import tomli_w

from tui.core.safe import storable
from tui.files import replace_private

RECENT_MODELS = 8


@dataclass(frozen=True, slots=True)
class AppState:
    """What is remembered.

    Attributes:
        theme: the theme's name; empty: the default.
        sidebar: whether the sidebar is shown where there is room.
        draft: what was typed into a new chat and not sent.
        recent_models: as a person writes them, newest first.
        listed: endpoint name to the models it listed last.
    """

    theme: str = ""
    sidebar: bool = True
    draft: str = ""
    recent_models: tuple[str, ...] = ()
    listed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def with_recent(self, model: str) -> tuple[str, ...]:
        """The recent models after `model` was used."""
        others = [other for other in self.recent_models if other != model]
        return (model, *others)[:RECENT_MODELS]


def load_state(path: Path) -> AppState:
    """The state kept at `path`; each value of a wrong type, or the file, is as good as missing."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return AppState()
    theme, sidebar, draft = data.get("theme"), data.get("sidebar"), data.get("draft")
    listed = data.get("listed")
    return AppState(
        theme=theme if isinstance(theme, str) else "",
        sidebar=sidebar if isinstance(sidebar, bool) else True,
        draft=draft if isinstance(draft, str) else "",
        recent_models=_texts(data.get("recent_models")),
        listed={name: _texts(models) for name, models in listed.items()}
        if isinstance(listed, dict)
        else {},
    )


def save_state(path: Path, state: AppState) -> None:
    """Keep `state` at `path`, atomically.

    Raises:
        OSError: it can't be written.
    """
    replace_private(path, storable(tomli_w.dumps(asdict(state))).encode())


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
