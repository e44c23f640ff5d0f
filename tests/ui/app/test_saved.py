"""Saved: what was said, typed and chosen is there at the next start, and in every window."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.server import Server
from tests.store.chats import chat as new_chat
from tests.store.chats import reply, said
from tests.ui.app.chatting import Chinwag, chinwag
from tests.wire import Reply, says, text
from tui.core.message import Message, Status, utc_now
from tui.session.sessions import Sessions
from tui.store.library import Library
from tui.ui import chat_screen


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Library]:
    """The same library in another window."""
    library = Library(tmp_path / "chinwag.db")
    yield library
    library.close()


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at the library ten times a second, so that no test waits for it."""
    monkeypatch.setattr(chat_screen, "EACH_SECOND", 0.1)


def titles(chat: Chinwag) -> list[str]:
    return [row.title for row in chat.rows]


async def open_first(chat: Chinwag) -> None:
    """Open the newest chat from the list, by keys."""
    await chat.until(lambda: chat.rows)
    chat.screen.chats.focus()
    await chat.press("home", "enter")
    await chat.until(lambda: chat.branch)


async def readonly(sessions: Sessions, on: bool) -> None:
    """The disk lets nothing be written, or does again."""

    def switch(library: Library) -> None:
        with library._database.reading() as connection:
            connection.execute(f"PRAGMA query_only = {int(on)}")

    await sessions.library.run(switch)


