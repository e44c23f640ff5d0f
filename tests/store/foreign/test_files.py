"""Files of every kind are told apart by what is in them, and what can't be read is said."""

from __future__ import annotations

import io
import json
import struct
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.store.foreign.exports import AICHAT, tides, write_json
from tests.store.foreign.files import names_in, only, read, refusal, said
from tui.core.errors import ChatError
from tui.core.message import Role
from tui.core.whole import WholeConversation
from tui.store.foreign import aichat, archive
from tui.store.foreign.reading import opened


class TestChatGPT:
    def test_an_array_a_single_chat_and_a_mark_before_them(self, tmp_path: Path) -> None:
        array = write_json(tmp_path / "conversations.json", [tides(), tides(id="", title="Two")])
        single = write_json(tmp_path / "one.json", tides())
        marked = tmp_path / "marked.json"
        marked.write_bytes(b"\xef\xbb\xbf" + array.read_bytes())
        assert read(array)[0] == only(single) == read(marked)[0]
        assert [len(read(one)) for one in (array, single, marked)] == [2, 1, 2]

    def test_one_that_is_broken_is_named_and_the_others_come(self, tmp_path: Path) -> None:
        circle = tides(title="Round")
        circle["mapping"]["q1"]["parent"] = "a1"
        found = read(write_json(tmp_path / "c.json", [tides(), circle, 5, tides()]))
        assert [isinstance(one, ChatError) for one in found] == [False, True, True, False]
        assert [one.text for one in found if isinstance(one, ChatError)] == [
            "Chat 2: “Round”: Its messages answer each other in a circle.",
            "Chat 3: It is no chat of ChatGPT's: it has no `mapping` of messages.",
        ]

    def test_a_file_that_breaks_off_gives_what_came_before(self, tmp_path: Path) -> None:
        path = write_json(tmp_path / "c.json", [tides()] * 10)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        *came, last = read(path)
        assert len(came) == 5
        assert isinstance(last, ChatError)
        assert last.text == "The file breaks off in the middle."


