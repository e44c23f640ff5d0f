"""The shape of the database: migrations, what the schema enforces, and what it makes quick."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.chats import MINUTE, NOON, chat, reply, said
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Message, Status
from tui.store.backups import COPIES_KEPT, back_up
from tui.store.library import Library
from tui.store.schema import MIGRATIONS, migrate, version_of


def second(connection: sqlite3.Connection) -> None:
    """A migration that is not real."""
    connection.execute("ALTER TABLE conversations ADD COLUMN colour TEXT")


def backups(path: Path) -> list[Path]:
    return sorted(path.parent.glob("*.backup-*"))


@pytest.fixture
def saved(path: Path) -> Message:
    """A message in a library that is closed again."""
    library = Library(path)
    conversation = chat()
    message = said(conversation, "Why two tides a day?")
    library.begin_turn([message], conversation)
    library.close()
    return message


class TestMigrations:
    def test_a_new_file_gets_all_and_no_backup(self, path: Path) -> None:
        Library(path).close()
        with closing(sqlite3.connect(path)) as connection:
            assert version_of(connection) == len(MIGRATIONS)
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert backups(path) == []

    def test_an_old_file_gets_the_new_ones_after_a_backup(self, path: Path, saved: Message) -> None:
        with closing(sqlite3.connect(path)) as connection:
            migrate(connection, path, (*MIGRATIONS, second))
            assert version_of(connection) == len(MIGRATIONS) + 1
            assert connection.execute("SELECT colour FROM conversations").fetchall() == [(None,)]
        (copy,) = backups(path)
        old = Library(copy)
        assert old.messages([saved.id]) == [saved]
        assert old.check() == []
        old.close()

    def test_one_that_fails_leaves_the_file_as_it_was(self, path: Path, saved: Message) -> None:
        def failing(connection: sqlite3.Connection) -> None:
            connection.execute("DROP TABLE tags")
            connection.execute("INSERT INTO nowhere VALUES (1)")

        with (
            closing(sqlite3.connect(path)) as connection,
            pytest.raises(sqlite3.OperationalError, match="nowhere"),
        ):
            migrate(connection, path, (*MIGRATIONS, second, failing))
        library = Library(path)
        assert (library.messages([saved.id]), library.check()) == ([saved], [])
        library.close()

    def test_one_that_breaks_a_reference_is_taken_back(self, path: Path, saved: Message) -> None:
        def careless(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM messages")

        with (
            closing(sqlite3.connect(path)) as connection,
            pytest.raises(ChatError, match="was left as it was"),
        ):
            migrate(connection, path, (*MIGRATIONS, careless))
        library = Library(path)
        assert library.messages([saved.id]) == [saved]
        library.close()

    def test_one_process_migrates_while_others_wait(self, path: Path, saved: Message) -> None:
        together = threading.Barrier(4)

        def open_it() -> None:
            with closing(sqlite3.connect(path)) as connection:
                together.wait()
                migrate(connection, path, (*MIGRATIONS, second))

        threads = [threading.Thread(target=open_it) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(backups(path)) == 1
        with closing(sqlite3.connect(path)) as connection:
            assert version_of(connection) == len(MIGRATIONS) + 1

    def test_a_newer_file_is_refused_untouched(self, path: Path, saved: Message) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 99")
        before = path.read_bytes()
        with pytest.raises(ChatError, match=r"newer chinwag \(library version 99") as caught:
            Library(path)
        assert caught.value.kind is ErrorKind.LIBRARY
        assert str(path) in caught.value.text
        assert path.read_bytes() == before


class TestBackups:
    def test_the_newest_three_stay(self, path: Path, saved: Message) -> None:
        made = [back_up(path) for _ in range(COPIES_KEPT + 2)]
        assert backups(path) == made[-COPIES_KEPT:]

    def test_one_that_was_never_finished_goes(self, path: Path, saved: Message) -> None:
        unfinished = path.with_name(f"{path.name}.backup-20200101-000000-000000.part")
        unfinished.touch()
        whole = back_up(path)
        assert backups(path) == [whole]

    def test_it_holds_what_is_only_in_the_log_yet(self, path: Path) -> None:
        library = Library(path)
        conversation = chat()
        library.create(conversation)
        copy = Library(back_up(path))
        assert copy.conversations() == [conversation]
        copy.close()
        library.close()


class TestRules:
    """What the schema itself refuses, whatever code writes."""

    @pytest.mark.parametrize(
        ("statement", "rule"),
        [
            ("UPDATE messages SET parent = id", "CHECK"),
            ("UPDATE messages SET parent = 'nowhere'", "FOREIGN KEY"),
            ("UPDATE messages SET owner = 'someone'", "CHECK"),
            ("UPDATE messages SET status = 'streaming'", "CHECK"),
            ("UPDATE messages SET conversation = 'nowhere'", "FOREIGN KEY"),
            ("UPDATE conversations SET active_leaf = 'nowhere'", "FOREIGN KEY"),
            ("DELETE FROM messages", "FOREIGN KEY"),
        ],
    )
    def test_it_refuses(self, path: Path, saved: Message, statement: str, rule: str) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            with pytest.raises(sqlite3.IntegrityError, match=rule), connection:
                connection.execute(statement)

    def test_it_counts_messages(self, library: Library) -> None:
        conversation = chat()
        first = said(conversation, "one")
        library.begin_turn([first], conversation)
        library.begin_turn([reply(first), reply(first)])
        assert library.conversation(conversation.id).message_count == 3
        with library._database.transaction() as connection:
            connection.execute("DELETE FROM messages WHERE number = 2")
        assert library.conversation(conversation.id).message_count == 2
        assert library.check() == []


@contextmanager
def statements(library: Library) -> Iterator[list[str]]:
    """The statements that run meanwhile, values in their places."""
    seen: list[str] = []
    connection = library._database._connection
    connection.set_trace_callback(seen.append)
    yield seen
    connection.set_trace_callback(None)


def steps(library: Library, work: Callable[[], object]) -> int:
    """How many steps of SQLite's virtual machine `work` takes."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection = library._database._connection
    connection.set_progress_handler(count, 1)
    work()
    connection.set_progress_handler(None, 1)
    return taken


