"""What a library holds, as JSON: the names that commands print and exports hold, in one place.

What a command finds elsewhere (endpoints, models, files) has its names in the command's own module.
These names are a contract: one may be added, none changes its meaning or goes. What is unknown or
does not apply is null, never left out. Times are ISO 8601 in UTC with milliseconds and a `Z`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from tui.core.conversation import Conversation, Parameters
from tui.core.errors import ErrorInfo
from tui.core.hit import Hit
from tui.core.message import Attachment, Message
from tui.core.safe import shown
from tui.core.spending import (
    DayOfModel,
    ModelUsage,
    Spread,
    Tally,
    by_day,
    by_endpoint,
    total,
)
from tui.core.usage import Usage

JsonObject = dict[str, object]


def to_json(value: object, *, ascii_only: bool = False) -> str:
    """`value` as indented JSON that a terminal can show and every encoding of Unicode can carry.

    Letters of all languages stand as they are. What `tui.core.safe` would replace (bidirectional
    controls, C1, halves of surrogate pairs) is written as an escape: the value is the same.

    Args:
        value: made by the functions below.
        ascii_only: escape all other letters too.
    """
    text = json.dumps(value, ensure_ascii=ascii_only, indent=2)
    safe = shown(text)
    if safe == text:
        return text
    return "".join(
        character if character == picture else f"\\u{ord(character):04x}"
        for character, picture in zip(text, safe, strict=True)
    )


def time_value(moment: datetime) -> str:
    """`2026-03-12T09:30:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def conversation_value(conversation: Conversation) -> JsonObject:
    """A conversation as `chinwag chats` lists it.

    `message_count` counts the messages of all branches but the deleted; `updated` is when the last
    message changed.
    """
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created": time_value(conversation.created),
        "updated": time_value(conversation.updated),
        "model": conversation.model,
        "endpoint": conversation.endpoint,
        "message_count": conversation.message_count,
        "pinned": conversation.pinned,
        "tags": list(conversation.tags),
        "archived": conversation.archived,
    }


def whole_conversation_value(
    conversation: Conversation, active_leaf: str | None, messages: Iterable[Message]
) -> JsonObject:
    """A conversation as `chinwag show` prints it: with its settings and every branch.

    Args:
        conversation: its values; `system_prompt` is null where the config's default holds.
        active_leaf: the id of the message at the end of the branch it was left on.
        messages: all of them, parents before their children.
    """
    return {
        **conversation_value(conversation),
        "system_prompt": conversation.system_prompt,
        "parameters": parameters_value(conversation.parameters),
        "active_leaf": active_leaf,
        "messages": [message_value(message) for message in messages],
    }


def parameters_value(parameters: Parameters) -> JsonObject:
    """Parameters; null in each place where the chat has none of its own."""
    return {
        "temperature": parameters.temperature,
        "max_tokens": parameters.max_tokens,
        "stream": parameters.stream,
    }


def message_value(message: Message) -> JsonObject:
    """A message; `model` and `endpoint` are null where no model wrote it."""
    return {
        "id": message.id,
        "parent": message.parent,
        "role": message.role.value,
        "text": message.text,
        "reasoning": message.reasoning,
        "model": message.model or None,
        "endpoint": message.endpoint or None,
        "status": message.status.value,
        "error": error_value(message.error),
        "finish_reason": message.finish_reason,
        "usage": usage_value(message.usage),
        "cost_usd": message.cost_usd,
        "created": time_value(message.created),
        "first_token_ms": message.first_token_ms,
        "total_ms": message.total_ms,
        "attachments": [attachment_value(attachment) for attachment in message.attachments],
        "request_id": message.request_id,
    }


def reply_value(reply: Message) -> JsonObject:
    """A reply as `chinwag ask --json` prints it: with the id of its conversation."""
    return {**message_value(reply), "conversation": reply.conversation}


def hit_value(hit: Hit) -> JsonObject:
    """A message that was found, as `chinwag search` prints it; `snippet` is a line of its text.

    For a chat that was found by its title it is the message at which the chat was left.
    """
    return {
        "conversation": hit.conversation,
        "message": hit.message,
        "title": hit.title,
        "role": hit.role.value,
        "created": time_value(hit.created),
        "snippet": hit.snippet,
    }


def error_value(error: ErrorInfo | None) -> JsonObject | None:
    """Why a reply failed, null where it did not."""
    return None if error is None else {"kind": error.kind.value, "text": error.text}


def usage_value(usage: Usage | None) -> JsonObject | None:
    """Tokens; `exact` is false where they were estimated."""
    if usage is None:
        return None
    return {
        "input": usage.input,
        "cached_input": usage.cached_input,
        "output": usage.output,
        "reasoning": usage.reasoning,
        "exact": usage.exact,
    }


def attachment_value(attachment: Attachment) -> JsonObject:
    """A file that went along; `size` in bytes, `text` null where it was not text."""
    return {
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "text": attachment.text,
    }


def usage_report_value(
    since: date | None, until: date, days: Sequence[DayOfModel], models: Iterable[ModelUsage]
) -> JsonObject:
    """What replies took, as `chinwag usage` prints it.

    Dates are days of the user's own time zone; `since` is null where all was asked for. `days`
    are those that have something, oldest first; models and endpoints come dearest first.
    """
    return {
        "since": None if since is None else since.isoformat(),
        "until": until.isoformat(),
        "total": tally_value(total(one.tally for one in days)),
        "days": [
            {"date": day.isoformat(), **tally_value(tally)} for day, tally in by_day(days).items()
        ],
        "models": [
            {
                "model": one.model,
                "endpoint": one.endpoint,
                **tally_value(one.tally),
                "first_token_ms": spread_value(one.pace.first_token_ms),
                "tokens_per_second": spread_value(one.pace.tokens_per_second),
            }
            for one in models
        ],
        "endpoints": [
            {"endpoint": endpoint, **tally_value(tally)}
            for endpoint, tally in by_endpoint(days).items()
        ],
    }


def tally_value(tally: Tally) -> JsonObject:
    """What a number of replies took.

    `replies` are those whose tokens are known, `estimated` of them by an estimate; `uncounted`
    are others, of which no tokens are known. `cost_usd` is the sum of the costs that are known,
    null where none is; `cost_estimated` of these replies have an estimated one, and of
    `cost_unknown` of the `replies` none is known.
    """
    return {
        "replies": tally.replies,
        "estimated": tally.estimated,
        "uncounted": tally.uncounted,
        "input": tally.input,
        "cached_input": tally.cached_input,
        "output": tally.output,
        "reasoning": tally.reasoning,
        "cost_usd": tally.cost_usd,
        "cost_estimated": tally.cost_estimated,
        "cost_unknown": tally.cost_unknown,
    }


def spread_value(spread: Spread | None) -> JsonObject | None:
    """How measured values lie; `replies` is how many were measured. Null where none was."""
    if spread is None:
        return None
    return {"replies": spread.count, "median": spread.median, "p90": spread.p90}
