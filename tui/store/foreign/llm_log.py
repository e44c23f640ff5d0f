"""The chats of Simon Willison's `llm`: `logs.db`, `llm logs path` says where.

Two generations of tables, as simonw/llm made them (llm/migrations.py at f3f4f29):

- until 0.31, `conversations` and `responses` (m010): a response is a prompt and what was answered.
  `attachments` came with m012, `input_tokens` with m013, `fragments` with m015, `tool_calls` and
  `tool_results` with m017, `resolved_model` with m019, `reasoning` with m022;
- since 0.32, `threads` and `turns` over a tree of `messages` with their `parts` (m023), see
  `tui.store.foreign.llm_threads`.

A conversation of the first kind that was gone on with is a thread of the same id, whose messages
begin with what was said before: both are one chat here, each message of it once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tui.core.conversation import Conversation
from tui.core.ids import derived_id
from tui.core.message import Attachment, Role
from tui.core.whole import WholeConversation
from tui.store.foreign import llm_threads
from tui.store.foreign.branches import Chain, Said, assembled, step
from tui.store.foreign.llm_values import attachment, fragment, reply
from tui.store.foreign.sqlite_file import ForeignDatabase, Row
from tui.store.foreign.values import moment, text, title

NAME = "llm"
_NAME_LENGTH = 32  # characters: llm cuts a conversation's name there, which is its first prompt


def is_it(database: ForeignDatabase) -> bool:
    """Whether these are its tables."""
    return database.has("responses", "id", "conversation_id", "prompt", "response") or (
        llm_threads.is_it(database)
    )


def ids(database: ForeignDatabase) -> list[object]:
    """The ids of all conversations and threads."""
    found = [
        one
        for table_name in ("conversations", "threads")
        if database.has(table_name, "id")
        for one in database.ids(table_name)
    ]
    return sorted(dict.fromkeys(found), key=str)


def chat(database: ForeignDatabase, chat_id: object, at: datetime) -> WholeConversation:
    """A chat; `at` is its time where it has none."""
    chain = Chain()
    system, last = _responses(database, chat_id, chain)
    if llm_threads.is_it(database):
        found, tip = llm_threads.add(database, chat_id, chain)
        system, last = system or found, tip or last
    times = [one.created for one in chain.said if one.created is not None]
    created = min(times, default=at)
    named = title(_name(database, chat_id))
    named = "" if len(named) >= _NAME_LENGTH else named
    return assembled(
        Conversation(
            id=derived_id(NAME, text(chat_id)),
            title=named,
            created=created,
            updated=max(times, default=created),
            model="",
            endpoint=NAME,
            titled=bool(named),
            system_prompt=system or None,
        ),
        chain.said,
        last,
    )


def _name(database: ForeignDatabase, chat_id: object) -> object:
    for table_name in ("conversations", "threads"):
        if database.has(table_name, "id", "name"):
            for row in database.rows(f"SELECT name FROM {table_name} WHERE id = ?", chat_id):  # noqa: S608 - a name of our own
                return row["name"]
    return None


def _responses(database: ForeignDatabase, chat_id: object, chain: Chain) -> tuple[str, str | None]:
    """Add what the older tables have; returns the system prompt and the last message's key."""
    if not database.has("responses", "id", "conversation_id"):
        return "", None
    columns = (
        *("id", "model", "resolved_model", "prompt", "system", "response", "reasoning"),
        *("duration_ms", "datetime_utc", "input_tokens", "output_tokens", "token_details"),
    )
    rows = database.of("responses", "conversation_id", chat_id, *columns)
    system, last = "", None
    for place, row in enumerate(rows):
        instructions = "\n\n".join(filter(None, [*_texts(database, "system_fragments", row),
                                                 text(row["system"])]))  # fmt: skip
        created = moment(row["datetime_utc"])
        if instructions and instructions != system:
            if place:
                last = chain.add(Said("", last, Role.SYSTEM, instructions, created))
            system = system or instructions
        for done in _results(database, row):
            last = chain.add(Said("", last, Role.TOOL, done, created))
        attached = (*_fragments(database, row), *_attachments(database, row))
        if text(row["prompt"]).strip() or attached:
            asked = Said("", last, Role.USER, text(row["prompt"]), created, attachments=attached)
            last = chain.add(asked)
        if text(row["response"]).strip():
            last = chain.add(reply(last, row, text(row["response"]), text(row["reasoning"])))
        elif text(row["reasoning"]).strip():
            last = chain.add(Said("", last, Role.TOOL, text(row["reasoning"]), created))
        for done in _calls(database, row):
            last = chain.add(Said("", last, Role.TOOL, done, created))
    return system, last


def _calls(database: ForeignDatabase, response: Row) -> Iterator[str]:
    if database.has("tool_calls", "id", "response_id"):
        for row in database.of("tool_calls", "response_id", response["id"], "name", "arguments"):
            yield step(f"Asked `{text(row['name'])}`:", text(row["arguments"]), "json")


def _results(database: ForeignDatabase, response: Row) -> Iterator[str]:
    if database.has("tool_results", "id", "response_id"):
        columns = ("name", "output", "exception")
        for row in database.of("tool_results", "response_id", response["id"], *columns):
            answered = text(row["output"]) or text(row["exception"])
            yield step(f"`{text(row['name'])}` answered:", answered)


def _texts(database: ForeignDatabase, between: str, response: Row) -> Iterator[str]:
    yield from (text(row["content"]) for row in _fragment_rows(database, between, response))


def _fragments(database: ForeignDatabase, response: Row) -> Iterator[Attachment]:
    for row in _fragment_rows(database, "prompt_fragments", response):
        yield fragment(row)


def _fragment_rows(database: ForeignDatabase, between: str, response: Row) -> list[Row]:
    if not database.has(between, "response_id", "fragment_id", "order"):
        return []
    return database.chat_rows(
        f"""
        SELECT content, source FROM {between} JOIN fragments ON fragments.id = fragment_id
        WHERE response_id = ? ORDER BY "order"
        """,  # noqa: S608 - a name of our own
        response["id"],
    )


def _attachments(database: ForeignDatabase, response: Row) -> Iterator[Attachment]:
    if database.has("prompt_attachments", "response_id", "attachment_id", "order"):
        for row in database.rows(
            """
            SELECT id, type, path, url, length(content) AS size
            FROM prompt_attachments JOIN attachments ON attachments.id = attachment_id
            WHERE response_id = ? ORDER BY "order"
            """,
            response["id"],
        ):
            yield attachment(row)
