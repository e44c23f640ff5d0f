"""A long chat in the whole app: what is read of it, and moving about in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.store.chats import chat as new_chat
from tests.store.chats import reply, said
from tests.ui.app.chatting import Chinwag, chinwag
from tui.core.message import Message, Status
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
