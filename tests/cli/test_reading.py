"""`chinwag chats` and `chinwag show`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.program import SECONDS, Program
from tests.store.chats import MINUTE, NOON, chat, reply, said
from tui.cli import reading
from tui.cli.chats import table
from tui.cli.main import main
from tui.cli.reading import newest_first, short_id
from tui.core.conversation import Conversation
from tui.core.message import Attachment, Message, Status
from tui.store.library import Library


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    library = Library(home / "chinwag.db")
    yield library
    library.close()


def keep(library: Library, conversation: Conversation, *messages: Message) -> Conversation:
    question = said(conversation, "Why?", at=conversation.updated)
    library.begin_turn(messages or [question], conversation)
    return conversation


class TestChats:
    def test_none_yet_makes_nothing(self, capsys: pytest.CaptureFixture[str], home: Path) -> None:
        assert main(["chats"]) == 0
        assert main(["chats", "--json"]) == 0
        assert capsys.readouterr().out == "[]\n"
        assert not home.exists()

    def test_newest_first_as_json(
        self, capsys: pytest.CaptureFixture[str], library: Library
    ) -> None:
        old = keep(library, chat("Old", NOON))
        new = keep(library, chat("New", NOON + MINUTE))
        assert main(["chats", "--json"]) == 0
        listed = json.loads(capsys.readouterr().out)
        assert [(one["id"], one["title"]) for one in listed] == [(new.id, "New"), (old.id, "Old")]
        assert main(["chats", "--json", "-n", "1"]) == 0
        assert [one["id"] for one in json.loads(capsys.readouterr().out)] == [new.id]

    def test_the_archive_is_a_list_of_its_own(
        self, capsys: pytest.CaptureFixture[str], library: Library
    ) -> None:
        keep(library, chat("Here"))
        keep(library, replace(chat("Put away"), archived=True))
        assert main(["chats", "--archived"]) == 0
        printed = capsys.readouterr().out
        assert "Put away" in printed
        assert "Here" not in printed

    @pytest.mark.parametrize("command", ["chats", "search"])
    @pytest.mark.parametrize("number", ["0", "-5", "x", "1.5", "9" * 30])
    def test_a_number_that_makes_no_list_is_wrong_usage(
        self, capsys: pytest.CaptureFixture[str], library: Library, command: str, number: str
    ) -> None:
        keep(library, chat("Old"))
        with pytest.raises(SystemExit) as end:
            main([command, f"-n{number}", *(["moon"] if command == "search" else [])])
        assert end.value.code == 2
        assert "expected" in capsys.readouterr().err

    @pytest.mark.parametrize("limit", [None, 0, 1, 3, 4, 6, 7, 9])
    def test_pages_are_joined_without_a_seam(
        self, library: Library, monkeypatch: pytest.MonkeyPatch, limit: int | None
    ) -> None:
        monkeypatch.setattr(reading, "PAGE", 3)
        kept = [keep(library, chat(f"Chat {n}", NOON + n * MINUTE)) for n in range(7)]
        titles = [one.title for one in newest_first(library, limit)]
        assert titles == [one.title for one in reversed(kept)][:limit]

    def test_ids_are_as_short_as_they_can_be(self, library: Library) -> None:
        for chat_id in ("aaaaaa00" + "0" * 8, "aaaaaa01" + "0" * 8, "b" * 16):
            keep(library, chat(chat_id=chat_id))
        assert short_id(library, "aaaaaa00" + "0" * 8) == "aaaaaa00"
        assert short_id(library, "aaaaaa01" + "0" * 8) == "aaaaaa01"
        assert short_id(library, "b" * 16) == "bbbbbb"

    def test_columns_line_up_and_fit(self) -> None:
        rows = [
            ("3f2a11", replace(chat("Tides and the moon"), message_count=2)),
            ("77b01c", replace(chat("潮汐\x1b[31m\nand more of it"), message_count=1204)),
        ]
        first, second = table(rows, NOON + MINUTE, 40)
        assert first == "3f2a11  1 min  gpt-4o     2  Tides and…"
        assert second.startswith("77b01c  1 min  gpt-4o  1204  潮汐")
        assert max(map(cell_len, (first, second))) <= 40
        assert table(rows, NOON + MINUTE, None)[1].endswith("潮汐␛[31m and more of it")


class TestShow:
    @pytest.fixture
    def talk(self, library: Library) -> Conversation:
        """A question with a file, two replies beside each other, the second one stopped."""
        talk = replace(chat("Tides"), system_prompt="Be brief.")
        question = replace(
            said(talk, "Why?"), attachments=(Attachment("sea.txt", "text/plain", 1500, "salt"),)
        )
        first = reply(question, "The moon.", Status.COMPLETE)
        second = replace(reply(question, "The *mo", Status.STOPPED), model="gpt-4o-mini")
        keep(library, talk, question, first, second)
        return talk

    def test_the_branch_it_was_left_on_reads_as_markdown(
        self, capsys: pytest.CaptureFixture[str], talk: Conversation
    ) -> None:
        assert main(["show", talk.id[:6]]) == 0
        assert (
            capsys.readouterr().out
            == f"""\
# Tides

{talk.id} · 2026-03-01T12:00:00.000Z

## System

Be brief.

## You

[sea.txt, 2 kB]

Why?

## gpt-4o-mini (2 of 2)

The *mo

*(stopped)*
"""
        )

    def test_json_has_every_branch(
        self, capsys: pytest.CaptureFixture[str], talk: Conversation
    ) -> None:
        assert main(["show", "--json", talk.id]) == 0
        value = json.loads(capsys.readouterr().out)
        assert (value["id"], value["system_prompt"]) == (talk.id, "Be brief.")
        question, first, second = value["messages"]
        assert (first["parent"], second["parent"]) == (question["id"], question["id"])
        assert [first["text"], second["text"]] == ["The moon.", "The *mo"]
        assert value["active_leaf"] == second["id"]
        assert question["attachments"][0]["text"] == "salt"

    def test_an_id_that_is_of_none_or_of_several(
        self, capsys: pytest.CaptureFixture[str], library: Library
    ) -> None:
        for chat_id in ("aaaa" + "0" * 12, "aaaa" + "1" * 12):
            keep(library, chat(chat_id=chat_id))
        assert main(["show", "aaaa"]) == 1
        assert main(["show", "bbbb"]) == 1
        several, none = capsys.readouterr().err.splitlines()
        assert several.startswith("chinwag: Several chats")
        assert none.startswith("chinwag: There is no chat bbbb")


def test_a_reader_who_has_enough_is_no_failure(chinwag: Program) -> None:
    library = Library(chinwag.home / "chinwag.db")
    for _ in range(100):  # more than a pipe holds
        library.create(chat("A title of some length. " * 50))
    library.close()
    with chinwag.start("chats") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(SECONDS) == 141
        assert process.stderr.read() == b""
