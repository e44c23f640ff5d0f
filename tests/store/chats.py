"""Chats and messages to test with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tui.core.conversation import Conversation
from tui.core.ids import new_id
from tui.core.message import Message, Role, Status

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