def zipped(path: Path, members: Mapping[str, object], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as made:
        for name, value in members.items():
            made.writestr(name, value if isinstance(value, bytes) else json.dumps(value))
    return path


class TestArchive:
    def test_only_its_conversations_are_read(self, tmp_path: Path) -> None:
        path = zipped(
            tmp_path / "export.zip",
            {
                "chat.html": b"<html>",
                "user.json": {"email": "me@x.test"},
                "shared_conversations.json": [tides(title="Shared")],
                "../../conversations-001.json": [tides(title="Second")],
                "conversations-000.json": [tides(title="First")],
                "file-1-sea.png": b"\x89PNG",
            },
        )
        titles = [one.conversation.title for one in read(path) if not isinstance(one, ChatError)]
        assert sorted(titles) == ["First", "Second"]
        assert names_in(tmp_path) == ["export.zip"]

    def test_one_without_conversations(self, tmp_path: Path) -> None:
        path = zipped(tmp_path / "x.zip", {"conversations.txt": b"", "a/notes.json": []})
        assert "no conversations.json in the archive" in refusal(path)

    def test_a_bomb_is_not_opened(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archive, "RATIO_FROM", 100_000)
        path = zipped(tmp_path / "x.zip", {"conversations.json": b"[" + b" " * 1_000_000})
        assert "unpacks to more" in refusal(path)

    def test_more_files_than_an_export_has(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(archive, "DIRECTORY_LIMIT", 1000)
        names = {f"file-{n}.png": b"" for n in range(50)}
        assert "more files" in refusal(zipped(tmp_path / "x.zip", names))

    def test_one_that_is_cut_off(self, tmp_path: Path) -> None:
        path = zipped(tmp_path / "x.zip", {"conversations.json": [tides()]})
        path.write_bytes(path.read_bytes()[:-100])
        assert "The archive is broken, or not all of it is here" in refusal(path)

    @pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_one_that_is_damaged_within(self, tmp_path: Path, packing: int) -> None:
        chats = [tides(id=f"{n}") for n in range(50)]
        path = zipped(tmp_path / "x.zip", {"conversations.json": chats}, packing)
        content = bytearray(path.read_bytes())
        content[300:400] = bytes(100)
        path.write_bytes(content)
        found = read(path)[-1]
        assert isinstance(found, ChatError)
        assert "broken from some place on" in found.text

    def test_one_that_is_all_end(self, tmp_path: Path) -> None:
        path = tmp_path / "x.zip"
        end = b"PK\x05\x06" + bytes(8) + b"\xff" * 10
        for before in (4, 8, 12):  # bytes: fewer than the mark has that may stand there
            mark = b"PK\x06\x07" + bytes(16 - before)
            path.write_bytes(b"PK\x03\x04".ljust(before, b"\0") + end + mark)
            assert "The archive" in refusal(path)

    def test_one_with_a_password(self, tmp_path: Path) -> None:
        path = zipped(tmp_path / "x.zip", {"conversations.json": [tides()]})
        content = bytearray(path.read_bytes())
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = content.index(mark) + place
            content[at : at + 2] = struct.pack("<H", 1)
        path.write_bytes(content)
        assert "has a password" in refusal(path)


def session(text: str, path: Path) -> Path:
    path.write_text(text, "utf-8")
    return path


class TestAichat:
    def test_a_session_that_was_compressed_with_a_picture_and_a_tool(self, tmp_path: Path) -> None:
        whole = only(session(AICHAT, tmp_path / "sea.yaml"))
        assert said(whole) == [
            ("user", "Why are there tides?"),
            ("assistant", 'The moon.\n\nAnd: "the sun"'),
            ("system", "Be short.\n\nThey spoke of tides."),
            ("user", "And this?"),
            ("assistant", "Waves."),
        ]
        conversation = whole.conversation
        assert (conversation.title, conversation.system_prompt) == ("sea", "Be short.")
        assert (conversation.endpoint, conversation.model) == ("openai", "gpt-4o")
        assert conversation.parameters.temperature == 0.5
        assert [a.name for a in whole.messages[3].attachments] == ["sea.png"]
        assert "`look` answered:\n\n```\nwaves\n```" in whole.messages[4].reasoning

    def test_a_model_with_a_colon_in_its_name_and_content_like_a_number(
        self, tmp_path: Path
    ) -> None:
        text = "model: ollama:llama3.2:3b\nmessages:\n- role: user\n  content: '42'\n"
        whole = only(session(text, tmp_path / "x.yaml"))
        assert (whole.conversation.endpoint, whole.conversation.model) == ("ollama", "llama3.2:3b")
        assert said(whole) == [("user", "42")]

    @pytest.mark.parametrize(
        ("text", "said_of_it"),
        [
            ("messages: &a [x]\nmore: [*a, *a, *a]\n", "refers to parts of itself"),
            ("messages: " + "[" * 60 + "]" * 60, "nested too deeply"),  # past our limit
            ("messages: " + "[" * 5000, "nested too deeply"),  # past libyaml's
            ("messages: 5\n", "no list of `messages`"),
            ("messages: [\n", "no YAML"),
            ("model: x\n" * 3, "no list of `messages`"),
            ("messages: \x00\n", "no YAML"),
        ],
    )
    def test_what_is_no_session(self, tmp_path: Path, text: str, said_of_it: str) -> None:
        assert said_of_it in refusal(session(text, tmp_path / "x.yaml"))

    def test_nothing_in_it_is_done(self, tmp_path: Path) -> None:
        made = tmp_path / "made"
        text = f"messages: !!python/object/apply:os.mkdir ['{made}']\n"
        assert only(session(text, tmp_path / "x.yaml")).messages == ()
        assert not made.exists()

    def test_one_that_is_too_large(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(aichat, "FILE_LIMIT", 1000)
        path = session("messages:\n" + "- role: user\n  content: x\n" * 100, tmp_path / "x.yaml")
        assert "larger than" in refusal(path)

    def test_without_pyyaml_it_says_what_to_install(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "yaml", None)
        text = refusal(session(AICHAT, tmp_path / "x.yaml"))
        assert "python -m pip install pyyaml" in text


def test_what_is_nothing_of_these(tmp_path: Path) -> None:
    for content in (b"", b"Notes of mine.\n", b"\xff\xfe\x00", b"%PDF-1.4", b"\x89PNG", b"'"):
        path = tmp_path / "x"
        path.write_bytes(content)
        assert "nothing that chinwag can import" in refusal(path)


def test_a_stream_has_no_databases() -> None:
    for head in (b"SQLite format 3\0", b"PK\x03\x04"):
        with (
            pytest.raises(ChatError, match="name the file"),
            opened(None, io.BytesIO(head + bytes(500))),
        ):
            pass
    with opened(None, io.BytesIO(json.dumps([tides()]).encode())) as source:
        (found,) = source.chats
        assert isinstance(found, WholeConversation)
        assert found.messages[0].role is Role.USER
