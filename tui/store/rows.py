"""Values to rows and back: the only place that knows how a value lies in its columns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tui.core.conversation import Conversation, Parameters
from tui.core.errors import ErrorInfo, ErrorKind
from tui.core.message import Attachment, Message, Role, Status
from tui.core.safe import storable
from tui.core.usage import Usage

Value = str | int | float | None

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(moment: datetime) -> int:
    """`moment` (with a time zone) as it is stored."""
    return (moment - _EPOCH) // _MILLISECOND


def moment(stored: int) -> datetime:
    """The UTC time of what is stored."""
    return _EPOCH + stored * _MILLISECOND


def _moment_or_none(stored: int | None) -> datetime | None:
    return None if stored is None else moment(stored)


def _storable_or_none(text: str | None) -> str | None:
    return None if text is None else storable(text)


def conversation_values(conversation: Conversation) -> dict[str, Value]:
    """The columns of a conversation's own row."""
    deleted_at = conversation.deleted_at
    return {
        "id": conversation.id,
        "title": storable(conversation.title),
        "titled": conversation.titled,
        "created": milliseconds(conversation.created),
        "updated": milliseconds(conversation.updated),
        "model": storable(conversation.model),
        "endpoint": storable(conversation.endpoint),
        "pinned": conversation.pinned,
        "archived": conversation.archived,
        "deleted_at": None if deleted_at is None else milliseconds(deleted_at),
        "active_leaf": conversation.active_leaf,
        "unread": conversation.unread,
        "system_prompt": _storable_or_none(conversation.system_prompt),
        "draft": storable(conversation.draft),
        **parameter_values(conversation.parameters),
    }


def parameter_values(parameters: Parameters) -> dict[str, Value]:
    """The columns of a conversation's parameters."""
    return {
        "temperature": parameters.temperature,
        "max_tokens": parameters.max_tokens,
        "stream": parameters.stream,
    }


def conversation_from(row: sqlite3.Row) -> Conversation:
    """The conversation of a row, with `tags` (a JSON array) and `streaming` beside its columns."""
    return Conversation(
        id=row["id"],
        title=row["title"],
        titled=bool(row["titled"]),
        created=moment(row["created"]),
        updated=moment(row["updated"]),
        model=row["model"],
        endpoint=row["endpoint"],
        system_prompt=row["system_prompt"],
        parameters=Parameters(
            row["temperature"],
            row["max_tokens"],
            None if row["stream"] is None else bool(row["stream"]),
        ),
        pinned=bool(row["pinned"]),
        archived=bool(row["archived"]),
        deleted_at=_moment_or_none(row["deleted_at"]),
        tags=tuple(json.loads(row["tags"])),
        draft=row["draft"],
        active_leaf=row["active_leaf"],
        unread=bool(row["unread"]),
        message_count=row["message_count"],
        streaming=bool(row["streaming"]),
    )


def text_values(text: str, reasoning: str) -> dict[str, Value]:
    """The columns of what a message says."""
    return {"text": storable(text), "reasoning": storable(reasoning), "size": len(text)}


def outcome_values(message: Message) -> dict[str, Value]:
    """The columns that a message's end settles."""
    error, usage = message.error, message.usage
    return {
        "status": message.status.value,
        "model": storable(message.model),
        "endpoint": storable(message.endpoint),
        "finish_reason": _storable_or_none(message.finish_reason),
        "tokens_input": usage.input if usage else None,
        "tokens_cached": usage.cached_input if usage else None,
        "tokens_output": usage.output if usage else None,
        "tokens_reasoning": usage.reasoning if usage else None,
        "tokens_exact": usage.exact if usage else None,
        "cost_usd": message.cost_usd,
        "first_token_ms": message.first_token_ms,
        "reasoning_ms": message.reasoning_ms,
        "total_ms": message.total_ms,
        "request_id": _storable_or_none(message.request_id),
        "error_kind": error.kind.value if error else None,
        "error_text": storable(error.text) if error else None,
        "notices": json.dumps([storable(notice) for notice in message.notices]),
        **text_values(message.text, message.reasoning),
    }


def message_values(message: Message) -> dict[str, Value]:
    """All columns of a message but its number and owner."""
    return {
        "id": message.id,
        "conversation": message.conversation,
        "parent": message.parent,
        "role": message.role.value,
        "created": milliseconds(message.created),
        **outcome_values(message),
    }


def attachment_values(attachment: Attachment) -> tuple[Value, ...]:
    """Name, media type, size and text of an attachment, as they are stored."""
    return (
        storable(attachment.name),
        storable(attachment.media_type),
        attachment.size,
        _storable_or_none(attachment.text),
    )


def message_from(row: sqlite3.Row, attachments: Iterable[Attachment]) -> Message:
    """The message of a row, with `branch_name` beside its columns."""
    error = usage = None
    if row["error_kind"] is not None:
        error = ErrorInfo(ErrorKind(row["error_kind"]), row["error_text"])
    if row["tokens_input"] is not None:
        usage = Usage(
            input=row["tokens_input"],
            output=row["tokens_output"],
            cached_input=row["tokens_cached"],
            reasoning=row["tokens_reasoning"],
            exact=bool(row["tokens_exact"]),
        )
    return Message(
        id=row["id"],
        conversation=row["conversation"],
        parent=row["parent"],
        role=Role(row["role"]),
        text=row["text"],
        created=moment(row["created"]),
        status=Status(row["status"]),
        reasoning=row["reasoning"],
        model=row["model"],
        endpoint=row["endpoint"],
        error=error,
        notices=tuple(json.loads(row["notices"])),
        finish_reason=row["finish_reason"],
        usage=usage,
        cost_usd=row["cost_usd"],
        first_token_ms=row["first_token_ms"],
        reasoning_ms=row["reasoning_ms"],
        total_ms=row["total_ms"],
        request_id=row["request_id"],
        attachments=tuple(attachments),
        branch_name=row["branch_name"] or "",
    )
