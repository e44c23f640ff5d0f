"""A whole chat as plain values and back: what JSON and TOML exports hold.

A document is `{"format": "chinwag", "version": 1, "conversations": [...]}`. Each conversation is
what `chinwag show --json` prints (`tui.core.json_values` has those names) and besides:

    conversation: titled       true when a person set the title
                  unread       a reply ended while the chat was not on screen
                  deleted_at   when it was thrown away; null: it was not
                  draft        what was typed and not sent
    message:      reasoning_ms from the first token of reasoning to the first of the answer
                  notices      what was done on the way (a parameter dropped), a list of texts
                  branch_name  what a person called the branch that begins with it; null: nothing

Ids are 16 hexadecimal digits. `messages` has every branch in the order of creation, so a parent
comes before its children; `parent` is null for the first message of a branch, `active_leaf` the end
of the branch the chat was left on. Times are UTC with milliseconds. A reply that was being written
when it was exported is `interrupted`. A branch that was deleted is in no export. What is null may
be missing; a name that is not known is passed over, so that names can be added within a version;
`message_count` is not read.

Invariants: nothing of the moment or the machine goes into an export, so the same chat gives the
same text; whatever `whole_from` returns can be put into a library and is a whole tree.
"""

from __future__ import annotations

from pathlib import PureWindowsPath

from tui.core.conversation import TITLE_MOST, Conversation, Parameters
from tui.core.errors import ErrorInfo, ErrorKind
from tui.core.json_values import (
    JsonObject,
    attachment_value,
    message_value,
    time_value,
    whole_conversation_value,
)
from tui.core.message import Attachment, Message, Role, Status
from tui.core.usage import Usage
from tui.core.whole import WholeConversation, whole_conversation
from tui.store.formats.fields import Fields, unreadable

FORMAT = "chinwag"
VERSION = 1
MODEL_MOST = 1000  # characters of a model's name, or of an endpoint's: what is shown in one line


def whole_value(whole: WholeConversation) -> JsonObject:
    """A chat as plain values."""
    conversation = whole.conversation
    deleted_at = conversation.deleted_at
    return {
        **whole_conversation_value(conversation, conversation.active_leaf, ()),
        "titled": conversation.titled,
        "unread": conversation.unread,
        "deleted_at": None if deleted_at is None else time_value(deleted_at),
        "draft": conversation.draft,
        "messages": [
            {
                **message_value(message),
                "reasoning_ms": message.reasoning_ms,
                "notices": list(message.notices),
                "branch_name": message.branch_name or None,
                "attachments": [attachment_value(one) for one in message.attachments],
            }
            for message in whole.messages
        ],
    }


def check_head(head: object) -> None:
    """Refuse what is no export of chinwag's, or one of a version to come.

    Raises:
        ChatError: it is (kind FILE).
    """
    fields = Fields(head, "the file")
    if fields.text("format") != FORMAT:
        raise unreadable(
            f'This is no export of chinwag\'s: it does not begin with `format` "{FORMAT}"'
        )
    version = fields.count("version")
    if version != VERSION:
        raise unreadable(
            f"This export has version {version}, and this chinwag reads version {VERSION}. "
            "Get a newer chinwag"
            if version > VERSION
            else "This export does not say which version it has"
        )


def whole_from(value: object) -> WholeConversation:
    """The chat of plain values, everything checked.

    Raises:
        ChatError: something in it is of a wrong type or size, or it is no whole tree (kind FILE).
    """
    fields = Fields(value, "the chat")
    conversation = _conversation(fields)
    messages: list[Message] = []
    there: set[str] = set()
    for message_fields in fields.tables("messages", "message"):
        message = _message(message_fields, conversation.id)
        if message.id in there:
            raise unreadable(f"The id of {message_fields.place} is that of another message too")
        if message.parent is not None and message.parent not in there:
            raise unreadable(
                f"The parent of {message_fields.place} does not stand before it, so the messages "
                "are no whole tree"
            )
        there.add(message.id)
        messages.append(message)
    if conversation.active_leaf is not None and conversation.active_leaf not in there:
        raise unreadable("`active_leaf` of the chat is none of its messages")
    return whole_conversation(conversation, messages)


def _conversation(fields: Fields) -> Conversation:
    parameters = fields.table_or_none("parameters")
    title = fields.text("title")
    if len(title) > TITLE_MOST:  # a list of chats holds all titles and tags that it shows
        raise unreadable(f"The chat's title is longer than {TITLE_MOST:,} characters")
    tags = tuple(dict.fromkeys(fields.texts("tags")))
    if sum(map(len, tags)) > TITLE_MOST:
        raise unreadable(f"The chat's tags are longer than {TITLE_MOST:,} characters")
    return Conversation(
        id=fields.identity("id"),
        title=title,
        created=fields.moment("created"),
        updated=fields.moment("updated"),
        model=fields.text("model", most=MODEL_MOST),
        endpoint=fields.text("endpoint", most=MODEL_MOST),
        titled=fields.flag("titled"),
        system_prompt=fields.text_or_none("system_prompt"),
        parameters=Parameters()
        if parameters is None
        else Parameters(
            parameters.number_or_none("temperature"),
            parameters.count_or_none("max_tokens"),
            parameters.flag_or_none("stream"),
        ),
        pinned=fields.flag("pinned"),
        archived=fields.flag("archived"),
        deleted_at=fields.moment_or_none("deleted_at"),
        tags=tags,
        draft=fields.text("draft"),
        active_leaf=fields.identity_or_none("active_leaf"),
        unread=fields.flag("unread"),
    )


def _message(fields: Fields, conversation_id: str) -> Message:
    usage, error = fields.table_or_none("usage"), fields.table_or_none("error")
    return Message(
        id=fields.identity("id"),
        conversation=conversation_id,
        parent=fields.identity_or_none("parent"),
        role=fields.choice("role", Role),
        text=fields.text("text"),
        created=fields.moment("created"),
        status=fields.choice("status", Status, Status.COMPLETE),
        reasoning=fields.text("reasoning"),
        model=fields.text("model", most=MODEL_MOST),
        endpoint=fields.text("endpoint", most=MODEL_MOST),
        error=None
        if error is None
        else ErrorInfo(error.choice("kind", ErrorKind), error.text("text")),
        notices=fields.texts("notices"),
        finish_reason=fields.text_or_none("finish_reason"),
        usage=None
        if usage is None
        else Usage(
            input=usage.count("input"),
            output=usage.count("output"),
            cached_input=usage.count("cached_input"),
            reasoning=usage.count("reasoning"),
            exact=usage.flag("exact"),
        ),
        cost_usd=fields.number_or_none("cost_usd"),
        first_token_ms=fields.count_or_none("first_token_ms"),
        reasoning_ms=fields.count_or_none("reasoning_ms"),
        total_ms=fields.count_or_none("total_ms"),
        request_id=fields.text_or_none("request_id"),
        attachments=tuple(map(_attachment, fields.tables("attachments", "attachment"))),
        branch_name=fields.text("branch_name", most=TITLE_MOST),
    )


def _attachment(fields: Fields) -> Attachment:
    return Attachment(
        name=_file_name(fields.text("name")),
        media_type=fields.text("media_type"),
        size=fields.count("size"),
        text=fields.text_or_none("text"),
    )


def _file_name(text: str) -> str:
    """Whoever wrote the file may have put a path here; what is kept is a name.

    In most systems a name may have a backslash in it. It is a path where it leads somewhere.
    """
    last = text.rpartition("/")[2]
    path = PureWindowsPath(last)
    return path.name if path.root or ".." in path.parts[:-1] else last
