"""Where everything is kept. `CHINWAG_HOME` names one folder for all; else the system decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders; the files in them are properties."""

    config_folder: Path
    data_folder: Path
    state_folder: Path

    @property
    def config(self) -> Path:
        """The user's settings: read, never rewritten."""
        return self.config_folder / "config.toml"

    @property
    def database(self) -> Path:
        """All chats."""
        return self.data_folder / "chinwag.db"

    @property
    def models(self) -> Path:
        """Local models."""
        return self.data_folder / "models"

    @property
    def state(self) -> Path:
        """The app's own memory: theme, last models, sidebar."""
        return self.state_folder / "state.toml"

    @property
    def log(self) -> Path:
        """What the app noted of its own failures."""
        return self.state_folder / "chinwag.log"

    @property
    def local_log(self) -> Path:
        """What the local model's server printed."""
        return self.state_folder / "local-model.log"


def paths_for(environ: Mapping[str, str]) -> Paths:
    """The paths that hold in `environ`."""
    if home := environ.get("CHINWAG_HOME"):
        folder = Path(home).expanduser().absolute()
        return Paths(folder, folder, folder)
    from platformdirs import PlatformDirs

    system = PlatformDirs("chinwag", appauthor=False)
    return Paths(system.user_config_path, system.user_data_path, system.user_state_path)
