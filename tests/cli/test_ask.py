"""`chinwag ask`, as a process against a server that speaks the real wire format."""

from __future__ import annotations

import os
import pty
import signal
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import Piped
from tests.cli.program import KEY, ROOT, SECONDS, Program, eventually
from tui.cli.main import main


class TestAnswering:
    def test_the_answer_alone_is_on_standard_output(self, chinwag: Program) -> None:
        done = chinwag("ask", "Why", "is the sky blue?")
        assert (done.out, done.err) == ("Why is the sky blue?\n", "")
        assert [(one.role, one.status, one.text) for one in chinwag.saved()] == [
            ("user", "complete", "Why is the sky blue?"),
            ("assistant", "complete", "Why is the sky blue?"),
        ]

    def test_what_is_piped_in_follows_the_prompt_and_files_go_along(
        self, chinwag: Program, tmp_path: Path
    ) -> None:
        file = tmp_path / "notes.md"
        file.write_text("# Notes\n", encoding="utf-8")
        words = ["-s", "Be brief.", "-m", "echo", "-f", str(file)]
        done = chinwag("ask", "Sum up:", *words, stdin="one\ntwo\n")
        (body,) = chinwag.asked()
        system, question = body["messages"]
        assert system == {"role": "system", "content": "Be brief."}
        assert question["content"] == "``` notes.md\n# Notes\n```\n\nSum up:\n\none\ntwo"
        assert body["model"] == "echo"
        assert done.out == question["content"] + "\n"

    def test_a_chat_goes_on_with_what_the_options_change(self, chinwag: Program) -> None:
        first = chinwag("ask", "--json", "First.").json["conversation"]
        second = chinwag("ask", "--chat", first[:6], "-m", "think", "--temperature", "0", "Second.")
        assert second.out == "Second.\n", "what the model thinks is not part of its answer"
        done = chinwag("ask", "-c", "--max-tokens", "7", "--no-stream", "--json", "Third.")
        body = chinwag.asked()[-1]
        assert [message["content"] for message in body["messages"]] == [
            "First.", "First.", "Second.", "Second.", "Third.",
        ]  # fmt: skip
        assert (body["model"], body["temperature"], body["max_tokens"]) == ("think", 0, 7)
        assert body["stream"] is False
        reply = done.json
        assert reply["conversation"] == first
        assert reply["reasoning"] == "Let me see. "
        assert (reply["text"], reply["status"], reply["error"]) == ("Third.", "complete", None)
        assert reply["usage"]["exact"] is True

    def test_nothing_is_kept_with_no_save(self, chinwag: Program) -> None:
        assert chinwag("ask", "--no-save", "Between us.").out == "Between us.\n"
        assert not chinwag.home.exists()

    def test_an_empty_id_names_no_chat(self, chinwag: Program) -> None:
        """As `--chat "$ID"` gives where ID is not set."""
        chinwag("ask", "First.")
        done = chinwag("ask", "--chat", "", "Second.", status=1)
        assert done.err.startswith("chinwag: No chat was named")
        assert len(chinwag.asked()) == 1


class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
    def test_a_signal_keeps_what_has_arrived(
        self, chinwag: Program, number: signal.Signals
    ) -> None:
        # The server says two words and never ends: what is read here is read before the end.
        with chinwag.start("ask", "-m", "stall", "Go on.") as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.read(10) == b"Some words"
            process.send_signal(number)
            assert process.wait(SECONDS) == 128 + number
            assert (process.stdout.read(), process.stderr.read()) == (b" \n", b"")
        reply = chinwag.saved()[-1]
        assert (reply.status, reply.text) == ("stopped", "Some words ")
        eventually(chinwag.disconnected)

    def test_a_stopped_reply_is_still_printed_as_json(self, chinwag: Program) -> None:
        process = chinwag.start("ask", "-m", "stall", "--json", "Go on.")
        eventually(lambda: any(one.text == "Some words " for one in chinwag.saved()))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SECONDS)
        assert (process.returncode, err) == (130, b"")
        assert b'"status": "stopped"' in out
        assert b'"text": "Some words "' in out

    def test_a_closed_pipe_ends_it_quietly(self, chinwag: Program) -> None:
        with chinwag.start("ask", "-m", "slow", "Go on.") as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.read(5) == b"word0"
            process.stdout.close()
            assert process.wait(SECONDS) == 141
            assert process.stderr.read() == b""
        reply = chinwag.saved()[-1]
        assert reply.status == "stopped"
        assert reply.text.startswith("word0 word1")
        eventually(chinwag.disconnected)

    def test_a_reader_that_rests_holds_up_neither_saving_nor_the_end(
        self, chinwag: Program
    ) -> None:
        # More than any pipe takes, and nobody reads it.
        process = chinwag.start("ask", "-m", "lorem-20000", "Go on.")
        eventually(lambda: any(one.status == "complete" for one in chinwag.saved()[1:]))
        assert process.poll() is None, "the answer waits for its reader"
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 130
        process.communicate()
        assert len(chinwag.saved()[-1].text.split()) == 20_000


