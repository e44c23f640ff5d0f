"""Sessions on a library in a temporary folder, a scripted provider, and eyes of other processes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.session.journal import Journal
from tests.session.scripted import SETTINGS, HandClock, RoundPrices, Scripted
from tui.session.pace import Pace
from tui.session.sessions import Sessions
from tui.store.library import Library
from tui.store.thread import LibraryThread


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "chinwag.db"


@pytest.fixture
def provider() -> Scripted:
    return Scripted()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def pace(clock: HandClock) -> Pace:
    return Pace(clock, clock.sleep, flush_seconds=1.0)


@pytest.fixture
def prices() -> RoundPrices:
    return RoundPrices()


@pytest.fixture
def library(path: Path) -> Iterator[LibraryThread]:
    library = LibraryThread(lambda: Library(path))
    yield library
    library.close()


@pytest.fixture
async def sessions(
    library: LibraryThread, provider: Scripted, prices: RoundPrices, pace: Pace
) -> AsyncIterator[Sessions]:
    sessions = Sessions(library, provider, prices, SETTINGS, pace=pace)
    yield sessions
    assert sessions.turns == {}, "a test leaves no reply in flight"


@pytest.fixture
def elsewhere(path: Path, sessions: Sessions) -> Iterator[Library]:
    """The same library, opened by another process (each opening has a lock of its own)."""
    library = Library(path)
    yield library
    library.close()


@pytest.fixture
def journal(elsewhere: Library) -> Journal:
    """All that was ever written of messages, from here on."""
    return Journal(elsewhere.path)
