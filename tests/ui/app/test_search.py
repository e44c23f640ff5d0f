"""Searching all chats: found as one types, opened where it stands, and back again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.store.chats import MINUTE, NOON, chat, reply, said
from tests.ui.app.chatting import Chinwag, chinwag
from tui.core.message import Message, Status
from tui.store.library import Library
from tui.ui.hit_list import HitList
from tui.ui.row_lines import Heading
from tui.ui.search_screen import SearchScreen


@pytest.fixture
def ids(tmp_path: Path) -> dict[str, str]:
    """A long chat with an older branch, and a later short one; ids of some messages by name."""
    library = Library(tmp_path / "chinwag.db")
    tides, sea = chat("About tides"), chat("About the sea", NOON + MINUTE)
    question = said(tides, "Why two tides a day?")
    old = reply(question, "An old guess: whales.", Status.COMPLETE)
    new = reply(question, "The moon pulls the water.", Status.COMPLETE)
    library.begin_turn([question, old, new], tides)
    last: Message = new
    for number in range(40):
        asked = said(tides, f"Question {number}, of some length.", last)
        last = reply(asked, f"Answer {number}. " + "It is so. " * 40, Status.COMPLETE)
        library.begin_turn([asked, last])
    ebb = said(tides, "And the moon at ebb?", last)
    library.begin_turn([ebb], None)
    salty = said(sea, "Is the sea under the moon salty?")
    library.begin_turn([salty], replace(sea, pinned=True))
    library.close()
    return {"old": old.id, "new": new.id, "ebb": ebb.id, "salty": salty.id}


def search(app: Chinwag) -> SearchScreen:
    screen = app.app.screen
    assert isinstance(screen, SearchScreen)
    return screen


def listed(app: Chinwag) -> list[str]:
    rows = search(app).query_one(HitList).rows
    lines = [rows.at(number) for number in range(len(rows))]
    return [line.text if isinstance(line, Heading) else line.id for line in lines if line]


async def look_for(app: Chinwag, typed: str) -> None:
    """Open the search, type, and wait until all is found."""
    await app.press("ctrl+f")
    await app.until(lambda: isinstance(app.app.screen, SearchScreen))
    await app.pilot.pause()
    search(app).query_one(Input).value = typed
    await app.until(lambda: search(app).answered == typed)


async def test_found_as_one_types_under_the_chats(tmp_path: Path, ids: dict[str, str]) -> None:
    async with chinwag(tmp_path) as app:
        await app.press("ctrl+f")
        await app.until(lambda: isinstance(app.app.screen, SearchScreen))
        await app.shows("Words find what begins with them")
        await app.type("moo")
        await app.until(lambda: len(listed(app)) == 5)
        assert listed(app) == [
            *("About tides", ids["ebb"], ids["new"]),  # as old as the other, and of it more
            *("About the sea", ids["salty"]),
        ]
        await app.shows("Is the sea under the moon salty?", "3 messages in 2 chats")
        await app.type("n -ebb role:user")
        await app.until(lambda: listed(app) == ["About the sea", ids["salty"]])
        await app.type("xyz")
        await app.shows("role:userxyz", "Nothing was found")
        await app.press("escape")
        await app.until(lambda: app.app.screen is app.screen)


async def test_a_chat_full_of_it_is_folded(tmp_path: Path, ids: dict[str, str]) -> None:
    async with chinwag(tmp_path) as app:
        await look_for(app, "question")
        await app.shows("40 messages in 1 chat", "37 more in this chat")
        await app.press("down", "down", "down", "enter")
        await app.until(lambda: len(listed(app)) == 41)
        highlighted = search(app).query_one(HitList).highlighted
        assert highlighted is not None
        assert highlighted.id == listed(app)[4]


async def test_more_comes_as_one_scrolls(
    tmp_path: Path, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.ui.search_screen.PIECE", 7)
    async with chinwag(tmp_path, size=(80, 14)) as app:
        await look_for(app, "ebb")
        await app.press("enter")
        await app.until(lambda: app.screen.chat.conversation.title == "About tides")
        await app.until(lambda: app.screen.transcript.has_focus)
        await look_for(app, "question in:this")
        await app.shows("messages in 1 chat, and more below")
        assert len(listed(app)) < 40
        await app.press(*["pagedown"] * 8)
        await app.shows("40 messages in 1 chat")
        assert len(listed(app)) == 41


async def test_filters_are_told_and_completed(tmp_path: Path, ids: dict[str, str]) -> None:
    async with chinwag(tmp_path) as app:
        await look_for(app, "moon")
        await app.type(" is:")
        await app.shows("is:archived  is:pinned   Tab completes")
        assert len(listed(app)) == 5  # what was found for "moon" stays
        await app.type("p")
        await app.press("tab")
        await app.until(lambda: listed(app) == ["About the sea", ids["salty"]])
        assert search(app).query_one(Input).value == "moon is:pinned "


async def test_a_hit_opens_at_its_message_with_all_of_them_marked(
    tmp_path: Path, ids: dict[str, str]
) -> None:
    async with chinwag(tmp_path) as app:
        await look_for(app, "moon")
        await app.press("down", "enter")
        await app.until(lambda: app.screen.transcript.has_focus)
        await app.shows("The moon pulls the water.")
        transcript = app.screen.transcript
        assert transcript._found == {ids["new"]: ((4, 8),), ids["ebb"]: ((8, 12),)}
        assert not transcript.following
        await app.press("n")
        await app.shows("And the moon at ebb?")
        await app.press("n")  # after the last comes the first
        await app.shows("The moon pulls the water.")
        await app.press("N")
        await app.shows("And the moon at ebb?")


async def test_enter_opens_where_the_keys_before_it_led(
    tmp_path: Path, ids: dict[str, str]
) -> None:
    async with chinwag(tmp_path) as app:
        await look_for(app, "moon")
        second = listed(app)[2]
        app.burst("down", "enter")
        await app.until(lambda: app.screen.transcript.has_focus)
        assert app.screen._found is not None
        assert app.screen._found.hit.message == second


async def test_a_hit_on_another_branch_switches_to_it(tmp_path: Path, ids: dict[str, str]) -> None:
    async with chinwag(tmp_path) as app:
        await look_for(app, "whales")
        await app.press("enter")
        await app.shows("An old guess: whales.", "1/2")
        assert app.toasts == []
        assert app.screen.chat.path[-1] == ids["old"]
        await look_for(app, "role:assistant")
        await app.press("enter")
        await app.until(lambda: any("Another message on other branches" in t for t in app.toasts))


async def test_escape_goes_back_to_where_the_search_was(
    tmp_path: Path, ids: dict[str, str]
) -> None:
    async with chinwag(tmp_path) as app:
        await look_for(app, "moon")
        await app.press("down", "up", "enter")
        await app.until(lambda: app.screen.transcript.has_focus)
        await app.shows("And the moon at ebb?")
        await app.press("escape")
        await app.until(lambda: isinstance(app.app.screen, SearchScreen))
        await app.until(lambda: search(app).answered == "moon")
        highlighted = search(app).query_one(HitList).highlighted
        assert highlighted is not None
        assert highlighted.id == ids["ebb"]
        await app.press("escape")
        await app.until(lambda: app.app.screen is app.screen)
        assert app.screen.transcript._found == {}
        await app.until(lambda: app.screen.writer.composer.has_focus)


async def test_escape_goes_back_to_a_hit_that_was_scrolled_to(
    tmp_path: Path, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.ui.search_screen.PIECE", 7)
    async with chinwag(tmp_path, size=(80, 14)) as app:
        await look_for(app, "ebb")
        await app.press("enter")
        await app.until(lambda: app.screen.transcript.has_focus)
        await look_for(app, "question in:this")
        await app.press(*["pagedown"] * 8)
        await app.shows("40 messages in 1 chat")
        highlighted = search(app).query_one(HitList).highlighted
        assert highlighted is not None
        await app.press("enter")
        await app.until(lambda: app.screen.transcript.has_focus)
        await app.press("escape")
        await app.until(lambda: isinstance(app.app.screen, SearchScreen))
        await app.until(lambda: search(app).query_one(HitList).highlighted == highlighted)


async def test_on_another_chat_there_is_no_search_to_go_back_to(
    tmp_path: Path, ids: dict[str, str]
) -> None:
    async with chinwag(tmp_path) as app:
        await look_for(app, "ebb")
        await app.press("enter")
        await app.until(lambda: app.screen.transcript.has_focus)
        found = app.screen.chat.id
        await app.press("ctrl+n")
        await app.until(lambda: not app.branch)
        await app.screen.open_chat(found)
        assert app.screen.transcript._found == {}
        app.screen.transcript.focus()
        await app.press("escape")
        await app.until(lambda: app.screen.writer.composer.has_focus)
        assert app.app.screen is app.screen


async def test_what_fits_filters_alone_is_stepped_through_message_by_message(
    tmp_path: Path, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chinwag(tmp_path) as app:
        await look_for(app, "role:user")
        await app.press("enter")
        await app.until(lambda: app.screen.transcript.has_focus)
        await app.press("N")
        await app.shows("Question 39")
        await app.press("N")
        await app.shows("Question 38")
        await app.press("n", "n")
        await app.shows("And the moon at ebb?")
        monkeypatch.setattr("tui.ui.searchable_screen.MARKED_MOST", 5)
        await look_for(app, "role:user")
        await app.press("enter")
        await app.until(lambda: any("5 of what fits" in toast for toast in app.toasts))


async def test_a_click_opens_too(tmp_path: Path, ids: dict[str, str]) -> None:
    async with chinwag(tmp_path) as app:
        await look_for(app, "salty")
        await app.click("under the moon")
        await app.until(lambda: app.screen.transcript.has_focus)
        assert app.screen.chat.conversation.title == "About the sea"


async def test_by_slash_with_words_and_in_this_chat(tmp_path: Path, ids: dict[str, str]) -> None:
    async with chinwag(tmp_path) as app:
        await app.send("/search salty")
        await app.until(lambda: isinstance(app.app.screen, SearchScreen))
        await app.until(lambda: listed(app) == ["About the sea", ids["salty"]])
        await app.press("enter")
        await app.until(lambda: app.screen.transcript.has_focus)
        await look_for(app, "moon in:this")
        assert listed(app) == ["About the sea", ids["salty"]]


async def test_enter_waits_for_what_was_typed_before_it(
    tmp_path: Path, ids: dict[str, str]
) -> None:
    async with chinwag(tmp_path) as app:
        await app.press("ctrl+f", *"whales", "enter")
        await app.until(lambda: app.screen.chat.conversation.title == "About tides")
        await app.shows("An old guess: whales.")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40)])
async def test_it_fits(tmp_path: Path, ids: dict[str, str], size: tuple[int, int]) -> None:
    async with chinwag(tmp_path, size=size) as app:
        await look_for(app, "ebb")
        await app.shows("Search all chats", "About tides", "ebb?", "1 message in 1 chat")
        await app.press("enter")
        await app.until(lambda: app.screen.transcript.has_focus)
        await app.shows("And the moon at ebb?")