async def test_chinwag_opens_on_a_new_chat_with_the_list_beside_it(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("about tides")
    async with chinwag(tmp_path, server) as chat:
        await chat.shows("Today", "about tides", "New chat with gpt-4o")
        assert not chat.branch
        assert chat.screen.writer.composer.has_focus


async def test_choosing_a_chat_opens_it_as_it_was_left(tmp_path: Path, server: Server) -> None:
    server.script(says("first"), says("second"))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("about tides")
        await chat.press("ctrl+r")
        await chat.shows("second", "2/2")
        chat.screen.transcript.focus()
        await chat.press("<")
        await chat.shows("first", "1/2")
        chat.screen.writer.composer.focus()
        await chat.type("not sent yet")
    async with chinwag(tmp_path, server) as chat:
        await open_first(chat)
        await chat.shows("about tides", "first", "1/2")
        assert chat.typed == "not sent yet"


async def test_each_chat_has_a_draft_of_its_own(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("one")
        await chat.type("for the first")
        await chat.press("ctrl+n")
        await chat.until(lambda: not chat.branch)
        assert chat.typed == ""
        await chat.type("for a new one")
        await open_first(chat)
        await chat.until(lambda: chat.typed == "for the first")
        await chat.press("ctrl+n")
        await chat.until(lambda: chat.typed == "for a new one")


async def test_what_is_typed_into_a_new_chat_is_there_at_the_next_start(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.type("half a thought")
    async with chinwag(tmp_path, server) as chat:
        assert chat.typed == "half a thought"
        await chat.ask(", and the rest")
    async with chinwag(tmp_path, server) as chat:
        assert chat.typed == ""


async def test_a_draft_is_on_disk_within_a_second_or_so(
    tmp_path: Path, server: Server, elsewhere: Library
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("one")
        await chat.type("unsent")
        chat_id = chat.screen.chat.id
        await chat.until(lambda: elsewhere.conversation(chat_id).draft == "unsent")


class TestALibraryThatCanTBeWritten:
    """Nothing typed is lost, and it is said once."""

    async def test_a_message_stays_in_the_composer(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("one")
            await readonly(chat.sessions, on=True)
            await chat.send("my long thought")
            await chat.until(lambda: chat.toasts)
            assert chat.typed == "my long thought"
            assert len(server.requests) == 1
            await readonly(chat.sessions, on=False)
            await chat.press("enter")
            await chat.until(lambda: len(server.requests) == 2)

    async def test_it_is_said_once_and_not_each_second(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("one")
            looks = 0
            keep_up = chat.screen._each_second

            async def counted() -> None:
                nonlocal looks
                looks += 1
                await keep_up()

            await readonly(chat.sessions, on=True)
            await chat.type("unsent")
            # A look that began before there was anything to save would end well meanwhile.
            await chat.until(lambda: not chat.screen._looking)
            for _ in range(4):
                await chat.screen._told(counted)
            assert looks == 4
            assert len(chat.toasts) == 1

    async def test_the_draft_is_kept_beside_the_library(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("one")
            await readonly(chat.sessions, on=True)
            await chat.type("unsent")
        async with chinwag(tmp_path, server) as chat:
            assert chat.typed == "unsent"

    async def test_one_does_not_leave_the_chat_without_it(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("one")
            await readonly(chat.sessions, on=True)
            await chat.type("unsent")
            await chat.press("ctrl+n")
            await chat.until(lambda: chat.toasts)
            assert (chat.typed, len(chat.branch)) == ("unsent", 2)


async def test_a_title_comes_from_the_first_message_at_once(tmp_path: Path, server: Server) -> None:
    server.script(Reply([text("so "), asyncio.Event()]))
    async with chinwag(tmp_path, server) as chat:
        await chat.send("# Why is the sky blue?\nI wonder.")
        await chat.until(lambda: titles(chat) == ["Why is the sky blue?"])
        assert chat.sessions.turns


async def test_f2_gives_a_chat_another_title_that_stays(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("one")
        await chat.press("f2")
        await chat.shows("Rename this chat")
        await chat.press("ctrl+u")
        await chat.type("About the sea")
        await chat.press("enter")
        await chat.until(lambda: titles(chat) == ["About the sea"])
        await chat.ask("two")
    async with chinwag(tmp_path, server) as chat:
        await chat.until(lambda: titles(chat) == ["About the sea"])


async def test_title_with_words_does_the_same(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.send("/title Before it began")
        await chat.ask("one")
        await chat.until(lambda: titles(chat) == ["Before it began"])


class TestDeleting:
    """Deleting is a mark, undone with one key."""

    async def test_delete_in_the_list_deletes_and_ctrl_z_brings_back(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("one")
            await chat.press("ctrl+n")
            await chat.ask("two")
            chat.screen.chats.focus()
            await chat.press("end", "delete")
            await chat.until(lambda: titles(chat) == ["two"])
            assert len(chat.branch) == 2  # the one on screen is another
            await chat.press("ctrl+z")
            await chat.until(lambda: titles(chat) == ["two", "one"])

    async def test_the_chat_on_screen_gives_way_to_a_new_one_and_the_list_keeps_the_focus(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("one")
            chat.screen.chats.focus()
            await chat.press("delete")
            await chat.until(lambda: not chat.rows and not chat.branch)
            await chat.press("ctrl+z")
            await chat.until(lambda: titles(chat) == ["one"] and len(chat.branch) == 2)

    async def test_it_works_by_command_too(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("one")
            await chat.send("/delete")
            await chat.until(lambda: not chat.rows and not chat.branch)
            await chat.send("/undo")
            await chat.until(lambda: titles(chat) == ["one"] and len(chat.branch) == 2)

    async def test_a_reply_in_flight_is_stopped_and_kept(
        self, tmp_path: Path, server: Server
    ) -> None:
        server.script(Reply([text("half "), asyncio.Event()]))
        async with chinwag(tmp_path, server) as chat:
            await chat.send("one")
            await chat.shows("half")
            await chat.send("/delete")
            await chat.until(server.requests[0].disconnected.is_set)
            await chat.send("/undo")
            await chat.shows("half", "stopped")


class TestAnotherWindow:
    """Two chinwags on one library see each other's changes and leave each other alone."""

    async def test_a_chat_begun_elsewhere_joins_the_list(
        self, tmp_path: Path, server: Server, elsewhere: Library
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            conversation = new_chat("Begun elsewhere", utc_now())
            elsewhere.begin_turn([said(conversation, "hi", at=utc_now())], conversation)
            await chat.until(lambda: titles(chat) == ["Begun elsewhere"])

    async def test_what_is_said_elsewhere_in_the_chat_on_screen_appears(
        self, tmp_path: Path, server: Server, elsewhere: Library
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            last = await chat.ask("one")
            question = said(chat.screen.chat.conversation, "from elsewhere", last, utc_now())
            answer = reply(question, "answered elsewhere", Status.COMPLETE, utc_now())
            elsewhere.begin_turn([question, answer])
            # The branch on screen is one's own; the other one is beside or after it.
            await chat.until(lambda: len(chat.screen.chat.tree) == 4)

    async def test_a_reply_streamed_elsewhere_is_shown_as_such_and_not_interrupted(
        self, tmp_path: Path, server: Server, elsewhere: Library
    ) -> None:
        answer = begun_elsewhere(elsewhere)
        async with chinwag(tmp_path, server) as chat:
            await chat.until(lambda: [row.streaming for row in chat.rows] == [True])
            await open_first(chat)
            await chat.shows("being written in another window")
            elsewhere.flush(answer.id, "so far", "")
            await chat.shows("so far")
            elsewhere.finish(replace(answer, text="so far and done", status=Status.COMPLETE))
            await chat.shows("so far and done")
            await chat.until(lambda: [row.streaming for row in chat.rows] == [False])

    async def test_nothing_is_sent_after_a_reply_that_is_being_written_elsewhere(
        self, tmp_path: Path, server: Server, elsewhere: Library
    ) -> None:
        begun_elsewhere(elsewhere)
        async with chinwag(tmp_path, server) as chat:
            await open_first(chat)
            await chat.send("and another thing")
            await chat.until(lambda: any("another window" in toast for toast in chat.toasts))
            assert chat.typed == "and another thing"
            assert not server.requests

    async def test_a_title_changed_elsewhere_changes_here(
        self, tmp_path: Path, server: Server, elsewhere: Library
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("one")
            elsewhere.change(chat.screen.chat.id, title="Renamed", titled=True)
            await chat.until(lambda: titles(chat) == ["Renamed"])
            await chat.until(lambda: chat.seen.count("Renamed") == 2)  # the heading too

    async def test_a_chat_deleted_elsewhere_leaves_the_list(
        self, tmp_path: Path, server: Server, elsewhere: Library
    ) -> None:
        async with chinwag(tmp_path, server) as chat:
            await chat.ask("one")
            elsewhere.delete(chat.screen.chat.id, utc_now())
            await chat.until(lambda: not chat.rows)


async def test_a_reply_cut_off_by_the_end_of_chinwag_is_shown_as_interrupted(
    tmp_path: Path, server: Server
) -> None:
    library = Library(tmp_path / "chinwag.db")
    answer = begun_elsewhere(library)
    library.flush(answer.id, "what had come", "")
    library.close()  # as a process that dies: its reply is in flight
    async with chinwag(tmp_path, server) as chat:
        await open_first(chat)
        await chat.shows("what had come", "interrupted: chinwag ended")
        assert not chat.rows[0].streaming


async def test_quitting_stops_what_streams_and_keeps_it(tmp_path: Path, server: Server) -> None:
    server.script(Reply([text("half "), asyncio.Event()]))
    async with chinwag(tmp_path, server) as chat:
        await chat.send("hi")
        await chat.shows("half")
    assert server.requests[0].disconnected.is_set()
    async with chinwag(tmp_path, server) as chat:
        await open_first(chat)
        await chat.shows("half", "stopped")


def begun_elsewhere(library: Library) -> Message:
    """A reply that another window has begun, in a chat of its own."""
    conversation = new_chat("Elsewhere", utc_now())
    question = said(conversation, "a question", at=utc_now())
    answer = reply(question, at=utc_now())
    library.begin_turn([question, answer], conversation)
    return answer
