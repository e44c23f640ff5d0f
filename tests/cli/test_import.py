"""`chinwag import` of other programs' chats."""

from __future__ import annotations

import errno
import io
import json
import signal
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Piped
from tests.cli.program import Program, eventually
from tests.store.foreign import exports
from tests.store.foreign.exports import NOON, chatgpt_chat, node, tides, write_json
from tui.cli import importing
from tui.cli.imported import progress_text
from tui.cli.main import main
from tui.cli.output import StatusLine
from tui.core.whole import WholeConversation
from tui.store.copies import Copies, Put
from tui.store.foreign.reading import Progress
from tui.store.library import Library


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    library = Library(home / "chinwag.db")
    yield library
    library.close()


def numbered(number: int, *more: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A chat of a question and what followed."""
    question = node("q", None, "user", f"Question {number}?", at=NOON + number)
    values = {"id": str(number), "conversation_id": str(number), "title": f"Chat {number}"}
    return chatgpt_chat(question, *more, **{**values, **fields})


ANSWER = node("a", "q", "assistant", "So.", at=NOON + 1, metadata={"model_slug": "gpt-4o"})


class TestKinds:
    def test_one_of_each(
        self, capsys: pytest.CaptureFixture[str], home: Path, library: Library, tmp_path: Path
    ) -> None:
        session = tmp_path / "sea.yaml"
        session.write_text(exports.AICHAT, "utf-8")
        files = [
            write_json(tmp_path / "conversations.json", [tides()]),
            exports.elia(tmp_path / "elia.sqlite"),
            exports.oterm(tmp_path / "store.db"),
            exports.llm(tmp_path / "logs.db"),
            session,
        ]
        assert main(["import", *map(str, files)]) == 0
        assert capsys.readouterr().out == "6 chats came in, 20 messages\n"
        assert main(["import", *map(str, files)]) == 0
        assert capsys.readouterr().out == "0 chats came in, 0 messages\n6 chats already here\n"
        assert library.check() == []
        assert main(["search", "--json", "bulges"]) == 0
        (hit,) = json.loads(capsys.readouterr().out)
        assert hit["title"] == "Tides"

    def test_it_can_be_gone_on_with_at_an_endpoint_that_is_here(
        self, library: Library, home: Path, tmp_path: Path
    ) -> None:
        (home / "config.toml").write_text(
            '[[endpoints]]\nname = "ollama"\nbase_url = "http://127.0.0.1:9/v1"\n'
        )
        main(["import", str(exports.oterm(tmp_path / "store.db"))])
        found = {one.title: (one.endpoint, one.model) for one in library.conversations()}
        assert found["Tides"] == ("ollama", "llama3.2")
        assert found["Sun"][0] in ("openai", "ollama")

    @pytest.mark.parametrize(
        ("slug", "where"),
        [
            ("llama3.2", ("ollama", "llama3.2")),  # which listed it when it was last asked
            ("ollama/phi", ("ollama", "phi")),
            ("gpt-4o", ("openai", "gpt-4o")),
            ("", ("local", "SmolLM2-135M-Instruct")),  # the default
        ],
    )
    def test_it_goes_on_where_its_model_is(
        self, library: Library, home: Path, tmp_path: Path, slug: str, where: tuple[str, str]
    ) -> None:
        (home / "config.toml").write_text(
            'model = "local/SmolLM2-135M-Instruct"\n'
            '[[endpoints]]\nname = "ollama"\nbase_url = "http://127.0.0.1:9/v1"\n'
        )
        (home / "state.toml").write_text('[listed]\nollama = ["mistral", "llama3.2"]\n')
        chat = numbered(1, default_model_slug=slug)
        main(["import", str(write_json(tmp_path / "c.json", [chat]))])
        (found,) = library.conversations()
        assert (found.endpoint, found.model) == where

    def test_from_standard_input(
        self, capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.stdin", Piped(json.dumps([tides()]).encode()))
        assert main(["import", "-"]) == 0
        assert capsys.readouterr().out == "1 chat came in, 5 messages\n"


class TestTogether:
    @pytest.mark.parametrize("ours", [False, True])
    def test_chats_are_written_a_hundred_at_a_time(
        self, home: Path, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        *, ours: bool,
    ) -> None:  # fmt: skip
        path = write_json(tmp_path / "c.json", [numbered(n, ANSWER) for n in range(205)])
        if ours:
            monkeypatch.setenv("CHINWAG_HOME", str(tmp_path / "other"))
            main(["import", str(path)])
            path = tmp_path / "ours.json"
            main(["export", "--all", "-o", str(path)])
            monkeypatch.setenv("CHINWAG_HOME", str(home))
        written = []

        def counted(copies: Copies, wholes: list[WholeConversation]) -> list[tuple[Put, int]]:
            written.append(len(wholes))
            return whole_method(copies, wholes)

        whole_method = Copies.put if ours else Copies.add
        monkeypatch.setattr(Copies, whole_method.__name__, counted)
        assert main(["import", str(path)]) == 0
        assert written == [100, 100, 5]
        assert library.size().messages == 410


class TestAgain:
    def test_what_was_said_there_since_comes_behind_what_is_here(
        self, capsys: pytest.CaptureFixture[str], library: Library, tmp_path: Path
    ) -> None:
        path = write_json(tmp_path / "c.json", [numbered(1), numbered(2)])
        main(["import", str(path)])
        (one, two) = sorted(library.conversations(), key=lambda chat: chat.title)
        library.change(one.id, title="Mine", pinned=True, draft="More")
        capsys.readouterr()
        write_json(path, [numbered(1, ANSWER), numbered(2)])
        assert main(["import", "--json", str(path)]) == 0
        assert json.loads(capsys.readouterr().out) == {
            "added": [],
            "grown": [{"id": one.id, "title": "Chat 1"}],
            "messages": 1,
            "present": [{"id": two.id, "title": "Chat 2"}],
            "different": [],
            "empty": 0,
            "failed": [],
            "failed_count": 0,
        }
        grown = library.conversation(one.id)
        assert (grown.title, grown.pinned, grown.draft) == ("Mine", True, "More")
        nodes = library.nodes(one.id)
        assert len(nodes) == 2
        assert grown.active_leaf == nodes[1].id
        assert main(["import", str(path)]) == 0
        assert "0 chats came in" in capsys.readouterr().out

    def test_who_went_on_here_stays_where_they_were(
        self, capsys: pytest.CaptureFixture[str], library: Library, tmp_path: Path
    ) -> None:
        path = write_json(tmp_path / "c.json", [numbered(1)])
        main(["import", str(path)])
        (chat,) = library.conversations()
        (question,) = library.messages([chat.active_leaf or ""])
        mine = question.__class__(
            "f" * 16, chat.id, question.id, question.role, "Mine.", question.created
        )
        library.begin_turn([mine])
        write_json(path, [numbered(1, ANSWER)])
        capsys.readouterr()
        main(["import", str(path)])
        assert capsys.readouterr().out == "0 chats came in, 1 chat went on: 1 message\n"
        assert library.conversation(chat.id).active_leaf == mine.id
        assert len(library.nodes(chat.id)) == 3

    def test_what_was_deleted_here_stays_deleted(
        self, capsys: pytest.CaptureFixture[str], library: Library, tmp_path: Path
    ) -> None:
        retry = node("b", "q", "assistant", "Else.", at=NOON + 2)
        path = write_json(tmp_path / "c.json", [numbered(1, ANSWER, retry), numbered(2)])
        main(["import", str(path)])
        first, second = sorted(library.conversations(), key=lambda chat: chat.title)
        _, answer, _ = library.nodes(first.id)
        now = first.updated + timedelta(days=1)
        library.branches.delete(first.id, answer.id, now)
        library.delete(second.id, now)
        more = node("q2", "a", "user", "Go on.", at=NOON + 3)
        write_json(path, [numbered(1, ANSWER, retry, more), numbered(2, ANSWER)])
        capsys.readouterr()
        assert main(["import", str(path)]) == 0
        assert capsys.readouterr().out.endswith("2 chats already here\n")
        assert len(library.nodes(first.id)) == 2
        assert library.check() == []


class TestHostile:
    def test_what_came_before_the_break_is_taken_in(
        self, capsys: pytest.CaptureFixture[str], home: Path, library: Library, tmp_path: Path
    ) -> None:
        broken = tmp_path / "export.zip"
        with zipfile.ZipFile(broken, "w", zipfile.ZIP_BZIP2, compresslevel=1) as made:
            made.writestr("conversations-000.json", json.dumps([numbered(n) for n in range(7)]))
            made.writestr("conversations-001.json", json.dumps([numbered(7)]))
        content = bytearray(broken.read_bytes())
        second = content.rfind(b"BZh")
        content[second + 20 : second + 40] = bytes(20)
        broken.write_bytes(content)
        whole = write_json(tmp_path / "c.json", [numbered(8)])
        assert main(["import", "--json", str(whole), str(broken)]) == 1
        summary = json.loads(capsys.readouterr().out)
        assert (len(summary["added"]), summary["failed_count"]) == (8, 1)
        assert summary["failed"][0]["file"] == str(broken)

    def test_a_disk_that_fails_in_the_middle_of_a_file(
        self,
        capsys: pytest.CaptureFixture[str],
        home: Path,
        library: Library,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        class Failing(io.BytesIO):
            def read(self, size: int | None = -1, /) -> bytes:
                if not (found := super().read(size)):
                    raise OSError(errno.EIO, "Input/output error")
                return found

        piped = Piped(b"")
        monkeypatch.setattr("sys.stdin", piped)
        content = json.dumps([numbered(n) for n in range(5)]).encode()[:-1]
        monkeypatch.setattr(type(piped), "buffer", Failing(content))
        assert main(["import", "-"]) == 1
        assert capsys.readouterr() == (
            "5 chats came in, 5 messages\n", "chinwag: -: Input/output error.\n"
        )  # fmt: skip
        assert len(library.conversations()) == 5

    def test_a_terminal_that_is_gone_ends_nothing(
        self,
        capsys: pytest.CaptureFixture[str],
        home: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        class Gone(StatusLine):
            def show(self, text: str) -> None:
                raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(importing, "StatusLine", Gone)
        path = write_json(tmp_path / "c.json", [numbered(1)])
        assert main(["import", str(path)]) == 0
        assert capsys.readouterr().out == "1 chat came in, 1 message\n"

    def test_a_home_that_nobody_has(self, capsys: pytest.CaptureFixture[str], home: Path) -> None:
        assert main(["import", "~nobody-at-all/c.json"]) == 1
        assert capsys.readouterr().err == (
            "chinwag: ~nobody-at-all/c.json: No such file or directory.\n"
        )

    def test_many_failures_are_counted_and_the_first_are_said(
        self, capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
    ) -> None:
        path = write_json(tmp_path / "c.json", [*range(3000), numbered(1)])
        assert main(["import", str(path)]) == 1
        out, err = capsys.readouterr()
        assert out == "1 chat came in, 1 message\n"
        assert len(err.splitlines()) == 101
        assert err.splitlines()[-1] == "chinwag: and 2,900 more that could not be read"
        main(["import", "--json", str(path)])
        summary = json.loads(capsys.readouterr().out)
        assert (len(summary["failed"]), summary["failed_count"]) == (1000, 3000)

    def test_what_a_file_says_is_only_text(
        self, capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
    ) -> None:
        circle = numbered(1, node("a", "a", "assistant", "x"), title="\x1b[2J\u202e[b]x")
        path = write_json(tmp_path / "c.json", [circle, numbered(2, title="\ud800\x1b[2J")])
        assert main(["import", str(path)]) == 1
        out, err = capsys.readouterr()
        assert "\x1b" not in out + err
        assert "\u202e" not in err

    def test_a_large_export_is_held_a_chat_at_a_time(self, home: Path, tmp_path: Path) -> None:
        path = tmp_path / "c.json"
        answer = node("a", "q", "assistant", "x" * 300_000)
        with path.open("w") as file:
            file.write("[")
            for number in range(40):
                file.write(("," if number else "") + json.dumps(numbered(number, answer)))
            file.write("]")
        tracemalloc.start()
        try:
            assert main(["import", str(path)]) == 0
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert path.stat().st_size > 12_000_000
        assert peak < 9_000_000


class TestProgress:
    def test_how_far_it_is(self) -> None:
        half = Progress(50, 100)
        assert (
            progress_text("c.json", half, 1234) == f"{'━' * 12}{'╌' * 12} 50 %  1,234 chats  c.json"
        )
        assert progress_text("-", Progress(2_000_000), 1) == "1 chat, 2.0 MB of -"

    def test_a_terminal_sees_it_and_nothing_else_does(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        terminal = Terminal()
        monkeypatch.setattr(importing, "StatusLine", lambda _: StatusLine(terminal))
        path = write_json(tmp_path / "c.json", [numbered(n) for n in range(5)])
        main(["import", str(path)])
        assert "╌" in terminal.getvalue()
        assert terminal.getvalue().endswith("\r\x1b[K")

    def test_ctrl_c_leaves_whole_chats_and_the_same_command_goes_on(
        self, chinwag: Program, tmp_path: Path
    ) -> None:
        path = write_json(tmp_path / "c.json", [numbered(n, ANSWER) for n in range(20_000)])
        process = chinwag.start("import", str(path))
        eventually(lambda: len(chinwag.saved()) > 20)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 130
        assert b"chats came in" in out
        assert b"stopped; the same command goes on from here" in err
        came = len(chinwag.saved()) // 2
        assert 0 < came < 20_000
        assert len(chinwag.saved()) % 2 == 0
        write_json(path, [numbered(n, ANSWER) for n in range(came + 5)])
        again = chinwag("import", str(path)).out
        assert again == f"5 chats came in, 10 messages\n{came:,} chats already here\n"
