"""Files of other programs, in the shapes that those programs write."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

NOON = 1_772_366_400.0  # 2026-03-01 12:00 UTC
Node = dict[str, Any]

# --- ChatGPT: the fields that accounts' exports of 2023 to 2026 have -------------------------


def node(
    key: str,
    parent: str | None,
    role: str | None = None,
    *parts: object,
    content: Node | None = None,
    at: float | None = None,
    **fields: Any,
) -> Node:
    """A node of a mapping; without a role it has no message, as the root."""
    message = None
    if role is not None:
        message = {
            "id": key,
            "author": {"role": role, "name": fields.pop("name", None), "metadata": {}},
            "create_time": at,
            "update_time": None,
            "content": content or {"content_type": "text", "parts": list(parts)},
            "status": "finished_successfully",
            "end_turn": True,
            "weight": 1.0,
            "metadata": {},
            "recipient": "all",
            "channel": None,
            **fields,
        }
    return {"id": key, "message": message, "parent": parent, "children": []}


def chatgpt_chat(*nodes: Node, **fields: Any) -> Node:
    """A chat of these nodes."""
    mapping = {one["id"]: one for one in nodes}
    for one in nodes:
        if one["parent"] in mapping:
            mapping[one["parent"]]["children"].append(one["id"])
    return {
        "title": "Tides",
        "create_time": NOON,
        "update_time": NOON + 60,
        "mapping": mapping,
        "moderation_results": [],
        "current_node": nodes[-1]["id"] if nodes else None,
        "conversation_id": "6650f0e0-0000-4000-8000-000000000001",
        "is_archived": False,
        "safe_urls": [],
        "default_model_slug": "gpt-4o",
        "id": "6650f0e0-0000-4000-8000-000000000001",
        **fields,
    }


def tides(**fields: Any) -> Node:
    """A chat as people have them: a hidden beginning, an edit, a retry, a tool, thoughts."""
    said = {"model_slug": "gpt-4o"}
    thinking = {"model_slug": "o3"}
    return chatgpt_chat(
        node("root", None),
        node("hidden", "root", "system", "", weight=0.0),
        node(
            "wishes",
            "hidden",
            "user",
            content={
                "content_type": "user_editable_context",
                "user_profile": "I am a sailor.",
                "user_instructions": "Be short.",
            },
            metadata={"is_visually_hidden_from_conversation": True},
        ),
        node("q1", "wishes", "user", "Why are there tides?", at=NOON),
        node("a1", "q1", "assistant", "The moon.", at=NOON + 5, metadata=said),
        node("q1b", "wishes", "user", "Why are there two tides a day?", at=NOON + 10),
        node(
            "t1",
            "q1b",
            "assistant",
            at=NOON + 11,
            metadata=thinking,
            content={
                "content_type": "thoughts",
                "thoughts": [{"summary": "Two bulges", "content": "One on each side."}],
            },
        ),
        node(
            "c1",
            "t1",
            "assistant",
            at=NOON + 12,
            recipient="python",
            metadata=thinking,
            content={"content_type": "code", "language": "python", "text": "24.8 / 2"},
        ),
        node(
            "o1",
            "c1",
            "tool",
            at=NOON + 13,
            name="python",
            content={"content_type": "execution_output", "text": "12.4"},
        ),
        node(
            "r1",
            "o1",
            "assistant",
            at=NOON + 14,
            metadata={**thinking, "finished_duration_sec": 6},
            content={"content_type": "reasoning_recap", "content": "Thought for 6s"},
        ),
        node("a2", "r1", "assistant", "Two bulges.", at=NOON + 15, metadata=thinking),
        node("a2b", "q1b", "assistant", "Sun and moon.", at=NOON + 20, metadata=said),
        **fields,
    )


def write_json(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), "utf-8")
    return path


# --- SQLite: what the programs' own code creates ---------------------------------------------

# SQLAlchemy's output for elia_chat/database/models.py at 3236532 (1.10.0), and at 0.2.0.
ELIA = """
CREATE TABLE system_prompt (
    id INTEGER NOT NULL, title VARCHAR NOT NULL, prompt VARCHAR NOT NULL,
    created_at DATETIME DEFAULT (CURRENT_TIMESTAMP), PRIMARY KEY (id)
);
CREATE TABLE chat (
    id INTEGER NOT NULL, model VARCHAR NOT NULL, title VARCHAR,
    started_at DATETIME DEFAULT (CURRENT_TIMESTAMP), archived BOOLEAN NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE message (
    timestamp DATETIME DEFAULT (CURRENT_TIMESTAMP), meta JSON, id INTEGER NOT NULL,
    chat_id INTEGER, role VARCHAR NOT NULL, content VARCHAR NOT NULL, parent_id INTEGER,
    model VARCHAR, PRIMARY KEY (id),
    FOREIGN KEY(chat_id) REFERENCES chat (id), FOREIGN KEY(parent_id) REFERENCES message (id)
);
"""
ELIA_0_2 = """
CREATE TABLE chat (
    started_at DATETIME DEFAULT (CURRENT_TIMESTAMP), id INTEGER NOT NULL, model VARCHAR,
    title VARCHAR, PRIMARY KEY (id)
);
CREATE TABLE message (
    timestamp DATETIME DEFAULT (CURRENT_TIMESTAMP), meta JSON, id INTEGER NOT NULL,
    chat_id INTEGER, role VARCHAR NOT NULL, content VARCHAR NOT NULL, status VARCHAR,
    end_turn BOOLEAN, weight FLOAT, recipient VARCHAR, PRIMARY KEY (id),
    FOREIGN KEY(chat_id) REFERENCES chat (id)
);
"""
# oterm/store/store.py at e090ffe (0.19.0), and oterm/store/setup.py at 0.1.11.
OTERM = """
CREATE TABLE IF NOT EXISTS "chat" (
    "id" INTEGER, "name" TEXT, "model" TEXT NOT NULL, "system" TEXT,
    "provider" TEXT DEFAULT "ollama", "parameters" TEXT DEFAULT "{}", "tools" TEXT DEFAULT "[]",
    "thinking" BOOLEAN DEFAULT 0, PRIMARY KEY("id" AUTOINCREMENT)
);
CREATE TABLE IF NOT EXISTS "message" (
    "id" INTEGER, "chat_id" INTEGER NOT NULL, "author" TEXT NOT NULL, "text" TEXT NOT NULL,
    "images" TEXT DEFAULT "[]", PRIMARY KEY("id" AUTOINCREMENT),
    FOREIGN KEY("chat_id") REFERENCES "chat"("id") ON DELETE CASCADE
);
"""
OTERM_0_1 = """
CREATE TABLE IF NOT EXISTS "chat" (
    "id" INTEGER, "name" TEXT, "model" TEXT NOT NULL, "context" TEXT NOT NULL, "template" TEXT,
    "system" TEXT, "format" TEXT, PRIMARY KEY("id" AUTOINCREMENT)
);
CREATE TABLE IF NOT EXISTS "message" (
    "chat_id" INTEGER NOT NULL, "author" TEXT NOT NULL, "text" TEXT NOT NULL,
    FOREIGN KEY("chat_id") REFERENCES "chat"("id") ON DELETE CASCADE
);
"""
# What sqlite-utils makes of llm/migrations.py: m010 alone; up to m022 (0.31); up to m027 (0.32).
LLM_FIRST = """
CREATE TABLE [conversations] ([id] TEXT PRIMARY KEY, [name] TEXT, [model] TEXT);
CREATE TABLE [responses] (
    [id] TEXT PRIMARY KEY, [model] TEXT, [prompt] TEXT, [system] TEXT, [prompt_json] TEXT,
    [options_json] TEXT, [response] TEXT, [response_json] TEXT,
    [conversation_id] TEXT REFERENCES [conversations]([id]), [duration_ms] INTEGER,
    [datetime_utc] TEXT
);
"""
LLM_0_31 = (
    LLM_FIRST
    + """
ALTER TABLE responses ADD COLUMN input_tokens INTEGER;
ALTER TABLE responses ADD COLUMN output_tokens INTEGER;
ALTER TABLE responses ADD COLUMN token_details TEXT;
ALTER TABLE responses ADD COLUMN schema_id TEXT;
ALTER TABLE responses ADD COLUMN resolved_model TEXT;
ALTER TABLE responses ADD COLUMN reasoning TEXT;
CREATE TABLE [attachments] (
    [id] TEXT PRIMARY KEY, [type] TEXT, [path] TEXT, [url] TEXT, [content] BLOB
);
CREATE TABLE [prompt_attachments] (
    [response_id] TEXT REFERENCES [responses]([id]),
    [attachment_id] TEXT REFERENCES [attachments]([id]), [order] INTEGER,
    PRIMARY KEY ([response_id], [attachment_id])
);
CREATE TABLE [fragments] (
    [id] INTEGER PRIMARY KEY, [hash] TEXT, [content] TEXT, [datetime_utc] TEXT, [source] TEXT
);
CREATE TABLE "prompt_fragments" (
    [response_id] TEXT REFERENCES [responses]([id]),
    [fragment_id] INTEGER REFERENCES [fragments]([id]), [order] INTEGER,
    PRIMARY KEY ([response_id], [fragment_id], [order])
);
CREATE TABLE "system_fragments" (
    [response_id] TEXT REFERENCES [responses]([id]),
    [fragment_id] INTEGER REFERENCES [fragments]([id]), [order] INTEGER,
    PRIMARY KEY ([response_id], [fragment_id], [order])
);
CREATE TABLE [tools] (
    [id] INTEGER PRIMARY KEY, [hash] TEXT, [name] TEXT, [description] TEXT, [input_schema] TEXT
);
CREATE TABLE [tool_calls] (
    [id] INTEGER PRIMARY KEY, [response_id] TEXT REFERENCES [responses]([id]),
    [tool_id] INTEGER REFERENCES [tools]([id]), [name] TEXT, [arguments] TEXT, [tool_call_id] TEXT
);
CREATE TABLE [tool_results] (
    [id] INTEGER PRIMARY KEY, [response_id] TEXT REFERENCES [responses]([id]),
    [tool_id] INTEGER REFERENCES [tools]([id]), [name] TEXT, [output] TEXT, [tool_call_id] TEXT,
    [instance_id] INTEGER, [exception] TEXT
);
"""
)
LLM_0_32 = (
    LLM_0_31
    + """
CREATE TABLE [messages] (
    [hash] TEXT PRIMARY KEY, [parent_hash] TEXT REFERENCES [messages]([hash]), [role] TEXT,
    [provider_metadata] TEXT
);
CREATE TABLE [parts] (
    [id] INTEGER PRIMARY KEY, [message_hash] TEXT REFERENCES [messages]([hash]),
    [position] INTEGER, [type] TEXT, [tool_name] TEXT, [text] TEXT, [payload] TEXT
);
CREATE TABLE [part_attachments] (
    [part_id] INTEGER, [attachment_id] TEXT, [order] INTEGER,
    PRIMARY KEY ([part_id], [attachment_id], [order])
);
CREATE TABLE [part_fragments] (
    [part_id] INTEGER, [fragment_id] INTEGER, [order] INTEGER,
    PRIMARY KEY ([part_id], [fragment_id], [order])
);
CREATE TABLE [threads] (
    [id] TEXT PRIMARY KEY, [name] TEXT, [tip_message_hash] TEXT, [forked_from] TEXT,
    [datetime_utc] TEXT
);
CREATE TABLE [turns] (
    [id] TEXT PRIMARY KEY, [thread_id] TEXT, [parent_message_hash] TEXT,
    [tip_message_hash] TEXT, [model] TEXT, [resolved_model] TEXT, [options_json] TEXT,
    [schema_id] TEXT, [input_tokens] INTEGER, [output_tokens] INTEGER, [token_details] TEXT,
    [duration_ms] INTEGER, [datetime_utc] TEXT, [response_json] TEXT
);
"""
)


def database(path: Path, schema: str, **tables: Iterable[Mapping[str, object]]) -> Path:
    """A database of this schema, with these rows."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(schema)
        for table, rows in tables.items():
            for row in rows:
                insert(connection, table, row)
    return path


def insert(connection: sqlite3.Connection, table: str, row: Mapping[str, object]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))


