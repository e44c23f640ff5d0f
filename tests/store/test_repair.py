"""A library that is really damaged: what can be read is saved, or a copy takes its place."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.chats import MINUTE, NOON, chat, reply, said
from tui.core.errors import ChatError
from tui.core.message import Attachment, Message, Status
from tui.core.query import parse_query
from tui.core.words import words
from tui.store import word_index
from tui.store.backups import back_up, is_sound
from tui.store.database import Database
from tui.store.library import Library
from tui.store.repair import newest_sound, repair_index, restore, save_readable
from tui.store.salvage import LOST, RECOVERED, Salvaged

PAGE = 4096
CHATS, MESSAGES = 12, 20


def text_of(place: int, number: int) -> str:
    return f"chat {place} message {number}. " + "It is so. " * 60


@pytest.fixture
def chats(path: Path) -> list[list[Message]]:
    """Chats with long messages, a branch that was deleted, a tag and a file, closed."""
    library = Library(path)
    made = []
    for place in range(CHATS):
        at = NOON + place * MINUTE
        one = replace(chat(f"Chat {place}", at, f"{place:016x}"), tags=("sea",))
        messages: list[Message] = []
        for number in range(MESSAGES):
            after = messages[-1] if messages else None
            if number % 2 and after:
                message = reply(after, text_of(place, number), Status.COMPLETE, at)
            else:
                message = said(one, text_of(place, number), after, at)
            messages.append(message)
        messages[0] = replace(
            messages[0], attachments=(Attachment("a.txt", "text/plain", 4, "salt"),)
        )
        beside = said(one, "Deleted.", messages[-1], at)
        library.begin_turn([*messages, beside], one)
        library.branches.delete(one.id, beside.id, at)
        made.append(messages)
    library.close()
    return made


def destroy(path: Path, *texts: str) -> None:
    """Overwrite the pages of the database that have these texts."""
    content = bytearray(path.read_bytes())
    for text in texts:
        at = content.find(text.encode())
        assert at > PAGE
        start = at // PAGE * PAGE
        content[start : start + PAGE] = random.Random(1).randbytes(PAGE)
    path.write_bytes(content)


def test_nothing_is_lost_of_a_library_that_is_well(path: Path, chats: list[list[Message]]) -> None:
    saved, aside = save_readable(path)
    assert aside is not None
    assert saved == Salvaged(CHATS, CHATS * (MESSAGES + 1), 0, 0, 0)
    library, before = Library(path), Library(aside)
    while library.catch_up():
        pass
    assert library.check() == []
    for messages in chats:
        chat_id = messages[0].conversation
        assert library.copies.take(chat_id) == before.copies.take(chat_id)
        assert library.branches.restore_last(chat_id) is not None
    library.close()
    before.close()


def test_around_what_is_lost_the_chats_stay_whole(path: Path, chats: list[list[Message]]) -> None:
    destroy(path, "chat 3 message 7.", "chat 8 message 2.")
    assert not is_sound(path)
    saved, aside = save_readable(path)
    assert aside is not None
    assert saved.conversations == CHATS
    assert saved.placeholders >= 2
    assert (saved.gone, saved.rebuilt) == (0, 0)
    assert saved.messages + saved.placeholders == CHATS * (MESSAGES + 1)
    library = Library(path)
    assert library.check() == []
    lost = 0
    for messages in chats:
        ids = [message.id for message in messages]
        found = library.messages(ids)
        assert [one.parent for one in found] == [one.parent for one in messages]
        for one, message in zip(found, messages, strict=True):
            if one != message:
                lost += 1
                assert LOST in (one.text, one.error.text if one.error else "")
        assert library.conversation(messages[0].conversation).message_count == MESSAGES
    assert 2 <= lost <= saved.placeholders
    library.close()
    assert aside.exists()
    assert sorted(aside.parent.glob("*.repaired*")) == []


@pytest.mark.parametrize("lost", [1, 2], ids=["the first", "all"])
def test_a_lost_message_has_the_time_of_those_beside_it(path: Path, lost: int) -> None:
    library = Library(path)
    tides = chat("Tides", NOON)
    question = said(tides, "Why? " * 2000, at=NOON + MINUTE)
    answer = reply(question, "So. " * 2000, Status.COMPLETE, NOON + 2 * MINUTE)
    library.begin_turn([question, answer], tides)
    library.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        # A row with a time that is none is not taken; its place stands in the tree's index.
        connection.execute("UPDATE messages SET created = 'x' WHERE number <= ?", (lost,))
    saved, _ = save_readable(path)
    assert saved.placeholders == lost
    library = Library(path)
    found = library.messages([question.id, answer.id])
    assert {one.created for one in found} == {answer.created if lost == 1 else tides.created}
    library.close()


def test_a_chat_whose_row_is_lost_is_made_anew(path: Path, chats: list[list[Message]]) -> None:
    destroy(path, "Chat 5")
    saved, _ = save_readable(path)
    assert saved.rebuilt >= 1
    library = Library(path)
    assert library.check() == []
    found = library.conversation(chats[5][0].conversation)
    assert (found.title, found.message_count) == (RECOVERED, MESSAGES)
    assert found.updated == chats[5][0].created
    library.close()


def test_half_a_file(path: Path, chats: list[list[Message]]) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2 // PAGE * PAGE])
    saved, aside = save_readable(path)
    assert aside is not None
    assert saved.messages > 0
    library = Library(path)
    assert library.check() == []
    library.close()
    assert aside.stat().st_size < len(content)


def test_of_what_is_no_database_nothing_is_saved_and_nothing_touched(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(ChatError, match=r"Nothing of .* can be read"):
        save_readable(path)
    assert path.read_bytes() == b"Dear diary, " * 1000
    assert [file.name for file in path.parent.iterdir() if file.is_file()] == [path.name]


def test_back_to_the_newest_sound_copy(path: Path, chats: list[list[Message]]) -> None:
    old = back_up(path)
    library = Library(path)
    library.create(chat("Since then"))
    library.close()
    newer = back_up(path)
    destroy(newer, "chat 3 message 7.")
    destroy(path, "chat 3 message 7.")
    sound = newest_sound(path)
    assert sound is not None
    assert sound.path == old
    with pytest.raises(ChatError, match="no whole library"):
        restore(path, newer)
    other = path.with_name("places.sqlite")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE places (url TEXT)")
    with pytest.raises(ChatError, match="no whole library"):
        restore(path, other)
    aside = restore(path, old)
    assert aside is not None
    library = Library(path)
    assert library.check() == []
    assert library.size().conversations == CHATS
    library.close()
    assert old.exists()
    assert path.stat().st_mode & 0o777 == 0o600


def test_where_the_library_is_gone_a_copy_comes_back(
    path: Path, chats: list[list[Message]]
) -> None:
    copy = back_up(path)
    path.unlink()
    assert restore(path, copy) is None
    library = Library(path)
    assert library.size().conversations == CHATS
    library.close()


def test_the_log_of_a_library_that_is_gone_is_not_taken_for_the_copy_s(
    path: Path, chats: list[list[Message]]
) -> None:
    copy = back_up(path)
    library = Library(path)
    library.create(chat("Since then"))
    log = path.with_name(f"{path.name}-wal").read_bytes()
    library.close()
    path.unlink()
    path.with_name(f"{path.name}-wal").write_bytes(log)
    kept = restore(path, copy)
    assert kept is not None
    assert kept.read_bytes() == log
    library = Library(path)
    assert library.size().conversations == CHATS
    assert library.check() == []
    library.close()


def test_not_while_another_chinwag_has_it_open(path: Path, chats: list[list[Message]]) -> None:
    copy = back_up(path)
    library = Library(path)
    for attempt in (lambda: save_readable(path), lambda: restore(path, copy)):
        with pytest.raises(ChatError, match="open in another window"):
            attempt()
    assert library.check() == []
    library.close()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            "INSERT INTO message_words (message_words) VALUES ('delete-all')",
            ": 252 missing from it.",
        ),
        ("DELETE FROM message_words_docsize WHERE id = 7", ": 1 missing from it."),
        (
            "UPDATE message_words_docsize SET sz = x'05' WHERE id = 7",
            ": 1 in it with another number of words.",
        ),
        ("INSERT INTO message_words_docsize VALUES (5000, x'01')", ": 1 in it but not there."),
        ("DELETE FROM message_words_data WHERE id > 10", "is damaged"),
        # The last of the three: the beginnings of words with three letters.
        (
            "DELETE FROM message_words_data WHERE id = (SELECT max(id) FROM message_words_data)",
            "is damaged",
        ),
    ],
)
def test_the_search_index_is_made_anew(
    path: Path, chats: list[list[Message]], damage: str, told: str
) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(damage)
    database = Database(path)
    assert database.check_file() == []
    found = database.check_index()
    assert told in found[0]
    database.close()
    assert repair_index(path) == []
    library = Library(path)
    assert library.search(parse_query("message"), limit=1)
    library.close()


def test_looking_at_the_search_index_holds_up_nobody(
    path: Path, chats: list[list[Message]], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def words_while_another_writes(text: str) -> list[str]:
        with closing(sqlite3.connect(path, timeout=0)) as other, other:
            other.execute("UPDATE conversations SET draft = 'so far'")
        written.append(text)
        return words(text)

    monkeypatch.setattr(word_index, "words", words_while_another_writes)
    database = Database(path)
    assert database.check_index() == []
    assert len(written) == CHATS * (MESSAGES + 1)
    database.close()
