"""`chinwag export` and `chinwag import`."""

from __future__ import annotations

import json
import stat
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Piped
from tests.cli.program import Program
from tests.store.chats import MINUTE, NOON, chat, reply, said
from tui.cli.main import main
from tui.core.conversation import Conversation
from tui.core.message import Status
from tui.store.foreign.reading import NOTHING_KNOWN
from tui.store.library import Library


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    library = Library(home / "chinwag.db")
    yield library
    library.close()


def keep(library: Library, conversation: Conversation, text: str = "Because.") -> Conversation:
    question = said(conversation, "Why?", at=conversation.updated)
    answer = reply(question, text, Status.COMPLETE, at=conversation.updated)
    library.begin_turn([question, answer], conversation)
    return conversation


@pytest.fixture
def three(library: Library) -> list[Conversation]:
    """Three chats, the newest first, the last of them in the archive."""
    return [
        keep(library, chat("New", NOON + MINUTE)),
        keep(library, chat("Old")),
        keep(library, replace(chat("Put away", NOON + 2 * MINUTE), archived=True)),
    ]


def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Another home, from here on."""
    home = tmp_path / "elsewhere"
    monkeypatch.setenv("CHINWAG_HOME", str(home))
    return home


class TestExport:
    def test_one_chat_to_standard_output_as_markdown(
        self, capsys: pytest.CaptureFixture[str], three: list[Conversation]
    ) -> None:
        assert main(["export", three[0].id[:8]]) == 0
        out = capsys.readouterr().out
        assert out.startswith(f"# New\n\n{three[0].id} · ")
        assert out.endswith("## gpt-4o\n\nBecause.\n")

    def test_all_newest_first_the_archive_last_the_trash_not(
        self, capsys: pytest.CaptureFixture[str], library: Library, three: list[Conversation]
    ) -> None:
        thrown_away = keep(library, chat("Gone"))
        library.delete(thrown_away.id, NOON)
        assert main(["export", "--all", "--format", "json"]) == 0
        titles = [one["title"] for one in json.loads(capsys.readouterr().out)["conversations"]]
        assert titles == ["New", "Old", "Put away"]
        assert main(["export", thrown_away.id, "--format", "json"]) == 0
        (asked_for,) = json.loads(capsys.readouterr().out)["conversations"]
        assert asked_for["deleted_at"] == "2026-03-01T12:00:00.000Z"

    def test_the_json_has_what_show_prints(
        self, capsys: pytest.CaptureFixture[str], three: list[Conversation]
    ) -> None:
        assert main(["show", "--json", three[0].id]) == 0
        shown: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert main(["export", "--format", "json", three[0].id]) == 0
        (exported,) = json.loads(capsys.readouterr().out)["conversations"]
        assert {name: exported[name] for name in shown if name != "messages"} == {
            name: value for name, value in shown.items() if name != "messages"
        }
        for ours, theirs in zip(exported["messages"], shown["messages"], strict=True):
            assert ours | theirs == ours

    @pytest.mark.parametrize(
        ("name", "begins"),
        [("a.md", "# New"), ("a.json", "{"), ("a.toml", "format"), ("a.html", "<!DOC"), ("a", "#"),
         ("a.Markdown", "#"), ("Dr. Smith", "#"), ("2026.11", "#"), (".a", "#")],
    )  # fmt: skip
    def test_to_a_file_whose_ending_says_the_format(
        self,
        capsys: pytest.CaptureFixture[str],
        three: list[Conversation],
        tmp_path: Path,
        name: str,
        begins: str,
    ) -> None:
        path = tmp_path / name
        assert main(["export", three[0].id, "-o", str(path)]) == 0
        assert capsys.readouterr().out == f"{path}\n"
        assert path.read_text("utf-8").startswith(begins)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_to_a_file_that_ends_as_no_format_does(
        self, capsys: pytest.CaptureFixture[str], three: list[Conversation], tmp_path: Path
    ) -> None:
        path = tmp_path / "new" / "a.pdf"
        assert main(["export", three[0].id, "-o", str(path)]) == 1
        assert capsys.readouterr().err == (
            "chinwag: Chats can't be exported as pdf. Name md, json, toml or html, as the format "
            "or as the ending of the file.\n"
        )
        assert not path.parent.exists()
        assert main(["export", three[0].id, "--format", "html", "-o", str(path)]) == 0
        assert path.read_text("utf-8").startswith("<!DOC")
        folder = tmp_path / "chats.d"
        folder.mkdir()
        assert main(["export", three[0].id, "-o", str(folder)]) == 0
        assert [one.suffix for one in folder.iterdir()] == [".md"]

    def test_to_a_folder_a_file_for_each_and_none_overwritten(
        self, capsys: pytest.CaptureFixture[str], three: list[Conversation], tmp_path: Path
    ) -> None:
        folder = tmp_path / "out"
        first = folder / f"new-{three[0].id[:8]}.toml"
        words = ["export", "--all", "--format", "toml", "-o", f"{folder}/"]
        assert main(words) == 0
        assert len(list(folder.iterdir())) == 3
        assert capsys.readouterr().out.splitlines()[0] == str(first)
        first.write_text("mine")
        assert main(words) == 1
        assert "3 chats not exported" in capsys.readouterr().err
        assert first.read_text() == "mine"
        assert main([*words, "--force"]) == 0
        assert first.read_text().startswith("format")

    def test_a_file_that_is_there_is_not_overwritten(
        self, capsys: pytest.CaptureFixture[str], three: list[Conversation], tmp_path: Path
    ) -> None:
        path = tmp_path / "a.md"
        path.write_text("mine")
        assert main(["export", three[0].id, "-o", str(path)]) == 1
        err = capsys.readouterr().err
        assert "is there already" in err
        assert err.endswith("Name another file, or replace it with --force.\n")
        assert path.read_text() == "mine"
        assert main(["export", three[0].id, "-o", str(path), "--force"]) == 0

    def test_a_path_that_can_not_be_used_is_one_line(
        self, capsys: pytest.CaptureFixture[str], three: list[Conversation]
    ) -> None:
        for path in ("~nobody-of-that-name/x.md", "x" * 300 + ".md"):
            assert main(["export", three[0].id, "-o", path]) == 1
            out, err = capsys.readouterr()
            assert out == ""
            assert "can't be written" in err
            assert err.count("\n") == 1

    def test_which_chats_must_be_said_one_way(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["export"]) == 2
        assert main(["export", "--all", "abc"]) == 2
        assert main(["export", "abc"]) == 1
        assert "There is no chat abc" in capsys.readouterr().err

    def test_an_export_of_many_holds_one_at_a_time(
        self, home: Path, library: Library, tmp_path: Path
    ) -> None:
        for n in range(30):
            keep(library, chat(f"Chat {n}", NOON + n * MINUTE), "x" * 300_000)
        path = tmp_path / "all.json"
        tracemalloc.start()
        try:
            assert main(["export", "--all", "-o", str(path)]) == 0
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert path.stat().st_size > 9_000_000
        assert peak < 5_000_000


class TestImport:
    @pytest.mark.parametrize("ending", ["json", "toml"])
    def test_into_another_library_and_again(
        self,
        capsys: pytest.CaptureFixture[str],
        three: list[Conversation],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        ending: str,
    ) -> None:
        path = tmp_path / f"all.{ending}"
        main(["export", "--all", "-o", str(path)])
        elsewhere(monkeypatch, tmp_path)
        capsys.readouterr()
        assert main(["import", str(path)]) == 0
        assert capsys.readouterr().out == "3 chats came in, 6 messages\n"
        assert main(["import", str(path)]) == 0
        assert capsys.readouterr().out == ("0 chats came in, 0 messages\n3 chats already here\n")
        assert main(["export", "--all", "--format", ending]) == 0
        assert capsys.readouterr().out == path.read_text("utf-8")

    def test_the_summary_as_json(
        self,
        capsys: pytest.CaptureFixture[str],
        library: Library,
        three: list[Conversation],
        tmp_path: Path,
    ) -> None:
        path, broken = tmp_path / "all.json", tmp_path / "broken.json"
        main(["export", "--all", "-o", str(path)])
        value = json.loads(path.read_text("utf-8"))
        value["conversations"][1]["messages"][0]["role"] = "root"
        broken.write_text(json.dumps(value))
        library.change(three[0].id, title="Newer")
        library.delete(three[2].id, NOON)
        library.empty_trash(NOON + MINUTE)
        capsys.readouterr()
        assert main(["import", "--json", str(broken), str(tmp_path / "none.json")]) == 1
        summary = json.loads(capsys.readouterr().out)
        first, second = summary.pop("failed")
        assert summary == {
            "added": [{"id": three[2].id, "title": "Put away"}],
            "messages": 2,
            "present": [],
            "different": [{"id": three[0].id, "title": "New"}],
            "grown": [],
            "empty": 0,
            "failed_count": 2,
        }
        assert first["file"] == str(broken)
        assert first["reason"].startswith("Chat 2: `role` of message 1 of the chat")
        assert second["reason"] == "No such file or directory."

    def test_what_can_not_be_read_is_said_and_makes_no_library(
        self, capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
    ) -> None:
        path = tmp_path / "notes.md"
        path.write_text("Notes of mine.\n")
        assert main(["import", str(path), str(tmp_path)]) == 1
        out, err = capsys.readouterr()
        assert out == "0 chats came in, 0 messages\n"
        assert err.splitlines() == [
            f"chinwag: {path}: {NOTHING_KNOWN}.",
            f"chinwag: {tmp_path}: Is a directory.",
        ]
        assert not home.exists()

    def test_one_that_is_here_and_not_the_same_is_named(
        self,
        capsys: pytest.CaptureFixture[str],
        library: Library,
        three: list[Conversation],
        tmp_path: Path,
    ) -> None:
        path = tmp_path / "a.toml"
        main(["export", three[0].id, "-o", str(path)])
        library.change(three[0].id, draft="More")
        capsys.readouterr()
        assert main(["import", str(path)]) == 0
        assert f"  {three[0].id}  New\n" in capsys.readouterr().out
        assert library.conversation(three[0].id).draft == "More"

    def test_a_message_that_another_chat_has(
        self,
        capsys: pytest.CaptureFixture[str],
        library: Library,
        three: list[Conversation],
        tmp_path: Path,
    ) -> None:
        path = tmp_path / "a.json"
        main(["export", three[0].id, "-o", str(path)])
        path.write_text(path.read_text().replace(three[0].id, "f" * 16))
        assert main(["import", str(path)]) == 1
        assert "is that of a message in another chat" in capsys.readouterr().err
        assert len(library.conversations()) == 2

    def test_from_standard_input(
        self,
        capsys: pytest.CaptureFixture[str],
        three: list[Conversation],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        main(["export", "--all", "--format", "json"])
        exported = capsys.readouterr().out
        elsewhere(monkeypatch, tmp_path)
        monkeypatch.setattr("sys.stdin", Piped(exported.encode()))
        assert main(["import", "-"]) == 0
        assert capsys.readouterr().out == "3 chats came in, 6 messages\n"


def test_as_programs_in_a_pipe(chinwag: Program, tmp_path: Path) -> None:
    asked = chinwag("ask", "--json", "hello").json
    exported = chinwag("export", "--all", "--format", "toml").out
    other = replace(chinwag, home=tmp_path / "other")
    assert other("import", "-", stdin=exported).out == "1 chat came in, 2 messages\n"
    assert other("export", asked["conversation"], "--format", "toml").out == exported
