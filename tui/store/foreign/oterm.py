"""oterm's chats: `store.db` in its data folder.

Tables `chat` and `message` as ggozad/oterm made them (oterm/store, 0.1.0 to 0.19.0, with its
upgrades): `system` came with 0.1.6, `parameters` with 0.3.0, `message.id` with 0.5.1, `images` with
0.7.0, `provider` with 0.15.0; an `author` was `me` or `ollama` before 0.12.0.

It keeps no times, and nothing that a chat could be told by but its number, which is in every
database. So a chat's identity is its number and its first message; and its messages are dated by
when the file was last written, each a millisecond after the one before it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime

from tui.core.conversation import Conversation, Parameters
from tui.core.ids import derived_id
from tui.core.message import Attachment, Role
from tui.core.whole import WholeConversation
from tui.store.foreign.branches import Chain, Said, assembled, in_turn
from tui.store.foreign.sqlite_file import ForeignDatabase
from tui.store.foreign.values import count, items, number, parsed, table, text, title

NAME = "oterm"
_ROLES = {
    "user": Role.USER,
    "me": Role.USER,
    "assistant": Role.ASSISTANT,
    "ollama": Role.ASSISTANT,
}
_PROVIDER = "ollama"  # where there is no column of it
_KINDS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"RIFF": "webp"}


def is_it(database: ForeignDatabase) -> bool:
    """Whether these are its tables."""
    return database.has("chat", "id", "name", "model") and database.has(
        "message", "chat_id", "author", "text"
    )


def ids(database: ForeignDatabase) -> list[object]:
    """The ids of all chats."""
    return database.ids("chat")


def chat(database: ForeignDatabase, chat_id: object, at: datetime) -> WholeConversation:
    """A chat; `at` is its time, for it has none."""
    columns = ("id", "name", "model", "system", "provider", "parameters")
    chat = database.one("chat", chat_id, *columns)
    rows = database.of("message", "chat_id", chat_id, "author", "text", "images", order="rowid")
    provider, model = text(chat["provider"]) or _PROVIDER, text(chat["model"])
    chain, last = Chain(), None
    for place, row in enumerate(rows):
        role, said = _ROLES.get(text(row["author"])), text(row["text"])
        images = tuple(_images(row["images"]))
        if role is None or not (said.strip() or images):
            continue
        last = chain.add(
            Said(
                "",
                last,
                role,
                said,
                in_turn(at, place),
                model=model if role is Role.ASSISTANT else "",
                attachments=images,
            )
        )
    first = chain.said[0].key if chain.said else ""
    parameters = table(parsed(chat["parameters"]))
    name = title(chat["name"])
    return assembled(
        Conversation(
            id=derived_id(NAME, str(chat["id"]), first),
            title=name,
            created=at,
            updated=in_turn(at, len(rows)),
            model=model,
            endpoint=provider,
            titled=bool(name),
            system_prompt=text(chat["system"]) or None,
            parameters=Parameters(
                _temperature(parameters.get("temperature")),
                # Before 0.15.0 they were Ollama's; 0 and below mean no limit there.
                count(parameters.get("max_tokens", parameters.get("num_predict"))) or None,
            ),
        ),
        chain.said,
        last,
    )


def _temperature(value: object) -> float | None:
    found = number(value)
    return found if found is not None and 0 <= found <= 2 else None


def _images(value: object) -> Iterator[Attachment]:
    """The names we give to pictures that are there as base64."""
    for place, image in enumerate(items(parsed(value)), 1):
        content = text(image)
        try:
            begin = base64.b64decode(content[:16], validate=True)
        except (binascii.Error, ValueError):
            begin = b""
        kind = next((kind for mark, kind in _KINDS.items() if begin.startswith(mark)), "")
        size = len(content) * 3 // 4
        yield Attachment(f"image-{place}{kind and '.'}{kind}", f"image/{kind or '*'}", size)
