"""Elia's chats: `elia.sqlite` in its data folder.

Tables `chat` and `message` as darrenburns/elia made them (elia_chat/database/models.py, 0.2.0 to
1.10.0): 1.0 added `archived`, `parent_id` and `model`, dropped `status`, `end_turn`, `weight` and
`recipient`. Elia never wrote `parent_id`, so a chat is its messages in the order of their ids.
Times are UTC without a zone. The first message is the system prompt.
"""

from __future__ import annotations

from datetime import datetime

from tui.core.conversation import Conversation
from tui.core.ids import derived_id
from tui.core.message import Role
from tui.core.whole import WholeConversation
from tui.store.foreign.branches import Chain, Said, assembled, step
from tui.store.foreign.sqlite_file import ForeignDatabase
from tui.store.foreign.values import moment, text, title

NAME = "elia"
_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM, "tool": Role.TOOL}
_BUILT_IN = "elia-"  # before the ids of the models it came with; their names are without it


def is_it(database: ForeignDatabase) -> bool:
    """Whether these are its tables."""
    return database.has("chat", "id", "model", "title", "started_at") and database.has(
        "message", "id", "chat_id", "role", "content", "timestamp"
    )


def ids(database: ForeignDatabase) -> list[object]:
    """The ids of all chats."""
    return database.ids("chat")


def chat(database: ForeignDatabase, chat_id: object, at: datetime) -> WholeConversation:
    """A chat; `at` is its time where it has none."""
    chat = database.one("chat", chat_id, "id", "model", "title", "started_at", "archived")
    columns = ("role", "content", "timestamp", "model")
    rows = database.of("message", "chat_id", chat_id, *columns)
    chain, last, system = Chain(), None, None
    for row in rows:
        role, said = _ROLES.get(text(row["role"])), text(row["content"])
        if role is Role.SYSTEM and last is None and system is None:
            system = said
        elif role is not None and said.strip():
            shown = step("A tool answered:", said) if role is Role.TOOL else said
            model = _model(row["model"] or chat["model"]) if role is Role.ASSISTANT else ""
            created = moment(row["timestamp"])
            last = chain.add(Said("", last, role, shown, created, model=model))
    times = [one.created for one in chain.said if one.created is not None]
    created = moment(chat["started_at"]) or min(times, default=at)
    name = title(chat["title"])
    return assembled(
        Conversation(
            id=derived_id(NAME, str(chat["id"]), str(chat["started_at"])),
            title=name,
            created=created,
            updated=max(times, default=created),
            model=_model(chat["model"]),
            endpoint=NAME,
            titled=bool(name),
            system_prompt=system,
            archived=chat["archived"] == 1,
        ),
        chain.said,
        last,
    )


def _model(value: object) -> str:
    return text(value).removeprefix(_BUILT_IN)
