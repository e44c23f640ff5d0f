from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.store.library import Library


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "chinwag.db"


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    library = Library(path)
    yield library
    library.close()