class TestPrices:
    """What knows them is loaded meanwhile; an answer has worth without a price."""

    def with_prices(self, chinwag: Program, tmp_path: Path, source: str) -> Program:
        package = tmp_path / "instead" / "genai_prices"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(source)
        return replace(chinwag, environ={"PYTHONPATH": f"{package.parent}:{ROOT}"})

    def test_a_failure_does_not_wait_for_them(self, chinwag: Program, tmp_path: Path) -> None:
        chinwag = self.with_prices(chinwag, tmp_path, "import threading; threading.Event().wait()")
        assert "no-model" in chinwag("ask", "-m", "no-model", "Hello?", status=1).err

    def test_one_that_can_not_be_loaded_costs_no_word(
        self, chinwag: Program, tmp_path: Path
    ) -> None:
        chinwag = self.with_prices(chinwag, tmp_path, "raise RuntimeError('it is broken')")
        done = chinwag("ask", "Hello?", "--json")
        assert (done.json["text"], done.json["cost_usd"], done.err) == ("Hello?", None, "")


class TestFailing:
    def test_a_refusal_is_one_line_and_exit_status_1(self, chinwag: Program) -> None:
        done = chinwag("ask", "-m", "no-model", "Hello?", status=1)
        assert done.out == ""
        assert done.err.startswith("chinwag: ")
        assert done.err.count("\n") == 1
        assert "no-model" in done.err

    def test_a_broken_stream_leaves_what_came(self, chinwag: Program) -> None:
        done = chinwag("ask", "-m", "cut", "Hello?", status=1)
        assert done.out == "Some words \n"
        assert done.err.startswith("chinwag: ")
        reply = chinwag.saved()[-1]
        assert (reply.status, reply.text) == ("failed", "Some words ")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
    def test_a_full_disk_is_told_and_the_reply_saved(self, chinwag: Program) -> None:
        with Path("/dev/full").open("wb") as full:
            process = chinwag.start("ask", "-m", "stall", "Hello?", stdout=full.fileno())
            _, err = process.communicate(timeout=SECONDS)
        assert process.returncode == 1
        assert err.startswith(b"chinwag: The answer can't be written: No space left")
        assert chinwag.saved()[-1].text.startswith("Some ")


class TestWrongUsage:
    """Found before anything is asked or made."""

    def refused(self, capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> str:
        try:
            status = main(["ask", *words])
        except SystemExit as end:  # argparse's way
            status = int(end.code or 0)
        assert status == 2
        assert not home.exists()
        return capsys.readouterr().err

    @pytest.mark.usefixtures("nothing_piped")
    def test_nothing_to_ask(self, capsys: pytest.CaptureFixture[str], home: Path) -> None:
        assert "nothing to ask" in self.refused(capsys, home)

    def test_input_that_is_not_text(
        self, capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.stdin", Piped(b"\xff\xfe\x00"))
        assert "standard input is not text" in self.refused(capsys, home, "What is this?")

    def test_files_that_are_not_text_or_not_there(
        self, capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
        refused = self.refused(capsys, home, "-f", str(tmp_path / "picture.png"), "What?")
        assert "picture.png is not text" in refused
        assert "No such file" in self.refused(capsys, home, "-f", str(tmp_path / "none"), "What?")
        assert "Is a directory" in self.refused(capsys, home, "-f", str(tmp_path), "What?")

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (["--no-save", "-c"], "leave out -c"),
            (["--no-save", "--chat", ""], "leave out -c"),
            (["--max-tokens", "0"], "expected a whole number from 1 on, not '0'"),
            (["--max-tokens", "²"], "expected a whole number from 1 on"),
            (["--max-tokens", "1" + "0" * 20], "expected 10000000 at most"),
            (["--max-tokens", "9" * 5000], "expected 10000000 at most"),
            (["--temperature", "3"], "expected a number from 0 to 2, not '3'"),
            (["-m", "gpt-4o", "--local"], "not allowed with"),
            (["--what"], "unrecognized"),
        ],
    )
    def test_options(
        self, capsys: pytest.CaptureFixture[str], home: Path, words: list[str], says: str
    ) -> None:
        assert says in self.refused(capsys, home, *words, "Hello?")


class TestInATerminal:
    def test_remarks_go_by_and_nothing_of_the_models_acts(self, chinwag: Program) -> None:
        """The wait and its countdown, an answer with an escape sequence in it, the numbers."""
        seen = on_terminal(chinwag, "ask", "-m", "limit-1", "a \x1b[31mb")
        waiting, _, answer = seen.rpartition("\r\x1b[K")
        assert "Trying again in 1 s" in waiting
        assert answer.splitlines()[0] == "a ␛[31mb"
        assert "limit-1" in answer.splitlines()[1]

    def test_the_answer_comes_also_when_the_terminal_for_remarks_is_gone(
        self, chinwag: Program
    ) -> None:
        ours, theirs = pty.openpty()
        process = chinwag.start("ask", "-m", "limit-1", "Hello?", stderr=theirs)
        os.close(theirs)
        seen = b""
        while b"Trying again" not in seen:
            seen += os.read(ours, 65536)
        os.close(ours)
        out, _ = process.communicate(timeout=SECONDS)
        assert (process.returncode, out) == (0, b"Hello?\n")
        assert chinwag.saved()[-1].status == "complete"

    def test_a_pipe_gets_the_answer_as_it_is(self, chinwag: Program) -> None:
        assert chinwag("ask", "a \x1b[31mb").out == "a \x1b[31mb\n"


def on_terminal(chinwag: Program, *words: str) -> str:
    """What a terminal gets."""
    ours, theirs = pty.openpty()
    process = chinwag.start(*words, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = b""
    with suppress(OSError):  # EIO: nobody has the other end open any more
        while piece := os.read(ours, 65536):
            seen += piece
    os.close(ours)
    assert process.wait(SECONDS) == 0
    assert KEY.encode() not in seen
    return seen.decode()
