"""Retry, edit and branch: another version stands beside the first, and nothing is overwritten."""

from __future__ import annotations

from pathlib import Path

from tests.server import Server
from tests.ui.app.chatting import Chinwag, chinwag
from tests.wire import says
from tui.core.message import Role
from tui.ui.start import Start


def said(chat: Chinwag) -> list[str]:
    """The texts on screen, oldest first."""
    return [message.text for message in chat.branch]


async def shown(chat: Chinwag, *texts: str) -> None:
    """Wait until the branch on screen says this."""
    await chat.until(lambda: said(chat) == list(texts) and not chat.sessions.turns)
    await chat.shows(*texts)


async def test_retry_puts_another_reply_beside_the_first(tmp_path: Path, server: Server) -> None:
    server.script(says("first"), says("second"))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.press("ctrl+r")
        await shown(chat, "hi", "second")
        await chat.shows("‹ 2/2 ›")
        assert [request.prompt for request in server.requests] == ["hi", "hi"]
        assert len(chat.screen.chat.tree) == 3  # the first reply is kept


async def test_keys_step_between_the_versions(tmp_path: Path, server: Server) -> None:
    server.script(says("first"), says("second"), says("third"))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        for text in ("second", "third"):
            await chat.press("ctrl+r")
            await shown(chat, "hi", text)
        chat.screen.transcript.focus()
        await chat.press("<")
        await shown(chat, "hi", "second")
        await chat.shows("‹ 2/3 ›")
        await chat.press("<")
        await shown(chat, "hi", "first")
        await chat.press("<")  # past the first there is nothing
        await chat.press(">")
        await shown(chat, "hi", "second")


async def test_the_mouse_steps_between_the_versions(tmp_path: Path, server: Server) -> None:
    server.script(says("first"), says("second"))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.press("ctrl+r")
        await shown(chat, "hi", "second")
        await chat.shows("‹ 2/2 ›")
        await click_beside(chat, "2/2", -2)
        await shown(chat, "hi", "first")
        await chat.shows("‹ 1/2 ›")
        await click_beside(chat, "1/2", 4)
        await shown(chat, "hi", "second")


async def click_beside(chat: Chinwag, text: str, column: int) -> None:
    """Click `column` cells from where `text` begins."""
    for y, line in enumerate(chat.seen.split("\n")):
        if (x := line.find(text)) >= 0:
            await chat.pilot.click(offset=(x + column, y))
            return
    raise AssertionError(f"{text} is not on screen")


