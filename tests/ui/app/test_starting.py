"""Starting: what is typed ahead acts on the chat that was asked for, in the order it was typed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.server import Server
from tests.ui.app.chatting import chinwag
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.ui.start import Start


@pytest.mark.parametrize("by_id", [False, True])
async def test_what_is_typed_ahead_of_a_saved_chat_is_said_there(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, by_id: bool
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("one")
        saved = chat.screen.chat.id
    disk = asyncio.Event()
    opened = Sessions.open_end

    async def opens_late(sessions: Sessions, chat_id: str, count: int) -> Chat:
        await disk.wait()
        return await opened(sessions, chat_id, count)

    monkeypatch.setattr(Sessions, "open_end", opens_late)
    start = Start(chat_id=saved) if by_id else Start(continue_last=True)
    typed = (*"two", "enter", *"three")
    async with chinwag(tmp_path, server, start=start, typed_ahead=typed) as chat:
        assert chat.typed == ""
        disk.set()
        await chat.until(lambda: chat.typed == "three")
        await chat.until(lambda: len(chat.branch) == 4 and not chat.sessions.turns)
        assert chat.screen.chat.id == saved
        assert [one["content"] for one in server.requests[-1].body["messages"]][::2] == [
            "one",
            "two",
        ]
        assert len(chat.rows) == 1


async def test_what_is_typed_ahead_of_a_last_chat_that_there_is_not_is_said_in_a_new_one(
    tmp_path: Path, server: Server
) -> None:
    start = Start(continue_last=True)
    async with chinwag(tmp_path, server, start=start, typed_ahead=(*"one", "enter")) as chat:
        await chat.until(lambda: chat.replies and not chat.sessions.turns)
        assert server.requests[0].prompt == "one"


async def test_what_is_typed_ahead_of_a_new_chat_is_written_at_once(
    tmp_path: Path, server: Server
) -> None:
    typed = (*"one", "enter", *"two")
    async with chinwag(tmp_path, server, typed_ahead=typed) as chat:
        await chat.until(lambda: chat.typed == "two" and server.requests)
        assert server.requests[0].prompt == "one"
