"""`chinwag search`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.store.chats import MINUTE, NOON, chat, reply, said
from tui.cli.main import main
from tui.cli.search import readable
from tui.core.message import Message, Status
from tui.core.query import parse_query
from tui.store.library import Library


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    library = Library(home / "chinwag.db")
    yield library
    library.close()


@pytest.fixture
def messages(library: Library) -> list[Message]:
    """Two chats: a question with two replies, and a later question."""
    tides, sea = chat("Tides", chat_id="aaaaaa" + "0" * 10), chat("Sea", chat_id="b" * 16)
    question = said(tides, "Why two tides?")
    messages = [
        question,
        reply(question, "The moon\npulls.", Status.COMPLETE),
        reply(question, "Gravity of the moon and \x1b[31mthe sun.", Status.COMPLETE),
    ]
    library.begin_turn(messages, tides)
    later = said(sea, "Is the sea salty? C++ knows.", at=NOON + MINUTE)
    library.begin_turn([later], sea)
    return [*messages, later]


def test_json_is_the_contract(capsys: pytest.CaptureFixture[str], messages: list[Message]) -> None:
    assert main(["search", "--json", "moon", "role:assistant"]) == 0
    newest, older = json.loads(capsys.readouterr().out)
    assert newest["message"] == messages[2].id
    assert older == {
        "conversation": messages[1].conversation,
        "message": messages[1].id,
        "title": "Tides",
        "role": "assistant",
        "created": "2026-03-01T12:00:00.000Z",
        "snippet": "The moon pulls.",
    }
    assert main(["search", "--json", "moon", "-n", "1"]) == 0
    assert [one["message"] for one in json.loads(capsys.readouterr().out)] == [newest["message"]]


def test_lines_stand_under_their_chats(
    capsys: pytest.CaptureFixture[str], messages: list[Message]
) -> None:
    assert main(["search", "the"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == ["aaaaaa  Tides", "bbbbbb  Sea"]
    assert lines[2].endswith("reply  The moon pulls.")
    assert lines[4].endswith("you    Is the sea salty? C++ knows.")


def test_what_was_found_is_marked_and_lines_fit(library: Library, messages: list[Message]) -> None:
    hits = library.search(parse_query("moon sun"), limit=5)
    ids = {hit.conversation: hit.conversation[:6] for hit in hits}
    (_, line) = readable(hits, ids, NOON + MINUTE, 60, marked=True)
    assert line.endswith("Gravity of the \x1b[1mmoon\x1b[22m and ␛[31mthe \x1b[1msun\x1b[22m.")
    for width in (20, 33, 40):
        title, line = readable(hits, ids, NOON + MINUTE, width, marked=False)
        assert max(cell_len(title), cell_len(line)) <= width


@pytest.mark.parametrize("typed", ["nowhere", '"', "(", "in:this moon", "--", ""])
def test_nothing_found_is_no_failure(
    capsys: pytest.CaptureFixture[str], messages: list[Message], typed: str
) -> None:
    assert main(["search", "--json", "--", typed]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["search", "--", typed]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", "chinwag: Nothing was found.\n")


def test_a_query_may_begin_with_a_minus(
    capsys: pytest.CaptureFixture[str], messages: list[Message]
) -> None:
    assert main(["search", "--json", "--", "-moon"]) == 0
    found = [one["message"] for one in json.loads(capsys.readouterr().out)]
    assert found == [messages[3].id, messages[0].id]


@pytest.mark.parametrize("words", [["-moon"], ["tides", "-moon"], ["-not"]])
def test_a_query_that_was_taken_for_an_option_is_told_how_to_ask(
    capsys: pytest.CaptureFixture[str], home: Path, words: list[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["search", *words])
    assert "Put -- before a query that begins with a minus" in capsys.readouterr().err


def test_no_library_is_made_for_it(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert main(["search", "--json", "moon"]) == 0
    assert capsys.readouterr().out == "[]\n"
    assert not home.exists()
