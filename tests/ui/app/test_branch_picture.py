"""The branches of a chat: seen where it forked, opened, named, copied to a chat, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Server
from tests.store.chats import MINUTE, NOON, chat, reply, said
from tests.ui.app.chatting import Chinwag, chinwag
from tests.wire import says
from tui.core.message import Message, Status
from tui.store.library import Library
from tui.ui.branch_list import BranchList
from tui.ui.branch_screen import BranchScreen
from tui.ui.start import Start

PICTURE = [
    "● Why two tides?",
    "├─○ Whales.",
    "● The moon.",
    "├─○ Only the moon?",
    "● And the sun?",
]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Library]:
    """The library, in another process; with a chat that forked twice."""
    library = Library(tmp_path / "chinwag.db")
    tides = chat("About tides")
    why = said(tides, "Why two tides?")
    moon = reply(why, "**The moon.**\n\nAnd more.", Status.COMPLETE, NOON + MINUTE)
    library.begin_turn([why, reply(why, "Whales.", Status.COMPLETE)], tides)
    library.begin_turn([moon])
    for question in ("Only the moon?", "And the sun?"):
        asked = said(tides, question, moon)
        library.begin_turn([asked, reply(asked, f"Re: {question}", Status.COMPLETE)])
    yield library
    library.close()


def screen(app: Chinwag) -> BranchScreen:
    found = app.app.screen
    assert isinstance(found, BranchScreen)
    return found


def lines(app: Chinwag) -> list[str]:
    """The picture as it is on screen, without what stands to the right of its texts."""
    found = (line.partition("│")[2].strip() for line in app.seen.split("\n"))
    return [
        line.split("   ")[0].strip() for line in found if line.strip("│ ") and line[0] in "●○├┌│"
    ]


async def opened(app: Chinwag, *keys: str) -> None:
    """Open the picture of the chat that was left last, and wait until it is drawn."""
    await app.until(lambda: app.screen.chat.saved)
    app.screen.transcript.focus()
    await app.press(*keys, "b")
    await app.until(lambda: isinstance(app.app.screen, BranchScreen))
    await app.shows("● is on screen")


async def highlighted(app: Chinwag) -> str:
    row = screen(app).query_one(BranchList).highlighted
    assert row is not None
    glimpse = await app.library.run(lambda library: library.branches.glimpses([row.id]))
    return glimpse[row.id].text


def here(app: Chinwag) -> list[str]:
    """The branch on screen."""
    return [message.text for message in app.branch]


LAST = Start(continue_last=True)


async def test_where_it_forked(tmp_path: Path, elsewhere: Library) -> None:
    async with chinwag(tmp_path, start=LAST) as app:
        await opened(app)
        assert lines(app) == PICTURE
        await app.shows("gpt-4o", "1 message", "2 messages", "3 branches, 7 messages")
        assert await highlighted(app) == "And the sun?"
        await app.press("escape")
        await app.until(lambda: app.app.screen is app.screen)
        assert here(app)[-2:] == ["And the sun?", "Re: And the sun?"]
        assert app.screen.transcript.has_focus


async def test_enter_shows_a_branch_at_its_first_message(
    tmp_path: Path, elsewhere: Library
) -> None:
    async with chinwag(tmp_path, start=LAST) as app:
        await opened(app)
        await app.press("k", "enter")
        await app.until(lambda: app.app.screen is app.screen)
        await app.shows("Re: Only the moon?", "‹ 1/2 ›")
        transcript = app.screen.transcript
        await app.until(lambda: transcript.focused_entry == app.branch[2].id)
        saved = elsewhere.conversation(app.screen.chat.id)
        assert saved.active_leaf == app.branch[-1].id
        await opened(app)  # from the message that has the focus
        assert await highlighted(app) == "Only the moon?"
        await app.press("home", "enter")  # on this branch already: it stays
        await app.until(lambda: transcript.focused_entry == app.branch[0].id)
        assert here(app)[-1] == "Re: Only the moon?"


async def test_a_branch_is_named_and_its_name_taken_away(
    tmp_path: Path, elsewhere: Library
) -> None:
    async with chinwag(tmp_path, start=LAST) as app:
        await opened(app)
        await app.press("home", "down", "f2")
        await app.shows("Name this branch")
        await app.type("wild")
        await app.press("enter")
        await app.shows("├─○ wild · Whales.")
        await app.press("f2", *["backspace"] * 4, "enter")
        await app.until(lambda: lines(app) == PICTURE)
        assert elsewhere.branches.names(app.screen.chat.id) == {}


async def test_the_branch_on_screen_is_deleted_and_brought_back(
    tmp_path: Path, elsewhere: Library
) -> None:
    async with chinwag(tmp_path, start=LAST) as app:
        await opened(app)
        await app.press("up", "up", "d")
        await app.shows("Branch deleted (5 messages). Ctrl+Z here brings it back.", "One branch")
        assert lines(app) == ["● Why two tides?"]
        await app.press("d")
        await app.until(lambda: any("/delete throws" in toast for toast in app.toasts))
        await app.press("escape")
        await app.shows("Whales.")
        assert here(app) == ["Why two tides?", "Whales."]
        await opened(app)
        await app.press("ctrl+z")
        await app.shows("The branch is back (5 messages).")
        await app.until(lambda: lines(app)[1:3] == ["├─○ The moon.", "│ ├─○ Only the moon?"])
        assert await highlighted(app) == "The moon."
        await app.press("ctrl+z")
        await app.until(lambda: "No branch of this chat is in the trash." in app.toasts)


async def test_undone_at_once_one_is_back_where_one_was(tmp_path: Path, elsewhere: Library) -> None:
    async with chinwag(tmp_path, start=LAST) as app:
        await opened(app)
        await app.press("d", "ctrl+z")
        await app.shows("The branch is back (2 messages).")
        assert lines(app) == PICTURE
        await app.press("escape")
        await app.until(lambda: app.app.screen is app.screen)
        assert here(app)[-1] == "Re: And the sun?"


async def test_a_branch_becomes_a_chat(tmp_path: Path, elsewhere: Library) -> None:
    async with chinwag(tmp_path, start=LAST) as app:
        await opened(app)
        await app.press("up", "f")
        await app.until(lambda: app.screen.chat.conversation.title == "About tides (fork)")
        await app.until(lambda: len(app.rows) == 2)
        assert here(app) == [
            *("Why two tides?", "**The moon.**\n\nAnd more."),
            *("Only the moon?", "Re: Only the moon?"),
        ]
        await app.shows("Re: Only the moon?")
        await opened(app)
        await app.shows("One branch, 4 messages")


async def test_not_while_a_reply_in_it_is_written(tmp_path: Path, server: Server) -> None:
    server.script(says("first"))
    async with chinwag(tmp_path, server, model="stall") as app:
        await app.ask("hi")
        await app.press("ctrl+r")
        await app.until(lambda: app.sessions.turns)
        await opened(app)
        await app.shows("being written")
        await app.press("d")
        await app.until(lambda: any("is being written" in toast for toast in app.toasts))
        await app.press("escape")
        await app.until(lambda: app.app.screen is app.screen)
        await app.press("escape")
        await app.until(lambda: not app.sessions.turns)


async def test_another_process_deletes_what_is_on_screen(
    tmp_path: Path, elsewhere: Library
) -> None:
    async with chinwag(tmp_path, start=LAST) as app:
        await opened(app)
        third = app.screen.chat.path[2]
        elsewhere.branches.delete(app.screen.chat.id, third, NOON)
        await app.until(lambda: lines(app) == ["● Why two tides?", "├─○ Whales.", "● The moon."])
        await app.press("escape")
        await app.shows("Re: Only the moon?")


async def test_a_chat_that_has_not_begun_has_none(tmp_path: Path) -> None:
    async with chinwag(tmp_path) as app:
        await app.send("/branches")
        await app.until(lambda: any("a chat forks where" in toast for toast in app.toasts))


async def test_only_what_is_on_screen_or_near_is_read(tmp_path: Path) -> None:
    library = Library(tmp_path / "chinwag.db")
    long = chat("Asked again and again")
    last = said(long, "Question")
    library.begin_turn([last], long)
    turns: list[Message] = []
    for number in range(300):
        again, on = (reply(last, f"{one} {number}", Status.COMPLETE) for one in ("No", "Yes"))
        last = said(long, f"Question {number}", on)
        turns += [again, on, last]
    library.begin_turn(turns)
    library.close()
    async with chinwag(tmp_path, start=LAST) as app:
        await opened(app)
        picture = screen(app).query_one(BranchList)
        await app.shows("● Yes 299", "├─○ No 299", "301 branches")
        assert len(picture.rows) == 601
        assert len(picture._known) < 200
        await app.press("home")
        await app.shows("● Question", "├─○ No 0", "● Yes 0")
        assert len(picture._known) < 300
        assert max(len(strip) for strip in lines(app)) < 40


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (200, 60)])
async def test_it_fits(tmp_path: Path, elsewhere: Library, size: tuple[int, int]) -> None:
    async with chinwag(tmp_path, size=size, start=LAST) as app:
        await opened(app)
        assert lines(app) == PICTURE
        assert any("gpt-4o " in line and " m" in line for line in app.seen.split("\n"))
        await app.shows("Branches of this chat", "3 branches, 7 messages", "F2 names it")
