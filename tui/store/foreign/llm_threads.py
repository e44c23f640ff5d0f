"""The threads of `llm` from 0.32 on: one tree of messages for all of them.

As simonw/llm made them (llm/migrations.py m023 to m027 and llm/logs.py at f3f4f29): a row of
`messages` is named by a hash of what it says and of its parent; its `parts` are texts, reasoning,
calls of tools, what they answered, attachments; large texts in them stand in `fragments`. A `turn`
is one call of a model: all up to `parent_message_hash` was sent, and the messages from there to
`tip_message_hash` came back. Messages have no times; their turns have.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tui.core.message import Attachment, Role
from tui.store.foreign.branches import Chain, Said, step
from tui.store.foreign.llm_values import attachment, fragment, reply
from tui.store.foreign.sqlite_file import ForeignDatabase, Row
from tui.store.foreign.values import items, moment, parsed, table, text
from tui.store.formats.fields import unreadable

_TURN = (
    *("parent_message_hash", "tip_message_hash", "model", "resolved_model", "input_tokens"),
    *("output_tokens", "token_details", "duration_ms", "datetime_utc"),
)


def is_it(database: ForeignDatabase) -> bool:
    """Whether these are its tables."""
    return (
        database.has("threads", "id", "tip_message_hash")
        and database.has("turns", "id", "thread_id", *_TURN)
        and database.has("messages", "hash", "parent_hash", "role")
        and database.has("parts", "id", "message_hash", "position", "type", "text", "payload")
    )


def add(database: ForeignDatabase, thread: object, chain: Chain) -> tuple[str, str | None]:
    """Add the messages of a thread; returns its system prompt and the last message's key."""
    added = _Added(database, chain)
    for turn in database.chat_rows(
        f"SELECT {', '.join(_TURN)} FROM turns WHERE thread_id = ? ORDER BY id",  # noqa: S608 - names of our own
        thread,
    ):
        added.up_to(turn["parent_message_hash"], turn, own=False)
        added.up_to(turn["tip_message_hash"], turn, own=True)
    tip = None
    for row in database.rows("SELECT tip_message_hash AS tip FROM threads WHERE id = ?", thread):
        tip = added.up_to(row["tip"], None, own=False)
    return added.system, tip


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a message says, by kind."""

    texts: list[str]
    thoughts: list[str]
    done: list[str]
    attachments: tuple[Attachment, ...]


class _Added:
    """Messages of one thread that are in the chain.

    Attributes:
        system: the system prompt that they begin with.
    """

    def __init__(self, database: ForeignDatabase, chain: Chain) -> None:
        self.system = ""
        self._database = database
        self._chain = chain
        self._keys: dict[object, str | None] = {}

    def up_to(self, tip: object, turn: Row | None, *, own: bool) -> str | None:
        """Add a message and those before it; returns its key.

        Args:
            tip: its hash.
            turn: the turn in which they were said first.
            own: they are what the model answered in that turn.
        """
        new: dict[object, Row] = {}
        at = tip
        while at is not None and at not in self._keys:
            if at in new:
                raise unreadable("Its messages answer each other in a circle")
            row = next(self._database.rows("SELECT * FROM messages WHERE hash = ?", at), None)
            if row is None:
                break
            new[at] = row
            at = row["parent_hash"]
        key = self._keys.get(at)
        for name, row in reversed(new.items()):
            key = self._keys[name] = self._said(row, key, turn if own else None, turn)
        return key

    def _said(self, row: Row, after: str | None, own: Row | None, turn: Row | None) -> str | None:
        """Add what one message says; returns the key of the last of it."""
        parts = self._parts(row["hash"])
        said, thought = "\n\n".join(parts.texts), "\n\n".join(parts.thoughts)
        created = moment(turn["datetime_utc"]) if turn else None
        made: list[Said] = []
        match text(row["role"]):
            case "system" if after is None and not self.system:
                self.system = said
            case "system":
                made.append(Said("", None, Role.SYSTEM, said, created))
            case "user":
                made.append(Said("", None, Role.USER, said, created, attachments=parts.attachments))
            case "assistant" if said.strip():
                spoken = Said("", None, Role.ASSISTANT, said, created, reasoning=thought)
                answer = reply(None, own, said, thought) if own else spoken
                made.append(replace(answer, attachments=parts.attachments))
            case "assistant" if thought:
                made.append(Said("", None, Role.TOOL, thought, created))
            case _:
                pass
        made += [Said("", None, Role.TOOL, done, created) for done in parts.done]
        for one in made:
            after = self._chain.add(replace(one, parent=after))
        return after

    def _parts(self, message: object) -> _Parts:
        found = _Parts([], [], [], tuple(self._attachments(message)))
        fragments: list[Attachment] = []
        for row in self._database.chat_rows(
            "SELECT id, type, text, payload FROM parts WHERE message_hash = ? ORDER BY position",
            message,
        ):
            payload = table(parsed(row["payload"]))
            called = f"`{text(payload.get('name'))}`"
            match row["type"]:
                case "text":
                    fragments += self._fragments(row["id"]) if "text_ref" in payload else ()
                    found.texts.append(text(row["text"]) or _literals(payload))
                case "reasoning":
                    found.thoughts.append(text(row["text"]) or _literals(payload))
                case "tool_call":
                    arguments = json.dumps(payload.get("arguments"))
                    found.done.append(step(f"Asked {called}:", arguments, "json"))
                case "tool_result":
                    answered = text(payload.get("output")) or text(payload.get("exception"))
                    found.done.append(step(f"{called} answered:", answered))
                case _:
                    pass
        return replace(
            found,
            texts=[*filter(str.strip, found.texts)],
            thoughts=[*filter(str.strip, found.thoughts)],
            attachments=(*fragments, *found.attachments),
        )

    def _fragments(self, part: object) -> Iterator[Attachment]:
        for row in self._database.chat_rows(
            """
            SELECT content, source FROM part_fragments
            JOIN fragments ON fragments.id = fragment_id WHERE part_id = ? ORDER BY "order"
            """,
            part,
        ):
            yield fragment(row)

    def _attachments(self, message: object) -> Iterator[Attachment]:
        for row in self._database.rows(
            """
            SELECT attachments.id, attachments.type, path, url, length(content) AS size
            FROM parts JOIN part_attachments ON part_id = parts.id
            JOIN attachments ON attachments.id = attachment_id
            WHERE message_hash = ? ORDER BY position, "order"
            """,
            message,
        ):
            yield attachment(row)


def _literals(payload: object) -> str:
    """What stands between the fragments of a text: those are attachments here."""
    pieces: Iterable[object] = items(table(payload).get("text_ref"))
    return "".join(text(table(piece).get("literal")) for piece in pieces).strip("\n")