async def test_up_in_an_empty_composer_edits_the_last_message(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("first try")
        await chat.press("up")
        await chat.shows("Editing an earlier message")
        assert chat.typed == "first try"
        await chat.type(" of two")
        await chat.press("enter")
        await shown(chat, "first try of two", "first try of two")
        await chat.shows("‹ 2/2 ›")
        assert chat.typed == ""
        # The message as it was, with its reply, is a branch of its own.
        chat.screen.transcript.focus()
        await chat.press("[", "[", "<")
        await shown(chat, "first try", "first try")


async def test_up_moves_in_a_composer_that_is_not_empty(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.type("one\ntwo")
        await chat.press("up")
        assert chat.typed == "one\ntwo"
        assert chat.screen.writer.editing is None
        assert chat.screen.writer.composer.cursor_location == (0, 3)


async def test_e_in_the_transcript_edits_the_message_that_has_the_focus(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("one")
        await chat.ask("two")
        chat.screen.transcript.focus()
        await chat.press(*"[[[[e")  # the first message
        await chat.shows("Editing an earlier message")
        assert chat.typed == "one"
        await chat.type("!")
        await chat.press("enter")
        await shown(chat, "one!", "one!")
        assert [message["content"] for message in server.requests[-1].body["messages"]] == ["one!"]
        assert len(chat.screen.chat.tree) == 6


async def test_escape_leaves_the_edit_with_the_draft_back(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.type("a new thought")
        chat.screen.transcript.focus()
        await chat.press("e")
        await chat.until(lambda: chat.typed == "hi")
        await chat.type(" there")
        await chat.press("escape")
        await chat.until(lambda: chat.typed == "a new thought")
        assert "Editing an earlier" not in chat.seen
        assert said(chat) == ["hi", "hi"]


async def test_an_edit_that_was_begun_is_found_again(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("first")
        edited = chat.screen.chat.id
        await chat.type("half a thought")
        await chat.screen.edit_message(chat.branch[0].id)
        await chat.press("ctrl+n")  # nothing of it was changed: it needs not be kept
        await chat.until(lambda: not chat.branch)
        await chat.screen.open_chat(edited)
        assert chat.typed == "half a thought"
        await chat.screen.edit_message(chat.branch[0].id)
        await chat.type(" and last")
        await chat.press("ctrl+n")
        await chat.until(lambda: not chat.branch)
        assert chat.typed == ""
    async with chinwag(tmp_path, server, start=Start(chat_id=edited)) as chat:
        await chat.until(lambda: chat.typed == "first and last\nhalf a thought")


async def test_an_edit_sent_leaves_the_draft_too(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.type("a new thought")
        chat.screen.transcript.focus()
        await chat.press("e")
        await chat.until(lambda: chat.typed == "hi")
        await chat.type("!")
        await chat.press("enter")
        await shown(chat, "hi!", "hi!")
        assert chat.typed == "a new thought"


async def test_r_asks_again_for_the_reply_that_has_the_focus(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("one")
        await chat.ask("two")
        chat.screen.transcript.focus()
        await chat.press(*"[[[[]")  # the first message, then its reply
        server.script(says("another"))
        await chat.press("r")
        await shown(chat, "one", "another")  # a branch that ends here
        chat.screen.transcript.focus()
        await chat.press("<")
        await shown(chat, "one", "one", "two", "two")  # the other one is whole


async def test_the_branch_is_remembered_over_a_restart(tmp_path: Path, server: Server) -> None:
    server.script(says("first"), says("second"))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.press("ctrl+r")
        await shown(chat, "hi", "second")
        chat.screen.transcript.focus()
        await chat.press("<")
        await shown(chat, "hi", "first")
    async with chinwag(tmp_path, server) as chat:
        await chat.screen.open_chat(chat.rows[0].id)
        await shown(chat, "hi", "first")
        await chat.shows("‹ 1/2 ›")


async def test_a_message_after_a_retry_goes_on_from_the_reply_on_screen(
    tmp_path: Path, server: Server
) -> None:
    server.script(says("first"), says("second"))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.press("ctrl+r")
        await shown(chat, "hi", "second")
        await chat.ask("more")
        sent = [message["content"] for message in server.requests[-1].body["messages"]]
        assert sent == ["hi", "second", "more"]


async def test_where_there_is_nothing_yet_retry_and_edit_say_so(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.press("ctrl+r")
        await chat.until(lambda: "There is nothing to ask again yet." in chat.toasts)
        await chat.send("/edit")
        await chat.until(lambda: "There is no message to edit yet." in chat.toasts)
        assert not server.requests


async def test_all_versions_are_saved_in_the_order_they_were_made(
    tmp_path: Path, server: Server
) -> None:
    server.script(says("first"), says("second"))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.press("ctrl+r")
        await shown(chat, "hi", "second")
        await chat.press("up")
        await chat.type("!")
        await chat.press("enter")
        await shown(chat, "hi!", "hi!")
        chat_id = chat.screen.chat.id
        nodes = await chat.library.run(lambda library: library.nodes(chat_id))
        ids = [node.id for node in nodes]
        saved = await chat.library.run(lambda library: library.messages(ids))
        assert [(message.role, message.text) for message in saved] == [
            (Role.USER, "hi"),
            (Role.ASSISTANT, "first"),
            (Role.ASSISTANT, "second"),
            (Role.USER, "hi!"),
            (Role.ASSISTANT, "hi!"),
        ]
