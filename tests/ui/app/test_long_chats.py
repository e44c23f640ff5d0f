"""A long chat in the whole app: what is read of it, and moving about in it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.server import Server
from tests.store.chats import chat as new_chat
from tests.store.chats import reply, said
from tests.ui.app.chatting import Chinwag, chinwag
from tests.wire import DONE, Reply, finish, text
from tui.core.message import Message, Status
from tui.core.tree import Node
from tui.store.library import Library
from tui.ui.conversation_view import FIRST_LOOK
from tui.ui.start import Start

TURNS = 1_000
OPEN_LAST = Start(continue_last=True)
CODE = "Like this:\n\n```python\nfound = True\n```"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A chat of 2,000 messages with code in the third reply only."""
    library = Library(tmp_path / "chinwag.db")
    conversation = new_chat("Long")
    messages: list[Message] = []
    for turn in range(TURNS):
        question = said(conversation, f"Question {turn}?", messages[-1] if messages else None)
        text = CODE if turn == 2 else f"Answer {turn}. " + "It is so. " * 20
        messages += [question, reply(question, text, Status.COMPLETE)]
    library.begin_turn(messages, conversation)
    library.close()
    return tmp_path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the messages whose texts are read from the library, as they are."""
    ids: list[str] = []
    reading = Library.messages

    def counted(self: Library, wanted: Sequence[str]) -> list[Message]:
        ids.extend(wanted)
        return reading(self, wanted)

    monkeypatch.setattr(Library, "messages", counted)
    return ids


async def opened(chat: Chinwag) -> None:
    await chat.shows(f"Answer {TURNS - 1}.")
    await chat.press("tab")
    await chat.until(lambda: chat.screen.transcript.has_focus)


async def test_opening_reads_the_last_screenful_and_the_rest_as_it_is_seen(
    home: Path, read: list[str]
) -> None:
    async with chinwag(home, start=OPEN_LAST) as chat:
        await opened(chat)
        await chat.until(lambda: chat.screen.transcript._idle is None)
        assert len(read) <= 2 * FIRST_LOOK
        assert len(chat.screen.chat.tree) == 2 * TURNS  # of the others the shape is known
        before = len(read)
        for _ in range(5):
            await chat.press("pageup")
        await chat.until(lambda: "Answer" in chat.seen)
        await chat.until(lambda: chat.screen.transcript._idle is None)
        assert before < len(read) <= before + 100
        await chat.press("g")
        await chat.shows("Question 0?", "Answer 0.")
        assert len(read) <= before + 150  # what lies between was not read
        assert len(read) == len(set(read))  # and nothing twice


async def test_a_code_block_far_away_is_found_folded_and_left_so(
    home: Path, read: list[str]
) -> None:
    async with chinwag(home, start=OPEN_LAST) as chat:
        await opened(chat)
        await chat.press("left_curly_bracket")
        await chat.shows("found = True")
        assert len(read) == len(set(read))
        await chat.press("z")
        await chat.shows("▸ python · 1 line")
        assert "found = True" not in chat.seen
        await chat.press("end")
        await chat.shows(f"Answer {TURNS - 1}.")
        await chat.press("g")
        await chat.shows("▸ python · 1 line")
        await chat.click("▸ python")
        await chat.shows("found = True")
        await chat.press("left_curly_bracket")
        await chat.until(lambda: "There is no code block above." in chat.toasts)


async def test_a_message_folds_by_a_click_on_who_speaks(home: Path) -> None:
    async with chinwag(home, start=OPEN_LAST) as chat:
        await opened(chat)
        await chat.click("You")
        await chat.shows(f"▸ You  Question {TURNS - 1}?")
        await chat.click(f"Question {TURNS - 1}?")
        await chat.until(lambda: "▸ You" not in chat.seen)


async def test_folding_wakes_nothing_else(home: Path, read: list[str]) -> None:
    async with chinwag(home, start=OPEN_LAST) as chat:
        await opened(chat)
        await chat.until(lambda: chat.screen.transcript._idle is None)
        before = len(read)
        await chat.press("left_square_bracket", "z", "z", "left_square_bracket", "z")
        await chat.shows("▸ You")
        await chat.until(lambda: chat.screen.transcript._idle is None)
        assert len(read) <= before + FIRST_LOOK


@pytest.fixture
def goes_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Until it is set, no chat's whole tree is read."""
    goes_on = threading.Event()
    reading = Library.nodes

    def held(self: Library, chat_id: str) -> list[Node]:
        assert goes_on.wait(10)
        return reading(self, chat_id)

    monkeypatch.setattr(Library, "nodes", held)
    yield goes_on
    goes_on.set()


async def test_the_end_is_on_screen_before_the_rest_is_read(
    home: Path, goes_on: threading.Event
) -> None:
    async with chinwag(home, start=OPEN_LAST) as chat:
        await chat.shows(f"Answer {TURNS - 1}.")
        assert not chat.screen.chat.whole
        goes_on.set()
        await chat.until(lambda: chat.screen.chat.whole)
        assert len(chat.screen.chat.path) == 2 * TURNS
        assert chat.screen.transcript.following
        await chat.shows(f"Answer {TURNS - 1}.")
        await chat.press("tab", "g")
        await chat.shows("Question 0?", "Answer 0.")


async def test_what_was_scrolled_to_before_the_rest_was_read_stays(
    home: Path, goes_on: threading.Event
) -> None:
    def read() -> list[str]:
        return [line[33:110] for line in chat.seen.split("\n")[1:20]]

    async with chinwag(home, start=OPEN_LAST) as chat:
        await chat.shows(f"Answer {TURNS - 1}.")
        chat.screen.transcript.action_page_back()
        await chat.pilot.pause()
        before = read()
        goes_on.set()
        await chat.until(lambda: chat.screen.chat.whole)
        assert read() == before


async def test_the_newest_messages_are_at_hand_wherever_one_reads(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.session.chat.KEPT_MESSAGES", 10)
    async with chinwag(home, start=OPEN_LAST) as chat:
        await opened(chat)
        await chat.press("g")
        await chat.shows("Question 0?")
        path = chat.screen.chat.path
        await chat.until(lambda: path[-1] not in chat.screen.chat.messages)
        await chat.press("ctrl+y")
        await chat.until(lambda: any("Copied the reply" in told for told in chat.toasts))
        assert chat.app.clipboard.startswith(f"Answer {TURNS - 1}.")
        await chat.press("e")
        await chat.until(lambda: chat.typed == f"Question {TURNS - 1}?")


async def test_texts_that_are_handed_over_again_while_they_stream_are_there_once(
    tmp_path: Path, server: Server
) -> None:
    gate, end = asyncio.Event(), asyncio.Event()
    server.script(Reply([text("one "), gate, text("two "), end, text("three"), finish(), DONE]))
    async with chinwag(tmp_path, server) as chat:
        await chat.send("Count")
        await chat.shows("one")
        view, turn = chat.screen.view, chat.screen.view.turn
        assert turn is not None
        gate.set()
        await chat.until(lambda: turn.text == "one two ")
        turn.observers.tell(turn)  # it is to be painted, and before that
        await view.provide([turn.reply.id])  # a search shows what it found around it
        await chat.pilot.pause()
        await chat.shows("one two")
        assert "two two" not in chat.seen
        end.set()
        await chat.shows("one two three")
