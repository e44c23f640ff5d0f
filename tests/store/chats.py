"""Chats and messages to test with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tui.core.conversation import Conversation
from tui.core.ids import new_id
from tui.core.message import Message, Role, Status
from tui.core.query import parse_query
from tui.store.library import Library

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def chat(
    title: str = "Tides", updated: datetime = NOON, chat_id: str | None = None
) -> Conversation:
    return Conversation(chat_id or new_id(), title, NOON, updated, "gpt-4o", "openai")


def said(
    conversation: Conversation, text: str, after: Message | None = None, at: datetime = NOON
) -> Message:
    parent = None if after is None else after.id
    return Message(new_id(), conversation.id, parent, Role.USER, text, at)


def reply(
    to: Message, text: str = "", status: Status = Status.PENDING, at: datetime = NOON
) -> Message:
    return Message(
        new_id(), to.conversation, to.id, Role.ASSISTANT, text, at, status, model="gpt-4o"
    )


def begun(library: Library, title: str = "Tides") -> tuple[Conversation, Message, Message]:
    """A new chat with a question and its pending reply, saved."""
    conversation = chat(title)
    question = said(conversation, "Why two tides a day?")
    answer = reply(question)
    library.begin_turn([question, answer], conversation)
    return conversation, question, answer


def keep(library: Library, *texts: str, title: str = "About") -> tuple[Conversation, list[Message]]:
    """A chat of a question and its replies, the others beside the first one."""
    conversation = chat(title)
    question = said(conversation, texts[0])
    messages = [question, *(reply(question, text, Status.COMPLETE) for text in texts[1:])]
    library.begin_turn(messages, conversation)
    return conversation, messages


def found(library: Library, typed: str, *, here: str | None = None) -> list[str]:
    """Ids of the messages that are found."""
    return [
        hit.message for hit in library.search(parse_query(typed), limit=100, in_conversation=here)
    ]
