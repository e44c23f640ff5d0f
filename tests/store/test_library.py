"""What the library keeps, and how it is asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.chats import MINUTE, NOON, begun, chat, said
from tui.core.conversation import Conversation, Parameters
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Attachment, Status
from tui.store.database import IN_MEMORY
from tui.store.library import Library


class TestConversations:
    def test_every_field_comes_back(self, library: Library) -> None:
        conversation = Conversation(
            id="0123456789abcdef",
            title="Tides 🌊",
            created=NOON,
            updated=NOON + MINUTE,
            model="llama3.2",
            endpoint="ollama",
            titled=True,
            system_prompt="Be brief.",
            parameters=Parameters(0.5, 100, False),
            pinned=True,
            archived=True,
            deleted_at=NOON + 2 * MINUTE,
            tags=("sea", "moon"),
            draft="And the\nsun?",
            unread=True,
        )
        library.create(conversation)
        assert library.conversation(conversation.id) == conversation

    def test_parameters_that_are_not_set_stay_so(self, library: Library) -> None:
        conversation = chat()
        library.create(conversation)
        assert library.conversation(conversation.id).parameters == Parameters()
        assert library.conversation(conversation.id).system_prompt is None

    def test_an_unknown_one_is_an_error_in_plain_words(self, library: Library) -> None:
        with pytest.raises(ChatError, match="There is no chat beef") as caught:
            library.conversation("beef")
        assert caught.value.kind is ErrorKind.NO_SUCH_CHAT

    def test_the_same_id_twice_is_refused(self, library: Library) -> None:
        library.create(chat(chat_id="aa"))
        with pytest.raises(ValueError, match="UNIQUE"):
            library.create(chat(chat_id="aa"))

    def test_a_leaf_that_is_not_there_is_refused(self, library: Library) -> None:
        with pytest.raises(ValueError, match="FOREIGN KEY"):
            library.create(replace(chat(), active_leaf="nowhere"))
        assert library.conversations() == []


class TestListing:
    def test_newest_first_in_pages(self, library: Library) -> None:
        # Two of each time: the id decides between them, so that no page skips or repeats one.
        made = [
            chat(str(n), updated=NOON + n // 2 * MINUTE, chat_id=f"{n:016x}") for n in range(10)
        ]
        for conversation in made:
            library.create(conversation)
        pages = [library.conversations(limit=4)]
        while pages[-1]:
            pages.append(library.conversations(limit=4, before=pages[-1][-1]))
        assert [len(page) for page in pages] == [4, 4, 2, 0]
        assert [one for page in pages for one in page] == made[::-1]
        assert library.latest() == made[-1]

    def test_archived_ones_are_a_list_of_their_own(self, library: Library) -> None:
        kept, put_away = chat("kept"), chat("put away")
        library.create(kept)
        library.create(replace(put_away, archived=True))
        assert [one.title for one in library.conversations()] == ["kept"]
        assert [one.title for one in library.conversations(archived=True)] == ["put away"]

    def test_an_empty_library_has_no_latest(self, library: Library) -> None:
        assert library.latest() is None

    def test_counts_and_streaming(self, library: Library) -> None:
        conversation, _, answer = begun(library)
        (listed,) = library.conversations()
        assert (listed.message_count, listed.streaming) == (2, True)
        library.finish(replace(answer, text="The moon.", status=Status.COMPLETE))
        (listed,) = library.conversations()
        assert (listed.id, listed.message_count, listed.streaming) == (conversation.id, 2, False)


class TestResolving:
    def test_a_prefix_that_only_one_has(self, library: Library) -> None:
        library.create(chat(chat_id="ab12cd34"))
        library.create(chat(chat_id="ffff0000"))
        assert library.resolve("ab") == "ab12cd34"
        assert library.resolve(" FFFF ") == "ffff0000"

    def test_several_are_named_with_their_titles(self, library: Library) -> None:
        for n in range(7):
            library.create(chat(f"Chat {n}\x1b[2J", chat_id=f"ab{n}"))
        with pytest.raises(ChatError) as caught:
            library.resolve("ab")
        assert caught.value.kind is ErrorKind.NO_SUCH_CHAT
        assert "ab0 (Chat 0␛[2J), " in caught.value.text
        assert "ab4 (Chat 4␛[2J) and more" in caught.value.text
        assert "ab5" not in caught.value.text

    def test_a_whole_id_wins_over_longer_ones(self, library: Library) -> None:
        library.create(chat(chat_id="ab1"))
        library.create(chat(chat_id="ab12"))
        assert library.resolve("ab1") == "ab1"

    @pytest.mark.parametrize("prefix", ["c", "", "  ", "%", "*", "\udc80"])
    def test_none_is_an_error(self, library: Library, prefix: str) -> None:
        library.create(chat(chat_id="ab1"))
        with pytest.raises(ChatError, match="chinwag chats") as caught:
            library.resolve(prefix)
        assert caught.value.kind is ErrorKind.NO_SUCH_CHAT

    def test_the_trash_counts_only_where_no_other_matches(self, library: Library) -> None:
        library.create(replace(chat(chat_id="ab1"), deleted_at=NOON))
        assert library.resolve("ab") == "ab1"
        library.create(chat(chat_id="ab2"))
        assert library.resolve("ab") == "ab2"


class TestChanging:
    def test_only_what_is_named_changes(self, library: Library) -> None:
        conversation, question, _ = begun(library)
        before = library.conversation(conversation.id)
        library.change(
            conversation.id,
            title="Moon",
            titled=True,
            model="gpt-4o-mini",
            endpoint="azure",
            system_prompt="",
            parameters=Parameters(stream=False),
            pinned=True,
            archived=True,
            tags=("b", "a", "b"),
            draft="\ud800",
            active_leaf=question.id,
            unread=True,
        )
        assert library.conversation(conversation.id) == replace(
            before,
            title="Moon",
            titled=True,
            model="gpt-4o-mini",
            endpoint="azure",
            system_prompt="",
            parameters=Parameters(stream=False),
            pinned=True,
            archived=True,
            tags=("b", "a"),
            draft="?",
            active_leaf=question.id,
            unread=True,
        )

    def test_two_processes_do_not_undo_each_other(self, library: Library, path: Path) -> None:
        conversation, _, _ = begun(library)
        other = Library(path)
        library.change(conversation.id, title="Mine")
        other.change(conversation.id, draft="theirs", tags=("theirs",))
        library.change(conversation.id, pinned=True)
        other.close()
        now = library.conversation(conversation.id)
        assert (now.title, now.draft, now.tags, now.pinned) == ("Mine", "theirs", ("theirs",), True)

    def test_a_leaf_of_another_chat_is_refused(self, library: Library) -> None:
        conversation, _, answer = begun(library)
        _, elsewhere, _ = begun(library)
        with pytest.raises(ValueError, match="FOREIGN KEY"):
            library.change(conversation.id, title="new", active_leaf=elsewhere.id)
        now = library.conversation(conversation.id)
        assert (now.title, now.active_leaf) == (conversation.title, answer.id)

    def test_a_change_is_no_news(self, library: Library) -> None:
        conversation, _, _ = begun(library)
        library.change(conversation.id, title="Moon")
        assert library.conversation(conversation.id).updated == conversation.updated

    def test_an_unknown_chat_is_an_error(self, library: Library) -> None:
        with pytest.raises(ChatError) as caught:
            library.change("beef", title="Moon")
        assert caught.value.kind is ErrorKind.NO_SUCH_CHAT


class TestTrash:
    def test_deleting_is_a_mark_that_can_be_taken_back(self, library: Library) -> None:
        conversation, question, _ = begun(library)
        library.delete(conversation.id, NOON)
        assert library.conversations() == []
        assert library.conversation(conversation.id).deleted_at == NOON
        library.restore(conversation.id)
        assert [one.id for one in library.conversations()] == [conversation.id]
        assert library.messages([question.id]) == [question]

    def test_emptying_removes_what_was_deleted_before(self, library: Library) -> None:
        old, recent, kept = chat("old"), chat("recent"), chat("kept")
        for conversation in (old, recent, kept):
            first = said(conversation, "one")
            second = replace(
                said(conversation, "two", first), attachments=(Attachment("a", "text/plain", 1),)
            )
            library.begin_turn([first, second], replace(conversation, tags=("sea",)))
        library.delete(old.id, NOON)
        library.delete(recent.id, NOON + MINUTE)
        assert library.empty_trash(NOON + MINUTE) == 1
        assert library.conversation(recent.id).deleted_at == NOON + MINUTE
        with pytest.raises(ChatError):
            library.conversation(old.id)
        assert library.nodes(old.id) == []
        assert (library.size().messages, library.check()) == (4, [])

    def test_a_chat_that_is_written_in_stays(self, library: Library) -> None:
        conversation, _, answer = begun(library)
        library.delete(conversation.id, NOON)
        assert library.empty_trash(NOON + MINUTE) == 0
        library.finish(replace(answer, status=Status.COMPLETE))
        assert library.empty_trash(NOON + MINUTE) == 1

    def test_a_chat_that_is_sent_to_comes_out(self, library: Library) -> None:
        conversation, _, answer = begun(library)
        library.delete(conversation.id, NOON)
        library.begin_turn([said(conversation, "Still there?", answer)])
        assert library.conversation(conversation.id).deleted_at is None

    def test_unknown_chats_are_errors(self, library: Library) -> None:
        with pytest.raises(ChatError, match="There is no chat beef"):
            library.delete("beef", NOON)
        with pytest.raises(ChatError, match="There is no chat beef"):
            library.restore("beef")


def test_what_was_saved_is_there_after_reopening(path: Path) -> None:
    first = Library(path)
    conversation, question, answer = begun(first)
    done = replace(answer, text="The moon.", status=Status.COMPLETE)
    first.finish(done)
    saved = first.conversation(conversation.id)
    first.close()
    second = Library(path)
    assert second.path == path
    assert second.conversations() == [saved]
    assert second.messages([question.id, answer.id]) == [question, done]
    second.close()


def test_one_that_is_only_in_memory_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    library, other = Library(IN_MEMORY), Library(IN_MEMORY)
    conversation, question, answer = begun(library)
    library.flush(answer.id, "The", "")
    assert (library.recover(), library.check()) == (0, [])
    library.finish(replace(answer, text="The moon.", status=Status.COMPLETE))
    assert library.messages([question.id])[0] == question
    assert library.conversation(conversation.id).message_count == 2
    assert other.conversations() == []
    library.close()
    other.close()
    assert list(tmp_path.iterdir()) == []


def test_the_size_of_it_all(library: Library) -> None:
    begun(library)
    thrown_away, _, _ = begun(library)
    library.delete(thrown_away.id, NOON)
    size = library.size()
    assert (size.conversations, size.deleted, size.messages) == (1, 1, 4)
    assert size.size > 4096


def test_data_version_moves_when_another_wrote(library: Library, path: Path) -> None:
    conversation, _, _ = begun(library)
    before = library.data_version()
    library.change(conversation.id, title="mine")
    assert library.data_version() == before
    other = Library(path)
    other.change(conversation.id, title="theirs")
    assert library.data_version() != before
    other.close()
