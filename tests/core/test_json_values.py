"""The names and values of the JSON that commands print, field by field: a contract."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.conversation import Conversation, Parameters
from tui.core.errors import ErrorInfo, ErrorKind
from tui.core.json_values import (
    conversation_value,
    message_value,
    reply_value,
    time_value,
    to_json,
    whole_conversation_value,
)
from tui.core.message import Attachment, Message, Role, Status
from tui.core.safe import shown
from tui.core.usage import Usage

MORNING = datetime(2026, 3, 12, 9, 30, 0, 250_000, UTC)
NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)

CONVERSATION = Conversation(
    id="3f2a",
    title="Tides",
    created=MORNING,
    updated=NOON,
    model="gpt-4o",
    endpoint="openai",
    system_prompt="Be brief.",
    parameters=Parameters(temperature=0.7, stream=False),
    pinned=True,
    tags=("sea", "moon"),
    message_count=2,
)
QUESTION = Message(
    id="a1",
    conversation="3f2a",
    parent=None,
    role=Role.USER,
    text="Why?",
    created=MORNING,
    attachments=(Attachment("notes.md", "text/markdown", 9, "# Notes\n"),),
)
REPLY = Message(
    id="b2",
    conversation="3f2a",
    parent="a1",
    role=Role.ASSISTANT,
    text="The moon",
    created=MORNING,
    status=Status.FAILED,
    reasoning="Hm.",
    model="gpt-4o",
    endpoint="openai",
    error=ErrorInfo(ErrorKind.BROKEN_STREAM, "The connection ended."),
    notices=("temperature left out",),
    finish_reason="stop",
    usage=Usage(12, 5, cached_input=3, reasoning=2, exact=False),
    cost_usd=0.0004,
    first_token_ms=300,
    total_ms=900,
    request_id="req_1",
)


def test_a_conversation() -> None:
    assert conversation_value(CONVERSATION) == {
        "id": "3f2a",
        "title": "Tides",
        "created": "2026-03-12T09:30:00.250Z",
        "updated": "2026-03-12T12:00:00.000Z",
        "model": "gpt-4o",
        "endpoint": "openai",
        "message_count": 2,
        "pinned": True,
        "tags": ["sea", "moon"],
        "archived": False,
    }


def test_a_whole_conversation_adds_settings_and_every_message() -> None:
    value = whole_conversation_value(CONVERSATION, "b2", [QUESTION, REPLY])
    assert value == {
        **conversation_value(CONVERSATION),
        "system_prompt": "Be brief.",
        "parameters": {"temperature": 0.7, "max_tokens": None, "stream": False},
        "active_leaf": "b2",
        "messages": [message_value(QUESTION), message_value(REPLY)],
    }


def test_a_message_of_the_users_has_no_model_and_nothing_to_count() -> None:
    assert message_value(QUESTION) == {
        "id": "a1",
        "parent": None,
        "role": "user",
        "text": "Why?",
        "reasoning": "",
        "model": None,
        "endpoint": None,
        "status": "complete",
        "error": None,
        "finish_reason": None,
        "usage": None,
        "cost_usd": None,
        "created": "2026-03-12T09:30:00.250Z",
        "first_token_ms": None,
        "total_ms": None,
        "attachments": [
            {"name": "notes.md", "media_type": "text/markdown", "size": 9, "text": "# Notes\n"}
        ],
        "request_id": None,
    }


def test_a_reply_says_how_it_went_and_where_it_is() -> None:
    assert reply_value(REPLY) == {
        "id": "b2",
        "parent": "a1",
        "role": "assistant",
        "text": "The moon",
        "reasoning": "Hm.",
        "model": "gpt-4o",
        "endpoint": "openai",
        "status": "failed",
        "error": {"kind": "broken_stream", "text": "The connection ended."},
        "finish_reason": "stop",
        "usage": {"input": 12, "cached_input": 3, "output": 5, "reasoning": 2, "exact": False},
        "cost_usd": 0.0004,
        "created": "2026-03-12T09:30:00.250Z",
        "first_token_ms": 300,
        "total_ms": 900,
        "attachments": [],
        "request_id": "req_1",
        "conversation": "3f2a",
    }


def test_times_are_in_utc_whatever_zone_they_come_in() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert time_value(MORNING.astimezone(tokyo)) == "2026-03-12T09:30:00.250Z"


@pytest.mark.parametrize("ascii_only", [False, True])
@given(st.text(st.characters(exclude_categories=())))  # halves of surrogate pairs too
def test_json_keeps_every_character_and_none_of_them_acts(ascii_only: bool, text: str) -> None:
    written = to_json({"text": text}, ascii_only=ascii_only)
    # Two halves side by side are one character to JSON.
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert json.loads(written) == {"text": joined}
    assert shown(written) == written
    written.encode("ascii" if ascii_only else "utf-8")


def test_letters_of_all_languages_stand_as_they_are() -> None:
    assert to_json("Größe 潮汐 🌊") == '"Größe 潮汐 🌊"'
    assert to_json("潮", ascii_only=True) == '"\\u6f6e"'
