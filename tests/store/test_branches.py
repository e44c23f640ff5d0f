"""Branches on disk: deleting marks, undoing, emptying; names; forks; two processes at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.chats import MINUTE, NOON, chat, reply, said
from tui.core.conversation import Conversation, Parameters
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Attachment, Message, Status, utc_now
from tui.core.query import parse_query
from tui.core.usage import Usage
from tui.store.copies import Put
from tui.store.library import TRASH_KEPT, Library
from tui.store.schema import MIGRATIONS, migrate


@dataclass
class Forked:
    """A question with two replies, the second talked on and then answered twice.

    q - whales
      - moon - more - yes
                    - no      it was left on this one
    """

    chat: Conversation
    q: Message
    whales: Message
    moon: Message
    more: Message
    yes: Message
    no: Message


@pytest.fixture
def forked(library: Library) -> Forked:
    conversation = chat()
    q = said(conversation, "Why two tides?")
    whales, moon = (reply(q, text, Status.COMPLETE) for text in ("Whales.", "The moon."))
    more = said(conversation, "Only the moon?", moon)
    yes, no = (reply(more, text, Status.COMPLETE) for text in ("Yes.", "No, the sun too."))
    library.begin_turn([q, whales], conversation)
    library.begin_turn([moon])
    library.begin_turn([more, yes])
    library.begin_turn([no])
    return Forked(conversation, q, whales, moon, more, yes, no)


@pytest.fixture
def elsewhere(library: Library) -> Iterator[Library]:
    """The same library in another process."""
    other = Library(library.path)
    yield other
    other.close()


def there(library: Library, forked: Forked) -> list[str]:
    """The texts that are left, and a look at whether all is well."""
    assert library.check() == []
    ids = [node.id for node in library.nodes(forked.chat.id)]
    assert library.conversation(forked.chat.id).message_count == len(ids)
    assert library.conversation(forked.chat.id).active_leaf in ids
    return [message.text for message in library.messages(ids)]


ALL = ["Why two tides?", "Whales.", "The moon.", "Only the moon?", "Yes.", "No, the sun too."]


class TestDeleting:
    def test_a_branch_goes_with_all_that_follows_it(self, library: Library, forked: Forked) -> None:
        assert library.branches.delete(forked.chat.id, forked.moon.id, NOON) == 4
        assert there(library, forked) == ALL[:2]
        # Left on what stands beside it.
        assert library.conversation(forked.chat.id).active_leaf == forked.whales.id

    def test_one_that_it_was_not_left_on_changes_nothing_else(
        self, library: Library, forked: Forked
    ) -> None:
        before = library.conversation(forked.chat.id)
        library.branches.delete(forked.chat.id, forked.yes.id, NOON)
        assert library.conversation(forked.chat.id) == replace(before, message_count=5)

    def test_it_is_found_by_no_search_and_in_no_export(
        self, library: Library, forked: Forked
    ) -> None:
        library.branches.delete(forked.chat.id, forked.moon.id, NOON)
        assert library.search(parse_query("moon"), limit=9) == []
        assert library.search(parse_query("in:this"), limit=9, in_conversation=forked.chat.id)
        texts = [message.text for message in library.copies.take(forked.chat.id).messages]
        assert texts == ALL[:2]

    def test_what_it_cost_was_paid(self, library: Library, forked: Forked) -> None:
        dear = replace(reply(forked.more, "Ebb.", Status.COMPLETE), cost_usd=0.5)
        library.begin_turn([dear])
        library.branches.delete(forked.chat.id, dear.id, NOON)
        assert library.spent(forked.chat.id) == 0.5

    def test_the_last_undone_first(self, library: Library, forked: Forked) -> None:
        library.branches.delete(forked.chat.id, forked.no.id, NOON)
        library.branches.delete(forked.chat.id, forked.moon.id, NOON + MINUTE)
        assert library.branches.restore_last(forked.chat.id) == (forked.moon.id, 3)
        assert there(library, forked) == ALL[:5]
        assert library.branches.restore_last(forked.chat.id) == (forked.no.id, 1)
        assert there(library, forked) == ALL
        assert library.branches.restore_last(forked.chat.id) is None
        assert len(library.search(parse_query("moon"), limit=9)) == 2

    def test_all_there_is_of_a_chat_stays(self, library: Library, forked: Forked) -> None:
        with pytest.raises(ChatError, match="/delete throws the whole chat away") as caught:
            library.branches.delete(forked.chat.id, forked.q.id, NOON)
        assert caught.value.kind is ErrorKind.BRANCH
        other = said(forked.chat, "Why any?")  # the first message edited: now there are two
        library.begin_turn([other])
        library.branches.delete(forked.chat.id, forked.q.id, NOON)
        assert there(library, forked) == ["Why any?"]

    def test_never_while_somebody_writes_in_it(
        self, library: Library, elsewhere: Library, forked: Forked
    ) -> None:
        answer = reply(forked.no)
        elsewhere.begin_turn([answer])
        with pytest.raises(ChatError, match="is being written"):
            library.branches.delete(forked.chat.id, forked.moon.id, NOON)
        assert there(library, forked) == [*ALL, ""]
        elsewhere.finish(replace(answer, status=Status.STOPPED))
        library.branches.delete(forked.chat.id, forked.moon.id, NOON)
        assert there(library, forked) == ALL[:2]

    def test_one_that_another_process_deleted(
        self, library: Library, elsewhere: Library, forked: Forked
    ) -> None:
        elsewhere.branches.delete(forked.chat.id, forked.moon.id, NOON)
        for gone in (forked.moon, forked.no):
            with pytest.raises(ChatError, match="deleted meanwhile"):
                library.branches.delete(forked.chat.id, gone.id, NOON)
            with pytest.raises(ChatError, match="deleted meanwhile"):
                library.branches.fork(forked.chat.id, gone.id, NOON)

    def test_who_still_looks_at_it_can_read_it_but_not_leave_the_chat_on_it(
        self, library: Library, forked: Forked
    ) -> None:
        library.branches.delete(forked.chat.id, forked.moon.id, NOON)
        assert library.messages([forked.no.id]) == [forked.no]
        library.change(forked.chat.id, active_leaf=forked.no.id, draft="And")
        changed = library.conversation(forked.chat.id)
        assert (changed.active_leaf, changed.draft) == (forked.whales.id, "And")

    def test_what_is_written_in_comes_back(self, library: Library, forked: Forked) -> None:
        """What is said now must not go with it."""
        library.branches.delete(forked.chat.id, forked.yes.id, NOON)
        library.branches.delete(forked.chat.id, forked.moon.id, NOON + MINUTE)
        library.begin_turn([said(forked.chat, "Really?", forked.yes)])
        assert there(library, forked) == [*ALL, "Really?"]

    def test_thirty_days_later_it_is_gone_for_good(self, library: Library, forked: Forked) -> None:
        now = utc_now()
        library.branches.delete(forked.chat.id, forked.yes.id, now - TRASH_KEPT * 2)
        library.branches.delete(
            forked.chat.id, forked.moon.id, now - TRASH_KEPT + timedelta(hours=1)
        )
        library.tend(now)
        assert [one.text for one in library.messages([forked.moon.id])] == ["The moon."]
        with pytest.raises(ChatError):
            library.messages([forked.yes.id])
        library.tend(now + timedelta(hours=1, seconds=1))
        with pytest.raises(ChatError):
            library.messages([forked.moon.id])
        assert there(library, forked) == ALL[:2]
        assert library.branches.restore_last(forked.chat.id) is None

    def test_a_clock_set_back_changes_nothing_of_the_order(
        self, library: Library, forked: Forked
    ) -> None:
        library.branches.delete(forked.chat.id, forked.yes.id, NOON + MINUTE)
        library.branches.delete(forked.chat.id, forked.moon.id, NOON - MINUTE)
        library.empty_trash(NOON)
        assert library.branches.restore_last(forked.chat.id) == (forked.moon.id, 3)
        library.empty_trash(NOON + 2 * MINUTE)
        assert there(library, forked) == [text for text in ALL if text != "Yes."]

    def test_a_chat_with_deleted_branches_goes_whole(
        self, library: Library, forked: Forked
    ) -> None:
        library.branches.delete(forked.chat.id, forked.moon.id, NOON)
        library.branches.rename(forked.whales.id, "wild")
        library.delete(forked.chat.id, NOON)
        assert library.empty_trash(NOON + MINUTE) == 1
        assert library.check() == []
        with library._database.reading() as connection:
            for table in ("messages", "deleted_messages", "branch_names"):
                assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


class TestNames:
    def test_a_name_is_given_changed_and_taken_away(self, library: Library, forked: Forked) -> None:
        library.branches.rename(forked.moon.id, "the \n right one\x1b")
        library.branches.rename(forked.whales.id, "wild")
        library.branches.rename(forked.whales.id, "wilder")
        assert library.branches.names(forked.chat.id) == {
            forked.moon.id: "the right one␛",
            forked.whales.id: "wilder",
        }
        assert library.messages([forked.whales.id])[0].branch_name == "wilder"
        library.branches.rename(forked.whales.id, "")
        assert library.messages([forked.whales.id]) == [forked.whales]

    def test_it_comes_along_with_a_copy(
        self, library: Library, forked: Forked, tmp_path: Path
    ) -> None:
        library.branches.rename(forked.moon.id, "the right one")
        whole = library.copies.take(forked.chat.id)
        other = Library(tmp_path / "other.db")
        assert other.copies.put([whole]) == [(Put.ADDED, len(whole.messages))]
        assert other.branches.names(forked.chat.id) == {forked.moon.id: "the right one"}
        other.close()


class TestGlimpses:
    def test_the_first_words_and_what_wrote_them(self, library: Library, forked: Forked) -> None:
        long = reply(forked.more, "\n\n## **Ebb** and `flow`\n" + "x" * 10_000, Status.STOPPED)
        library.begin_turn([long])
        found = library.branches.glimpses([long.id, forked.q.id, "nowhere"])
        assert set(found) == {long.id, forked.q.id}
        assert (found[long.id].text, found[long.id].model) == ("Ebb and flow", "gpt-4o")
        assert (found[long.id].status, found[long.id].created) == (Status.STOPPED, NOON)
        assert (found[forked.q.id].text, found[forked.q.id].model) == ("Why two tides?", "")


class TestForks:
    def test_a_branch_becomes_a_chat_with_all_that_is_known_of_it(self, library: Library) -> None:
        conversation = replace(
            chat(),
            system_prompt="Be brief.",
            parameters=Parameters(0.5, 100, stream=False),
            tags=("sea",),
            pinned=True,
            titled=True,
        )
        q = replace(
            said(conversation, "Why?"), attachments=(Attachment("a.txt", "text/plain", 3, "abc"),)
        )
        first = replace(
            reply(q, "Whales.", Status.TRUNCATED),
            usage=Usage(1, 2),
            cost_usd=0.25,
            total_ms=9,
            finish_reason="length",
        )
        library.begin_turn([q, first], conversation)
        library.begin_turn([reply(q, "The moon.", Status.COMPLETE)])
        library.branches.rename(first.id, "wild")
        library.change(conversation.id, draft="And")
        fork_id = library.branches.fork(conversation.id, first.id, NOON + MINUTE)
        fork = library.conversation(fork_id)
        assert fork == replace(
            conversation,
            id=fork_id,
            title="Tides (fork)",
            created=NOON + MINUTE,
            updated=NOON + MINUTE,
            pinned=False,
            active_leaf=fork.active_leaf,
            message_count=2,
        )
        copies = library.copies.take(fork_id).messages
        assert [replace(one, id="", parent=None, conversation="") for one in copies] == [
            replace(one, id="", parent=None, conversation="") for one in (q, first)
        ]
        assert [one.parent for one in copies] == [None, copies[0].id]
        assert fork.active_leaf == copies[1].id
        assert {one.id for one in copies}.isdisjoint({q.id, first.id})
        found = library.search(parse_query("whales"), limit=9)
        assert [hit.message for hit in found] == [copies[1].id, first.id]
        assert library.conversation(conversation.id).message_count == 3
        assert library.check() == []

    def test_what_is_being_written_is_interrupted_there(
        self, library: Library, forked: Forked
    ) -> None:
        answer = reply(forked.no)
        library.begin_turn([answer])
        library.flush(answer.id, "The su", "")
        fork = library.branches.fork(forked.chat.id, answer.id, NOON)
        last = library.copies.take(fork).messages[-1]
        assert (last.text, last.status) == ("The su", Status.INTERRUPTED)
        assert library.messages([answer.id])[0].status is Status.STREAMING


# Statements on the messages of `Forked`, of which one is deleted and has one after it.
MARK_OF = "SELECT number, conversation, number, 0 FROM messages WHERE text ="
DEEPER = "(SELECT number FROM messages WHERE text = 'Deeper')"
DEEPER_ID = "(SELECT id FROM messages WHERE text = 'Deeper')"
NEW_AFTER = """
    INSERT INTO messages (id, conversation, role, parent, status, created, size, model, endpoint,
        notices, reasoning, text)
    VALUES ('new', (SELECT id FROM conversations), 'user',"""


class TestSchema:
    def test_a_library_from_before_has_all_branches(self, path: Path) -> None:
        path.parent.mkdir(parents=True)
        with closing(sqlite3.connect(path)) as old:
            migrate(old, path, MIGRATIONS[:1])
            with old:
                old.execute(
                    """
                    INSERT INTO conversations (id, title, titled, created, updated, model,
                        endpoint, pinned, archived, unread, draft)
                    VALUES ('c', 'Tides', 0, 0, 0, 'm', 'e', 0, 0, 0, '')
                    """
                )
                for number, parent in ((1, None), (2, "1"), (3, "1")):
                    old.execute(
                        """
                        INSERT INTO messages (number, id, conversation, parent, role, status,
                            created, size, model, endpoint, notices, reasoning, text)
                        VALUES (?, ?, 'c', ?, 'user', 'complete', 0, 1, '', '', '[]', '', 'x')
                        """,
                        (number, str(number), parent),
                    )
        library = Library(path)
        assert library.branches.delete("c", "3", NOON) == 1
        assert [node.id for node in library.nodes("c")] == ["1", "2"]
        assert library.check() == []
        library.close()

    @pytest.mark.parametrize(
        ("statement", "rule"),
        [
            (f"INSERT INTO deleted_messages {MARK_OF} 'Only the moon?'", "what follows a deleted"),
            (f"INSERT INTO deleted_messages {MARK_OF} 'No, the sun too.'", "left on"),
            (f"DELETE FROM deleted_messages WHERE number = {DEEPER}", "what a message follows"),
            (f"UPDATE conversations SET active_leaf = {DEEPER_ID}", "not left on a deleted"),
            (
                f"{NEW_AFTER} {DEEPER_ID}, 'complete', 0, 0, '', '', '[]', '', '')",
                "nothing new follows",
            ),
            ("INSERT INTO branch_names SELECT number, conversation, '' FROM messages", "CHECK"),
        ],
    )
    def test_it_refuses(self, library: Library, forked: Forked, statement: str, rule: str) -> None:
        library.begin_turn([said(forked.chat, "Deeper", forked.whales)])
        library.change(forked.chat.id, active_leaf=forked.no.id)
        library.branches.delete(forked.chat.id, forked.whales.id, NOON)
        with pytest.raises(ValueError, match=rule), library._database.transaction() as connection:
            connection.execute(statement)
        assert library.check() == []
