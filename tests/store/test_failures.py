"""What goes wrong with the disk, in plain words; and the modes of what is on it."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.chats import chat, reply, said
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Status
from tui.store.backups import back_up
from tui.store.failures import in_plain_words, is_damage, library_error
from tui.store.library import Library


def refused(caught: pytest.ExceptionInfo[ChatError], path: Path, *words: str) -> None:
    """It is about this file, says what happened and what to do."""
    assert caught.value.kind is ErrorKind.LIBRARY
    for word in (str(path), *words):
        assert word in caught.value.text


class TestOpening:
    def test_a_file_that_is_no_database(self, path: Path) -> None:
        path.parent.mkdir()
        path.write_bytes(b"Dear diary, " * 1000)
        with pytest.raises(ChatError) as caught:
            Library(path)
        refused(caught, path, "is not a library of chats", "Move it away")
        assert path.read_bytes() == b"Dear diary, " * 1000

    def test_a_folder_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "home").touch()
        with pytest.raises(ChatError) as caught:
            Library(tmp_path / "home" / "chinwag.db")
        refused(caught, tmp_path / "home", "CHINWAG_HOME")

    def test_a_folder_of_locks_that_is_a_file(self, path: Path) -> None:
        path.parent.mkdir()
        (path.parent / "live").touch()
        with pytest.raises(ChatError) as caught:
            Library(path)
        refused(caught, path.parent / "live", "CHINWAG_HOME")


class TestWriting:
    def test_a_full_disk(self, library: Library, path: Path) -> None:
        conversation = chat()
        question = said(conversation, "Why?")
        library.begin_turn([question], conversation)
        with library._database.reading() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
        long = replace(said(conversation, "x" * 100_000), parent=question.id)
        with pytest.raises(ChatError) as caught:
            library.begin_turn([long])
        refused(caught, path, "disk is full", "Free some space")
        # Nothing of it was kept, and what is small still fits.
        assert library.conversation(conversation.id).active_leaf == question.id
        library.change(conversation.id, draft="short")

    def test_a_lock_that_is_not_let_go(self, library: Library, path: Path) -> None:
        library._database._connection.execute("PRAGMA busy_timeout = 0")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(ChatError) as caught:
                library.create(chat())
            refused(caught, path, "locked", "try again")
            assert library.conversations() == []  # reading goes on
            other.execute("ROLLBACK")
        library.create(chat())

    def test_a_file_that_may_not_be_written(self, library: Library, path: Path) -> None:
        library._database._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(ChatError) as caught:
            library.create(chat())
        refused(caught, path, "can't be written", "writable")

    def test_closing_is_quiet_when_it_can_not_write(self, path: Path) -> None:
        library = Library(path)
        conversation = chat()
        question = said(conversation, "Why?")
        answer = reply(question)
        library.begin_turn([question, answer], conversation)
        library._database._connection.execute("PRAGMA query_only = ON")
        library.close()
        again = Library(path)
        assert again.messages([answer.id])[0].status is Status.INTERRUPTED
        again.close()


class TestDamage:
    @pytest.fixture
    def damaged(self, path: Path) -> Iterator[Library]:
        """A library with rubbish in the pages of its chats' rows."""
        library = Library(path)
        for n in range(50):
            library.create(replace(chat(), draft=f"draft {n} " * 100))
        library.close()
        content = bytearray(path.read_bytes())
        start = content.find(b"draft 20") // 4096 * 4096
        content[start : start + 4 * 4096] = b"\xff" * 4 * 4096
        path.write_bytes(content)
        library = Library(path)
        yield library
        library.close()

    def test_reading_says_so(self, damaged: Library, path: Path) -> None:
        with pytest.raises(ChatError) as caught:
            damaged.conversations()
        refused(caught, path, "is damaged", "chinwag doctor", "copies beside it")

    def test_a_check_says_where(self, damaged: Library) -> None:
        problems = damaged.check()
        assert problems
        assert all(problem.endswith(".") for problem in problems)

    def test_a_check_finds_what_does_not_add_up(self, library: Library) -> None:
        conversation = chat(chat_id="ab")
        question = said(conversation, "Why?")
        library.begin_turn([question], conversation)
        connection = library._database._connection
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("UPDATE conversations SET message_count = 7")
        connection.execute("UPDATE messages SET parent = 'nowhere'")
        assert library.check() == [
            "Row 1 of messages refers to one of messages that is not there.",
            "Chat ab is said to have 7 messages, but 1 are there.",
        ]

    @pytest.mark.parametrize("column", ["text", "model", "notices"])
    def test_a_text_with_bytes_that_are_none(
        self, library: Library, path: Path, column: str
    ) -> None:
        conversation = chat()
        question = said(conversation, "Why?")
        library.begin_turn([question], conversation)
        connection = library._database._connection
        connection.execute(f"UPDATE messages SET {column} = CAST(x'41ff42' AS TEXT)")
        for use in (
            lambda: library.messages([question.id]),
            lambda: library.copies.take(conversation.id),
        ):
            with pytest.raises(ChatError) as caught:
                use()
            refused(caught, path, "is damaged", "chinwag doctor")
            assert is_damage(caught.value)
        assert library._database.check_file() == [
            "The file is damaged: a text of messages has bytes that are none."
        ]
        if column == "text":
            assert library._database.check_index() == [
                "The file is damaged: a text in it has bytes that are none."
            ]

    def test_a_mistake_in_calling_is_no_damage(self, path: Path) -> None:
        for wrong in ((1, 2), (object(),)):
            with pytest.raises(sqlite3.Error) as caught, in_plain_words(path):
                sqlite3.connect(":memory:").execute("SELECT ?", wrong)
            assert not isinstance(caught.value, sqlite3.OperationalError)


def test_any_other_failure_is_named(path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError) as failed:
        sqlite3.connect(":memory:").execute("SELECT * FROM nowhere")
    error = library_error(path, failed.value)
    assert error.text == (
        f"{path} could not be used (no such table: nowhere). `chinwag doctor` checks it."
    )


class TestModes:
    @pytest.fixture(autouse=True)
    def open_umask(self) -> Iterator[None]:
        before = os.umask(0)
        yield
        os.umask(before)

    def modes(self, folder: Path) -> dict[str, str]:
        return {
            path.name if path.suffix != ".lock" else ".lock": stat.filemode(path.stat().st_mode)
            for path in [folder, *folder.rglob("*")]
        }

    def test_everything_is_ours_alone(self, library: Library, path: Path) -> None:
        library.create(chat())
        copy = back_up(path)
        assert self.modes(path.parent) == {
            "home": "drwx------",
            "live": "drwx------",
            ".lock": "-rw-------",
            "copying": "-rw-------",
            "chinwag.db": "-rw-------",
            "chinwag.db-wal": "-rw-------",
            "chinwag.db-shm": "-rw-------",
            copy.name: "-rw-------",
        }

    def test_what_was_opened_to_others_is_closed_again(self, library: Library, path: Path) -> None:
        library.create(chat())
        for each in (path.parent, *path.parent.rglob("*")):
            each.chmod(0o777)
        Library(path).close()
        modes = self.modes(path.parent)
        del modes[".lock"]
        assert set(modes.values()) == {"drwx------", "-rw-------"}
