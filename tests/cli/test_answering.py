"""A turn on the command line, where what surrounds it fails: the disk, the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.session.disk import fill_disk
from tests.session.scripted import MODEL, SETTINGS, RoundPrices, Scripted, says
from tui.cli.answering import Answering
from tui.core.errors import ChatError
from tui.session.sessions import Sessions
from tui.store.library import Library
from tui.store.thread import LibraryThread

LONG = "tide " * 100_000  # more than what is left of a page


@pytest.fixture
def library(tmp_path: Path) -> Iterator[LibraryThread]:
    library = LibraryThread(lambda: Library(tmp_path / "home" / "chinwag.db"))
    yield library
    library.close()


@pytest.fixture
def provider() -> Scripted:
    return Scripted()


@pytest.fixture
def sessions(library: LibraryThread, provider: Scripted) -> Sessions:
    return Sessions(library, provider, RoundPrices(), SETTINGS)


async def test_a_reply_that_cannot_be_saved_is_printed_as_json_all_the_same(
    capsys: pytest.CaptureFixture[str], sessions: Sessions, provider: Scripted
) -> None:
    provider.script(*says(LONG))
    turn = await sessions.send(sessions.new(MODEL), "A story")
    await fill_disk(sessions)
    with pytest.raises(ChatError, match="The disk is full"):
        await Answering(turn, as_json=True).run()
    value = json.loads(capsys.readouterr().out)
    assert (value["id"], value["status"], value["text"]) == (turn.reply.id, "complete", LONG)
