"""The search index: taken in from older libraries, checked and made anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.chats import MINUTE, NOON, found, keep, reply
from tests.waiting import until
from tui.core.message import Message, Status
from tui.store.library import Library
from tui.store.thread import LibraryThread
from tui.store.word_index import forget_all, unindexed


def waiting(library: Library) -> int:
    """The number under which messages wait to be taken in."""
    with library._database.reading() as connection:
        return unindexed(connection)


class TestOldLibraries:
    """Those with messages from before there was an index."""

    @pytest.fixture
    def old(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Message]:
        """A library whose 40 messages all wait."""
        monkeypatch.setattr("tui.store.catching_up.BATCH_MESSAGES", 8)
        library = Library(path)
        messages = [keep(library, f"tide {n} 潮汐")[1][0] for n in range(40)]
        with library._database.transaction() as connection:
            forget_all(connection)
        library.close()
        return messages

    def test_all_is_found_before_and_while_it_is_taken_in(
        self, path: Path, old: list[Message]
    ) -> None:
        library = Library(path)
        ids = [message.id for message in reversed(old)]
        assert found(library, "tide 潮汐") == ids
        assert library.check() == []
        steps = 0
        while library.catch_up():
            steps += 1
            assert found(library, "tide 潮汐") == ids
            assert library.check() == []
        assert steps == 4  # the fifth takes the last ones in
        assert not library.catch_up()
        assert found(library, "潮汐") == ids
        library.close()

    def test_it_goes_on_where_it_was_after_a_restart(self, path: Path, old: list[Message]) -> None:
        library = Library(path)
        assert library.catch_up()
        library.close()
        library = Library(path)
        _, (new,) = keep(library, "tide anew")
        steps = sum(1 for _ in iter(library.catch_up, False))
        assert steps == 3
        assert found(library, "tide") == [new.id, *(message.id for message in reversed(old))]
        assert library.check() == []
        library.close()

    def test_what_waits_may_go_or_be_written_on(self, path: Path, old: list[Message]) -> None:
        library = Library(path)
        gone, changed = old[3], old[5]
        library.delete(gone.conversation, NOON)
        library.empty_trash(NOON + MINUTE)
        answer = reply(changed)
        library.begin_turn([answer])
        library.finish(replace(answer, text="tide too", status=Status.COMPLETE))
        while library.catch_up():
            pass
        assert len(found(library, "tide")) == 40
        assert library.check() == []
        library.close()

    async def test_the_library_thread_does_it_while_nothing_is_asked(
        self, path: Path, old: list[Message]
    ) -> None:
        library = Library(path)
        thread = LibraryThread(lambda: Library(path))
        assert await thread.run(lambda library: found(library, "tide"))
        await until(lambda: not waiting(library))
        assert len(found(library, "tide")) == 40
        thread.close()
        library.close()

    def test_two_processes_may_do_it(self, path: Path, old: list[Message]) -> None:
        first, second = Library(path), Library(path)
        while first.catch_up() and second.catch_up():
            pass
        assert second.check() == []
        assert len(found(second, "tide")) == 40
        first.close()
        second.close()


class TestRepair:
    @pytest.mark.parametrize(
        ("harm", "what"),
        [
            (
                "INSERT INTO message_words (message_words) VALUES ('delete-all')",
                "2 missing from it.",
            ),
            ("INSERT INTO message_words (rowid, words) VALUES (99, 'x')", "1 in it but not there."),
            (
                "UPDATE messages SET text = 'something else' WHERE number = 1",
                "1 in it with another",
            ),
        ],
    )
    def test_disagreement_is_seen_and_mended(
        self, library: Library, path: Path, harm: str, what: str
    ) -> None:
        keep(library, "tide", "The moon.")
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(harm)
        (problem,) = library.check()
        assert what in problem
        library.repair()
        assert library.check() == []
        assert len(found(library, "moon")) == 1
