"""Sending, what a reply leaves behind, and reading messages back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.chats import MINUTE, NOON, begun, chat, reply, said
from tui.core.errors import ChatError, ErrorInfo, ErrorKind
from tui.core.message import Attachment, Role, Status
from tui.core.tree import Node
from tui.core.usage import Usage
from tui.store.library import Library


class TestTurns:
    def test_sending_moves_the_chat_on(self, library: Library) -> None:
        conversation = replace(chat(), draft="Why two")
        question = said(conversation, "Why two tides a day?", at=NOON + MINUTE)
        answer = reply(question, at=NOON + MINUTE)
        library.begin_turn([question, answer], conversation)
        assert library.conversation(conversation.id) == replace(
            conversation,
            updated=NOON + MINUTE,
            draft="",
            active_leaf=answer.id,
            message_count=2,
            streaming=True,
        )

    def test_a_retry_keeps_the_draft(self, library: Library) -> None:
        conversation, question, answer = begun(library)
        library.change(conversation.id, draft="And the sun?")
        again = reply(question)
        library.begin_turn([again])
        now = library.conversation(conversation.id)
        assert (now.draft, now.active_leaf) == ("And the sun?", again.id)
        assert [node.parent for node in library.nodes(conversation.id)] == [
            None,
            question.id,
            question.id,
        ]
        assert library.messages([answer.id]) == [answer]

    def test_updated_never_goes_back(self, library: Library) -> None:
        conversation, question, answer = begun(library)
        library.begin_turn([reply(question, at=NOON - MINUTE)])
        assert library.conversation(conversation.id).updated == NOON
        library.finish(replace(answer, status=Status.STOPPED))
        after = library.conversation(conversation.id).updated
        assert after > NOON
        library.begin_turn([reply(question)])
        assert library.conversation(conversation.id).updated == after

    def test_all_or_nothing(self, library: Library) -> None:
        conversation = chat()
        question = said(conversation, "Why?")
        orphan = replace(reply(question), parent="nowhere")
        with pytest.raises(ValueError, match="FOREIGN KEY"):
            library.begin_turn([question, orphan], conversation)
        with pytest.raises(ChatError):
            library.conversation(conversation.id)
        assert library.size().messages == 0

    def test_a_parent_is_of_the_same_chat(self, library: Library) -> None:
        conversation, _, _ = begun(library)
        _, _, elsewhere = begun(library)
        with pytest.raises(ValueError, match="FOREIGN KEY"):
            library.begin_turn([replace(said(conversation, "hm"), parent=elsewhere.id)])

    def test_what_is_no_turn(self, library: Library) -> None:
        one, other = chat(), chat()
        with pytest.raises(ValueError, match="at least one"):
            library.begin_turn([])
        with pytest.raises(ValueError, match="one conversation"):
            library.begin_turn([said(one, "a"), said(other, "b")], one)
        with pytest.raises(ValueError, match="one conversation"):
            library.begin_turn([said(one, "a")], other)
        with pytest.raises(ChatError) as caught:
            library.begin_turn([said(one, "a")])
        assert caught.value.kind is ErrorKind.NO_SUCH_CHAT
        assert library.conversations() == []

    def test_an_id_is_taken_once(self, library: Library) -> None:
        conversation, question, _ = begun(library)
        with pytest.raises(ValueError, match="UNIQUE"):
            library.begin_turn([replace(question, text="something else")])
        assert library.messages([question.id]) == [question]
        assert library.conversation(conversation.id).message_count == 2


class TestReplies:
    def test_the_text_so_far_is_kept(self, library: Library) -> None:
        conversation, _, answer = begun(library)
        library.flush(answer.id, "The mo", "Think: tides")
        assert library.messages([answer.id]) == [
            replace(answer, text="The mo", reasoning="Think: tides", status=Status.STREAMING)
        ]
        assert library.nodes(conversation.id)[1] == Node(answer.id, answer.parent, answer.role, 6)

    def test_every_field_of_the_end_comes_back(self, library: Library) -> None:
        _, _, answer = begun(library)
        done = replace(
            answer,
            text="The moon.",
            reasoning="Think: tides",
            status=Status.FAILED,
            model="gpt-4o-2024-08-06",
            endpoint="azure",
            error=ErrorInfo(ErrorKind.BROKEN_STREAM, "The reply broke off. Retry."),
            notices=("temperature was dropped", "“quoted”\n"),
            finish_reason="stop",
            usage=Usage(10, 20, 5, 7, exact=False),
            cost_usd=0.00125,
            first_token_ms=120,
            total_ms=1500,
            request_id="req_1",
        )
        library.finish(done)
        assert library.messages([answer.id]) == [done]

    @pytest.mark.parametrize("status", [status for status in Status if status.in_flight])
    def test_an_end_is_no_status_in_flight(self, library: Library, status: Status) -> None:
        _, _, answer = begun(library)
        with pytest.raises(ValueError, match="can't be finished"):
            library.finish(replace(answer, status=status))

    def test_a_finished_message_never_changes(self, library: Library) -> None:
        _, question, answer = begun(library)
        done = replace(answer, text="The moon.", status=Status.COMPLETE)
        library.finish(done)
        with pytest.raises(ValueError, match="complete already"):
            library.flush(answer.id, "", "")
        with pytest.raises(ValueError, match="complete already"):
            library.finish(replace(done, text="The sun.", status=Status.STOPPED))
        with pytest.raises(ValueError, match="complete already"):
            library.finish(replace(question, text="Why not?"))
        assert library.messages([question.id, answer.id]) == [question, done]

    def test_a_reply_whose_chat_is_gone(self, library: Library) -> None:
        _, question, _ = begun(library)
        lost = reply(question)
        with pytest.raises(ChatError, match="removed for good") as caught:
            library.flush(lost.id, "text", "")
        assert caught.value.kind is ErrorKind.NO_SUCH_CHAT
        with pytest.raises(ChatError):
            library.finish(replace(lost, status=Status.COMPLETE))

    def test_closing_interrupts_what_is_still_in_flight(self, library: Library, path: Path) -> None:
        closing = Library(path)
        _, _, answer = begun(closing)
        closing.flush(answer.id, "The mo", "")
        closing.close()
        assert library.messages([answer.id]) == [
            replace(answer, text="The mo", status=Status.INTERRUPTED)
        ]

    def test_its_writer_goes_on_with_a_reply_declared_interrupted(
        self, library: Library, path: Path
    ) -> None:
        _, _, answer = begun(library)
        # The folder of locks is gone: to others we look dead.
        for lock in (path.parent / "live").iterdir():
            lock.unlink()
        Library(path).close()
        assert library.messages([answer.id])[0].status is Status.INTERRUPTED
        library.flush(answer.id, "The moon", "")
        assert library.messages([answer.id])[0].status is Status.STREAMING
        library.finish(replace(answer, text="The moon.", status=Status.COMPLETE))
        assert library.messages([answer.id])[0].text == "The moon."


class TestMessages:
    def test_they_come_in_the_order_asked(self, library: Library) -> None:
        _, question, answer = begun(library)
        asked = [answer.id, question.id, answer.id]
        assert library.messages(asked) == [answer, question, answer]
        assert library.messages([]) == []

    def test_with_their_attachments(self, library: Library) -> None:
        conversation = chat()
        question = replace(
            said(conversation, "What is this?"),
            attachments=(
                Attachment("b.txt", "text/plain", 6, "sea\r\n\0"),
                Attachment("a.png", "image/png", 70_000),
            ),
        )
        library.begin_turn([question], conversation)
        assert library.messages([question.id]) == [question]

    def test_one_that_is_not_there(self, library: Library) -> None:
        _, question, _ = begun(library)
        with pytest.raises(ChatError, match="beef") as caught:
            library.messages([question.id, "beef"])
        assert caught.value.kind is ErrorKind.NO_SUCH_CHAT

    @pytest.mark.parametrize(
        ("text", "stored"),
        [
            ("a\0b", "a\0b"),
            ("\r\n\u2028\x1b[2J", "\r\n\u2028\x1b[2J"),
            ("🌊e\u0301", "🌊e\u0301"),
            ("lone \ud83c surrogate", "lone ? surrogate"),
            ("x" * 1_000_000, "x" * 1_000_000),
        ],
        ids=["nul", "control", "combining", "surrogate", "megabyte"],
    )
    def test_any_text_can_be_kept(self, library: Library, text: str, stored: str) -> None:
        conversation = chat(text)
        question = said(conversation, text)
        library.begin_turn([question], conversation)
        assert library.conversation(conversation.id).title == stored
        assert library.messages([question.id])[0].text == stored
        assert library.nodes(conversation.id)[0].size == len(text)

    def test_nodes_come_in_the_order_of_creation(self, library: Library) -> None:
        conversation, question, answer = begun(library)
        edited = said(conversation, "Why?")
        again = reply(question)
        library.begin_turn([edited])
        library.begin_turn([again])
        assert library.nodes(conversation.id) == [
            Node(question.id, None, Role.USER, 20),
            Node(answer.id, question.id, Role.ASSISTANT, 0),
            Node(edited.id, None, Role.USER, 4),
            Node(again.id, question.id, Role.ASSISTANT, 0),
        ]