def filled(library: Library, chats: int, first: int = 0) -> None:
    """Add chats of four messages each, of which every twentieth is being written."""
    for n in range(first, first + chats):
        conversation = chat(f"Chat {n}", updated=NOON + n * MINUTE, chat_id=f"{n:016x}")
        question = said(conversation, "Why?", at=conversation.updated)
        answer = reply(question, at=conversation.updated)
        again = said(conversation, "Why else?", answer, at=conversation.updated)
        last = reply(again, at=conversation.updated)
        done = [replace(one, status=Status.COMPLETE) for one in (answer, last)]
        if n % 20 == 0:
            done[1] = last
        library.begin_turn([question, done[0], again, done[1]], conversation)


class TestSpeed:
    """No cost grows with the library: each query goes through an index."""

    def test_every_statement_goes_through_an_index(self, library: Library) -> None:
        filled(library, 3)
        conversation = library.latest()
        assert conversation is not None
        question = said(conversation, "Why?")
        answer = reply(question)
        with statements(library) as seen:
            library.conversation(conversation.id)
            library.conversations()
            library.conversations(before=conversation, archived=True)
            library.resolve(conversation.id)
            library.change(conversation.id, title="t", tags=("a",), active_leaf=None)
            library.begin_turn([replace(question, parent=None), answer])
            library.flush(answer.id, "text", "")
            library.finish(replace(answer, status=Status.COMPLETE))
            library.messages([question.id])
            library.nodes(conversation.id)
            library.branches.rename(answer.id, "name")
            library.branches.names(conversation.id)
            library.branches.glimpses([answer.id])
            library.branches.delete(conversation.id, answer.id, NOON)
            library.branches.restore_last(conversation.id)
            library.branches.fork(conversation.id, answer.id, NOON)
            library.delete(conversation.id, NOON)
            library.restore(conversation.id)
            library.empty_trash(NOON)
            library.recover()
        queries = [one for one in seen if one.split()[0] in ("SELECT", "UPDATE", "DELETE")]
        assert len(queries) > 20
        for query in queries:
            plan = library._database._connection.execute(f"EXPLAIN QUERY PLAN {query}")
            for line in [row["detail"] for row in plan]:
                whole_table = line.startswith("SCAN") and not (
                    "json_each" in line  # the ids that were asked for
                    or "messages_in_flight" in line  # a handful
                    or "subquery" in line  # the tags of one chat
                )
                assert not whole_table, f"{line}: {query}"

    def test_a_tree_is_read_from_its_index_alone(self, library: Library) -> None:
        with statements(library) as seen:
            library.nodes("any")
        plan = library._database._connection.execute(f"EXPLAIN QUERY PLAN {seen[0]}").fetchall()
        assert "COVERING INDEX messages_tree" in plan[0]["detail"]

    def test_cost_does_not_grow_with_the_library(self, library: Library) -> None:
        filled(library, 60)

        def some_use() -> None:
            (conversation,) = library.conversations(limit=1)
            library.conversations(limit=20, before=conversation)
            library.resolve(conversation.id)
            nodes = library.nodes(conversation.id)
            library.messages([node.id for node in nodes][:4])
            library.change(conversation.id, draft="And")
            fresh = chat()
            question = said(fresh, "Why?", at=conversation.updated)
            answer = reply(question, at=conversation.updated)
            library.begin_turn([question, answer], fresh)
            library.flush(answer.id, "text", "")
            library.finish(replace(answer, status=Status.COMPLETE))
            library.delete(fresh.id, NOON)
            library.empty_trash(NOON + MINUTE)

        small = steps(library, some_use)
        filled(library, 600, first=60)
        large = steps(library, some_use)
        assert large < small * 1.2