def said(*pairs: tuple[str, str], chat: int = 1, **columns: Sequence[object]) -> list[Node]:
    """Rows of Elia's `message`."""
    return [
        {
            "chat_id": chat,
            "role": role,
            "content": content,
            "timestamp": f"2024-05-04 12:00:{place:02}.000000",
            **{name: values[place] for name, values in columns.items()},
        }
        for place, (role, content) in enumerate(pairs)
    ]


def elia(path: Path) -> Path:
    """One chat, with a system prompt."""
    messages = said(
        ("system", "Be short."), ("user", "Why are there tides?"), ("assistant", "The moon."),
        model=[None, "elia-gpt-4o", "elia-gpt-4o"],
    )  # fmt: skip
    started = "2024-05-04 12:00:00.000000"
    chat = {"model": "elia-gpt-4o", "title": "Tides", "started_at": started, "archived": 1}
    return database(path, ELIA, chat=[chat], message=messages)


def oterm(path: Path) -> Path:
    """Two chats, one with a picture."""
    return database(
        path,
        OTERM,
        chat=[
            {
                "name": "Tides",
                "model": "llama3.2",
                "system": "Be short.",
                "parameters": '{"temperature": 0.5, "num_predict": 100}',
            },
            {"name": "Sun", "model": "gpt-4o", "provider": "openai-chat"},
        ],
        message=[
            {
                "chat_id": 1,
                "author": "user",
                "text": "Why?",
                "images": '["iVBORw0KGgoAAAANSUhEUg"]',
            },
            {"chat_id": 2, "author": "user", "text": "And the sun?"},
            {"chat_id": 1, "author": "assistant", "text": "The moon."},
            {"chat_id": 2, "author": "assistant", "text": "Half of it."},
        ],
    )


