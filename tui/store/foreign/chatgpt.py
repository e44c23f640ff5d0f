"""A chat of ChatGPT's, as its account export has it.

`conversations.json` (since 2026 `conversations-000.json` and so on) is an array of chats. Each has
a `mapping` of nodes by their ids, each with its `parent`, its `children` and a `message`; edits and
retries are siblings; `current_node` is where the chat was left. Times are seconds since 1970. See
`tui.store.foreign.chatgpt_content` for where this is known from.

What people never saw there stays out: nodes without a message, messages hidden from the view, those
without weight that system or a tool wrote. Their own instructions become the chat's system prompt,
which is what ChatGPT did with them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tui.core.conversation import Conversation
from tui.core.errors import ChatError
from tui.core.ids import derived_id
from tui.core.message import Role, Status, utc_now
from tui.core.whole import WholeConversation
from tui.store.foreign.branches import Said, assembled
from tui.store.foreign.chatgpt_content import (
    attachments_in,
    document_in,
    done_in,
    instructions_in,
    said_in,
)
from tui.store.foreign.values import items, moment, seconds, table, text, title
from tui.store.formats.fields import unreadable

NAME = "chatgpt"
_ENDS = {
    "max_tokens": (Status.TRUNCATED, "length"),
    "interrupted": (Status.STOPPED, None),
    "finished_partial_completion": (Status.STOPPED, None),
    "in_progress": (Status.INTERRUPTED, None),
}


def chat_from(element: bytes) -> WholeConversation:
    """The chat of one element of the array.

    Raises:
        ChatError: it is none (kind FILE).
    """
    try:
        value: object = json.loads(element.decode("utf-8"))
    except RecursionError:
        raise unreadable("It is nested too deeply") from None
    except ValueError:  # UnicodeDecodeError is one
        raise unreadable("It is no JSON") from None
    return chat(value)


def chat(value: object) -> WholeConversation:
    """The chat of a value of JSON.

    Raises:
        ChatError: it is none (kind FILE).
    """
    fields = table(value)
    mapping = fields.get("mapping")
    if not isinstance(mapping, dict):
        raise unreadable("It is no chat of ChatGPT's: it has no `mapping` of messages")
    name = title(fields.get("title"))
    try:
        return _chat(fields, mapping, name)
    except ChatError as error:
        raise ChatError(error.kind, f"“{name}”: {error.text}" if name else error.text) from None


def _chat(fields: Mapping[str, object], mapping: dict[str, object], name: str) -> WholeConversation:
    # Which of the two is there has changed over the years; they are the same.
    source = text(fields.get("conversation_id")) or text(fields.get("id"))
    said = list(_nodes(mapping))
    times = [one.created for one in said if one.created is not None]
    created = moment(fields.get("create_time")) or min(times, default=utc_now())
    updated = moment(fields.get("update_time")) or max(times, default=created)
    model = text(fields.get("default_model_slug"))
    messages = [table(table(node).get("message")) for node in mapping.values()]
    instructions = (instructions_in(table(one.get("content"))) for one in messages)
    return assembled(
        Conversation(
            id=derived_id(NAME, source or next(iter(mapping), "")),
            title=name,
            created=created,
            updated=updated,
            model="" if model == "auto" else model,
            endpoint=NAME,
            titled=bool(name),
            system_prompt=next(filter(None, instructions), None),
            pinned=fields.get("is_starred") is True,
            archived=fields.get("is_archived") is True,
        ),
        said,
        text(fields.get("current_node")),
    )


def _nodes(mapping: dict[str, object]) -> Iterator[Said]:
    """All nodes, siblings in their order."""
    places = {
        child: place
        for node in mapping.values()
        for place, child in enumerate(items(table(node).get("children")))
        if isinstance(child, str)
    }
    for key in sorted(mapping, key=lambda key: places.get(key, 0)):
        node = table(mapping[key])
        parent = node.get("parent")
        yield _said(key, parent if isinstance(parent, str) else None, table(node.get("message")))


def _said(key: str, parent: str | None, message: Mapping[str, object]) -> Said:
    """What a node says."""
    metadata, content = table(message.get("metadata")), table(message.get("content"))
    author = table(message.get("author"))
    role, who = author.get("role"), text(author.get("name"))
    recipient = text(message.get("recipient")) or "all"
    created = moment(message.get("create_time"))
    hidden = metadata.get("is_visually_hidden_from_conversation") is True or (
        message.get("weight") == 0 and role in ("system", "tool")
    )
    nothing = Said(key, parent, None, created=created)
    if hidden or content.get("content_type") in ("user_editable_context", "model_editable_context"):
        return nothing
    attachments = attachments_in(content, metadata)
    if role in ("user", "system"):
        speaker = Role.USER if role == "user" else Role.SYSTEM
        said = said_in(content, metadata)
        return Said(key, parent, speaker, said, created, attachments=attachments)
    if role not in ("assistant", "tool"):
        return nothing
    model = text(metadata.get("model_slug"))
    document = document_in(content, recipient) if role == "assistant" else None
    thinking = content.get("content_type") in ("thoughts", "reasoning_recap")
    if role == "assistant" and recipient == "all" and not thinking:
        document = said_in(content, metadata)
    if document is not None:
        return _reply(Said(key, parent, Role.ASSISTANT, document, created, model=model,
                           attachments=attachments), message, metadata)  # fmt: skip
    done = f"`{who or 'A tool'}` answered:" if role == "tool" else f"Asked `{recipient}`:"
    return Said(
        key,
        parent,
        Role.TOOL,
        done_in(content, done),
        created,
        reasoning_ms=seconds(metadata.get("finished_duration_sec")),
        model=model,
        attachments=attachments,
    )


def _reply(said: Said, message: Mapping[str, object], metadata: Mapping[str, object]) -> Said:
    """The same, with how it ended; one without any words or files says nothing."""
    if not said.text.strip() and not said.attachments:
        return replace(said, role=None)
    ended = text(table(metadata.get("finish_details")).get("type"))
    status, finish_reason = _ENDS.get(ended) or _ENDS.get(
        text(message.get("status")), (Status.COMPLETE, None)
    )
    return replace(said, status=status, finish_reason=finish_reason)
