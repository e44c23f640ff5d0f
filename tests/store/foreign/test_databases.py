"""Databases of other programs: what is in them, and what they may hold that is not expected."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.foreign import exports
from tests.store.foreign.files import TIDES, names_in, only, read, refusal, said
from tui.core.errors import ChatError
from tui.core.json_values import time_value
from tui.core.usage import Usage
from tui.core.whole import WholeConversation


class TestElia:
    def test_a_chat(self, tmp_path: Path) -> None:
        whole = only(exports.elia(tmp_path / "elia.sqlite"))
        assert said(whole) == TIDES
        conversation = whole.conversation
        assert (conversation.title, conversation.system_prompt) == ("Tides", "Be short.")
        assert conversation.archived
        assert whole.messages[1].model == conversation.model == "gpt-4o"
        assert time_value(whole.messages[1].created) == "2024-05-04T12:00:02.000Z"

    def test_one_of_the_first_version(self, tmp_path: Path) -> None:
        path = exports.database(
            tmp_path / "elia.sqlite",
            exports.ELIA_0_2,
            chat=[{"id": 7, "model": None, "title": None, "started_at": "2023-05-28 10:00:00"}],
            message=exports.said(*TIDES, chat=7),
        )
        whole = only(path)
        assert said(whole) == TIDES
        assert whole.conversation.title == "Why are there tides?"

    def test_what_tools_said_is_folded(self, tmp_path: Path) -> None:
        path = exports.database(
            tmp_path / "elia.sqlite",
            exports.ELIA,
            chat=[{"model": "gpt-4", "title": "", "archived": 0}],
            message=exports.said(
                ("system", ""), ("user", "Look"), ("tool", "a page"), ("assistant", "So.")
            ),
        )
        whole = only(path)
        assert said(whole) == [("user", "Look"), ("assistant", "So.")]
        assert "a page" in whole.messages[1].reasoning


class TestOterm:
    def test_chats_with_parameters_and_pictures(self, tmp_path: Path) -> None:
        path = exports.oterm(tmp_path / "store.db")
        os.utime(path, (1_772_366_400, 1_772_366_400))
        first, second = read(path)
        assert isinstance(first, WholeConversation)
        assert isinstance(second, WholeConversation)
        assert said(first) == [("user", "Why?"), ("assistant", "The moon.")]
        assert said(second) == [("user", "And the sun?"), ("assistant", "Half of it.")]
        conversation = first.conversation
        assert (conversation.endpoint, conversation.model) == ("ollama", "llama3.2")
        assert second.conversation.endpoint == "openai-chat"
        assert conversation.system_prompt == "Be short."
        assert conversation.parameters.temperature == 0.5
        assert conversation.parameters.max_tokens == 100
        (picture,) = first.messages[0].attachments
        assert (picture.name, picture.media_type) == ("image-1.png", "image/png")
        assert time_value(conversation.created) == "2026-03-01T11:59:58.000Z"
        assert second.conversation.updated > first.conversation.updated

    def test_one_of_the_first_version_in_which_messages_have_no_ids(self, tmp_path: Path) -> None:
        path = exports.database(
            tmp_path / "store.db",
            exports.OTERM_0_1,
            chat=[{"name": "Tides", "model": "llama2", "context": "[]"}],
            message=[
                {"chat_id": 1, "author": "me", "text": "Why are there tides?"},
                {"chat_id": 1, "author": "ollama", "text": "The moon."},
            ],
        )
        old = only(path)
        assert said(old) == TIDES
        newer = tmp_path / "newer.db"
        exports.database(
            newer,
            exports.OTERM,
            chat=[{"name": "Tides", "model": "llama2"}],
            message=[
                {"id": 40 + n, "chat_id": 1, "author": role, "text": text}
                for n, (role, text) in enumerate(TIDES)
            ],
        )
        assert [m.id for m in only(newer).messages] == [m.id for m in old.messages]

    def test_chats_of_the_same_number_in_two_databases_are_two(self, tmp_path: Path) -> None:
        chats = [{"name": "a", "model": "m"}]
        ids = {
            only(
                exports.database(
                    tmp_path / text,
                    exports.OTERM,
                    chat=chats,
                    message=[{"chat_id": 1, "author": "user", "text": text}],
                )
            ).conversation.id
            for text in ("one", "two")
        }
        assert len(ids) == 2


class TestLlm:
    def test_a_conversation_with_files_a_fragment_a_tool_and_reasoning(
        self, tmp_path: Path
    ) -> None:
        whole = only(exports.llm(tmp_path / "logs.db"))
        assert said(whole) == [
            *TIDES,
            ("user", "How high?"),
            ("assistant", "12 m."),
        ]
        question, answer, second, last = whole.messages
        assert whole.conversation.system_prompt == "Be short."
        assert [(a.name, a.media_type, a.size) for a in question.attachments] == [
            ("sea.png", "image/png", 0),
            ("w.gif", "image/gif", 2),
        ]
        assert [(a.name, a.text) for a in second.attachments] == [("bays.txt", "Bay of Fundy")]
        assert answer.usage == Usage(20, 3, cached_input=8)
        assert (answer.total_ms, answer.reasoning) == (1200, "Gravity.")
        assert answer.model == "gpt-4o-mini-2024-07-18"
        assert time_value(answer.created) == "2025-06-01T09:00:01.123Z"
        assert 'Asked `tide`:\n\n```json\n{"at": 1}\n```' in last.reasoning
        assert "`tide` answered:\n\n```\n12\n```" in last.reasoning

    def test_one_of_the_first_version(self, tmp_path: Path) -> None:
        path = exports.database(
            tmp_path / "logs.db",
            exports.LLM_FIRST,
            conversations=[{"id": "01hconversation", "name": "x" * 32, "model": "m"}],
            responses=[exports.response(1, *(text for _, text in TIDES))],
        )
        whole = only(path)
        assert said(whole) == TIDES
        assert whole.conversation.title == "Why are there tides?"  # the name was cut there

    def test_a_thread_and_its_fork(self, tmp_path: Path) -> None:
        found = read(threads(tmp_path / "logs.db"))
        wholes = [one for one in found if isinstance(one, WholeConversation)]
        thread, fork = wholes
        assert said(thread) == [
            *TIDES,
            ("user", "How high?"),
            ("assistant", "12 m."),
            ("assistant", "15 m."),
        ]
        assert said(fork) == TIDES
        assert thread.conversation.system_prompt == "Be short."
        assert thread.messages[1].usage == Usage(20, 3)
        assert thread.messages[1].reasoning == "Gravity."
        assert [a.name for a in thread.messages[2].attachments] == ["bays.txt"]
        assert "`tide` answered:" in thread.messages[3].reasoning
        assert thread.branch(thread.tree())[-1].text == "15 m."

    def test_a_conversation_that_went_on_as_a_thread_is_one(self, tmp_path: Path) -> None:
        path = threads(tmp_path / "logs.db")
        with closing(sqlite3.connect(path)) as connection, connection:
            exports.insert(connection, "conversations", {"id": "01hthread", "model": "m"})
            exports.insert(
                connection,
                "responses",
                exports.response(1, TIDES[0][1], TIDES[1][1], conversation_id="01hthread",
                                 system="Be short.", duration_ms=7, reasoning="Gravity."),
            )  # fmt: skip
        whole = next(one for one in read(path) if isinstance(one, WholeConversation))
        assert len(whole.messages) == 5
        assert whole.messages[1].total_ms == 7

    def test_messages_in_a_circle(self, tmp_path: Path) -> None:
        path = threads(tmp_path / "logs.db")
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE messages SET parent_hash = 'a2' WHERE hash = 'q1'")
        assert all(
            isinstance(one, ChatError) and "in a circle" in one.text for one in read(path)[:1]
        )


def threads(path: Path) -> Path:
    """llm 0.32: a thread with a system prompt, a tool, a retry; and a fork of it."""
    chain = [("s", None, "system"), ("q1", "s", "user"), ("a1", "q1", "assistant")]
    chain += [("q2", "a1", "user"), ("c2", "q2", "assistant"), ("t2", "c2", "tool")]
    chain += [("a2", "t2", "assistant"), ("b2", "q2", "assistant")]
    refers = '{"text_ref": [{"fragment": 1}, {"literal": "\\nHow high?"}]}'
    parts: list[tuple[str, int, str, str | None, str | None]] = [
        ("s", 0, "text", "Be short.", None),
        ("q1", 0, "text", TIDES[0][1], None),
        ("a1", 0, "reasoning", "Gravity.", None),
        ("a1", 1, "text", TIDES[1][1], None),
        ("q2", 0, "text", None, refers),
        ("c2", 0, "tool_call", None, '{"name": "tide", "arguments": {"at": 1}}'),
        ("t2", 0, "tool_result", None, '{"name": "tide", "output": "12"}'),
        ("a2", 0, "text", "12 m.", None),
        ("b2", 0, "text", "15 m.", None),
    ]
    turns = [("q1", "a1", 1, 20), ("q2", "c2", 2, None), ("t2", "a2", 3, None)]
    turns += [("q2", "b2", 4, None)]
    return exports.database(
        path,
        exports.LLM_0_32,
        messages=[{"hash": h, "parent_hash": p, "role": r} for h, p, r in chain],
        parts=[
            {"message_hash": m, "position": at, "type": kind, "text": text, "payload": payload}
            for m, at, kind, text, payload in parts
        ],
        fragments=[{"id": 1, "hash": "c", "content": "Bay of Fundy", "source": "/tmp/bays.txt"}],
        part_fragments=[{"part_id": 5, "fragment_id": 1, "order": 0}],
        threads=[
            {"id": "01hthread", "name": "Tides", "tip_message_hash": "b2"},
            {"id": "01htwo", "name": "Fork", "tip_message_hash": "a1", "forked_from": "01hthread"},
        ],
        turns=[
            {
                "id": f"01hturn{number}",
                "thread_id": "01hthread",
                "parent_message_hash": parent,
                "tip_message_hash": tip,
                "model": "gpt-4o-mini",
                "input_tokens": tokens,
                "output_tokens": tokens and 3,
                "datetime_utc": f"2026-06-01T09:00:0{number}+00:00",
            }
            for parent, tip, number, tokens in turns
        ],
    )


class TestDatabases:
    @pytest.mark.parametrize("make", [exports.elia, exports.oterm, exports.llm])
    def test_nothing_is_written_even_where_it_could_not_be(
        self, tmp_path: Path, make: Callable[[Path], Path]
    ) -> None:
        path = make(tmp_path / "x.db")
        before = path.read_bytes()
        path.chmod(stat.S_IRUSR)
        tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
        try:
            assert read(path)
        finally:
            tmp_path.chmod(stat.S_IRWXU)
        assert path.read_bytes() == before
        assert names_in(tmp_path) == ["x.db"]

    def test_what_is_only_in_the_log_yet_is_read(self, tmp_path: Path) -> None:
        path = exports.elia(tmp_path / "elia.sqlite")
        with closing(sqlite3.connect(path)) as writer:
            writer.execute("PRAGMA journal_mode = WAL")
            writer.execute("UPDATE chat SET title = 'In the log'")
            writer.commit()
            assert only(path).conversation.title == "In the log"
        assert only(path).conversation.title == "In the log"
        assert names_in(tmp_path) == ["elia.sqlite"]

    def test_a_program_that_writes_is_waited_for_and_then_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tui.store.foreign.sqlite_file.BUSY_SECONDS", 0.01)
        path = exports.elia(tmp_path / "elia.sqlite")
        with closing(sqlite3.connect(path, isolation_level=None)) as writer:
            writer.execute("BEGIN EXCLUSIVE")
            assert "is writing into the file" in refusal(path)

    def test_one_chat_that_is_too_large_is_named_and_the_others_come(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tui.store.foreign.sqlite_file.CHAT_LIMIT", 1_000_000)
        path = exports.oterm(tmp_path / "store.db")
        for text in ("x" * 2_000_000, "y" * 600_000):
            with closing(sqlite3.connect(path)) as connection, connection:
                connection.execute("DELETE FROM message WHERE chat_id = 1 AND length(text) > 99")
                row = {"chat_id": 1, "author": "user", "text": text}
                exports.insert(connection, "message", row)
                if text[0] == "y":
                    exports.insert(connection, "message", row)
            refused, came = read(path)
            assert isinstance(refused, ChatError)
            assert refused.text.startswith("Chat 1: It is larger than")
            assert isinstance(came, WholeConversation)

    def test_wrong_types_are_read_past(self, tmp_path: Path) -> None:
        path = exports.elia(tmp_path / "elia.sqlite")
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE chat SET title = x'ff', model = 5, archived = 'no'")
            connection.execute("UPDATE message SET timestamp = 'now', model = x'00' WHERE id = 2")
            connection.execute("UPDATE message SET content = CAST(x'ff41' AS TEXT) WHERE id = 3")
        assert said(only(path)) == [TIDES[0], ("assistant", "\ufffdA")]

    def test_one_that_is_damaged(self, tmp_path: Path) -> None:
        path = exports.elia(tmp_path / "elia.sqlite")
        content = bytearray(path.read_bytes())
        content[200:] = b"\x55" * (len(content) - 200)
        path.write_bytes(content)
        assert "database" in refusal(path)

    def test_one_of_nobody_we_know_and_one_of_ours(self, tmp_path: Path) -> None:
        other = exports.database(tmp_path / "a.db", "CREATE TABLE notes (id INTEGER)")
        assert "nothing that chinwag can import" in refusal(other)
        views = "CREATE VIEW chat AS SELECT 1 AS id, 2 AS name, 3 AS model"
        assert "nothing that" in refusal(exports.database(tmp_path / "b.db", views))
