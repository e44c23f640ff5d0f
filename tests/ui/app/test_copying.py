"""Ctrl+C copies what is selected, on every screen that has messages to read."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.server import Server
from tests.ui.app.chatting import chinwag
from tests.wire import Reply, says, text
from tui.ui.compare_screen import CompareScreen


async def test_what_the_mouse_selected_is_copied_also_while_a_reply_is_written(
    tmp_path: Path, server: Server
) -> None:
    server.script(Reply([text("one two three"), asyncio.Event()]))
    async with chinwag(tmp_path, server) as chat:
        await chat.send("hi")
        await chat.shows("one two three")
        await chat.drag("two", "three")
        await chat.press("ctrl+c")
        await chat.until(lambda: chat.app.clipboard == "two three")
        assert chat.toasts == ["Copied selection (9 characters)"]
        chat.screen.writer.composer.focus()
        await chat.press("ctrl+c")
        await chat.until(lambda: len(chat.toasts) == 2)
        assert chat.toasts[0] == chat.toasts[1]
        assert chat.sessions.turns


async def test_a_selection_that_shrank_to_nothing_is_none(tmp_path: Path, server: Server) -> None:
    server.script(says("one"))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        chat.screen.transcript.focus()
        await chat.press("shift+right", "shift+left", "ctrl+c")
        await chat.until(lambda: "Ctrl+C again quits." in chat.toasts)


async def test_the_title_of_the_chat_is_copied(tmp_path: Path, server: Server) -> None:
    server.script(says("one"))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("zebra")
        await chat.drag("zebra", "zebra")  # the topmost is the title
        await chat.press("ctrl+c")
        await chat.until(lambda: chat.app.clipboard == "zebra")


async def test_one_of_the_replies_that_are_compared_is_copied_from(
    tmp_path: Path, server: Server
) -> None:
    server.script(says("first words"), says("second words"))
    async with chinwag(tmp_path, server) as chat:
        chat.screen.writer.composer.put("/compare gpt-4o gpt-4o-mini -- hi")
        await chat.press("enter")
        await chat.until(lambda: isinstance(chat.app.screen, CompareScreen))
        await chat.shows("first words", "second words")
        await chat.drag("second", "second words")
        await chat.press("ctrl+c")
        await chat.until(lambda: chat.app.clipboard == "second words")
        await chat.until(lambda: "Copied selection (12 characters)" in chat.toasts)