def response(number: int, prompt: str, answer: str, **columns: object) -> dict[str, object]:
    """A row of llm's `responses`."""
    return {
        "id": f"01hresponse{number:04}",
        "model": "gpt-4o-mini",
        "prompt": prompt,
        "response": answer,
        "conversation_id": "01hconversation",
        "duration_ms": 1200,
        "datetime_utc": f"2025-06-01T09:00:0{number}.123456+00:00",
        **columns,
    }


def llm(path: Path) -> Path:
    """A conversation of 0.31 with a file, a fragment, a tool and reasoning."""
    return database(
        path,
        LLM_0_31,
        conversations=[{"id": "01hconversation", "name": "Tides", "model": "gpt-4o-mini"}],
        responses=[
            response(
                1,
                "Why are there tides?",
                "The moon.",
                system="Be short.",
                input_tokens=20,
                output_tokens=3,
                token_details='{"prompt_tokens_details": {"cached_tokens": 8}}',
                resolved_model="gpt-4o-mini-2024-07-18",
                reasoning="Gravity.",
            ),
            response(2, "How high?", ""),
            response(3, "", "12 m.", input_tokens=50, output_tokens=4),
        ],
        attachments=[
            {"id": "a" * 64, "type": "image/png", "path": "/home/me/sea.png", "content": None},
            {"id": "b" * 64, "type": "image/gif", "url": "http://x.test/w.gif?a", "content": b"12"},
        ],
        prompt_attachments=[
            {"response_id": "01hresponse0001", "attachment_id": "a" * 64, "order": 0},
            {"response_id": "01hresponse0001", "attachment_id": "b" * 64, "order": 1},
        ],
        fragments=[{"id": 1, "hash": "c", "content": "Bay of Fundy", "source": "/tmp/bays.txt"}],
        prompt_fragments=[{"response_id": "01hresponse0002", "fragment_id": 1, "order": 0}],
        tool_calls=[{"response_id": "01hresponse0002", "name": "tide", "arguments": '{"at": 1}'}],
        tool_results=[{"response_id": "01hresponse0003", "name": "tide", "output": "12"}],
    )  # fmt: skip


PICTURE = "data:image/png;base64,iVBORw0KGgo="
AICHAT = f"""\
model: openai:gpt-4o
temperature: 0.5
save_session: true
compressed_messages:
- role: system
  content: Be short.
- role: user
  content: Why are there tides?
- role: assistant
  content: |-
    The moon.

    And: "the sun"
messages:
- role: system
  content: |-
    Be short.

    They spoke of tides.
- role: user
  content:
  - type: text
    text: And this?
  - type: image_url
    image_url:
      url: {PICTURE}
- role: tool
  content:
    tool_results:
    - call:
        name: look
        arguments:
          deep: true
        id: call_1
      output: waves
    text: ''
    sequence: false
- role: assistant
  content: Waves.
data_urls:
  {hashlib.sha256(PICTURE.encode()).hexdigest()}: /home/me/sea.png
"""
