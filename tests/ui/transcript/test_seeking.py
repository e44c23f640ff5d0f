"""Stepping through messages and code blocks, also where the texts are not here yet."""

from __future__ import annotations

import pytest

from tests.ui.transcript.pane import Pane, chat, live, outline, pane, reply
from tests.waiting import until
from tui.ui.transcript import CodeSought, Copied, EntriesNeeded, Entry
from tui.ui.transcript.seeking import MESSAGES

TURNS = 500
FAR = "A far one:\n\n```\nfar\n```\n\nAnd more."


def with_code(*places: int) -> list[Entry]:
    """A long chat with code in a few replies."""
    entries = chat(TURNS)
    for turn in places:
        entries[2 * turn + 1] = reply(f"a{turn}", FAR.replace("far", f"far {turn}"))
    return entries


async def opened_at_the_end(shown: Pane, entries: list[Entry]) -> None:
    shown.transcript.show(outline(entries), entries[-6:])
    await shown.pilot.pause()


def answer(shown: Pane, entries: list[Entry], answered: int) -> int:
    """Provide what was asked for since; as a screen does, but when the test says so."""
    by_id = {entry.id: entry for entry in entries}
    asked = shown.told(EntriesNeeded)
    for one in asked[answered:]:
        shown.transcript.provide([by_id[name] for name in one.ids])
    return len(asked)


async def answered_until_it_ends(shown: Pane, entries: list[Entry]) -> None:
    answered = 0

    def moved() -> bool:
        return len(shown.told(EntriesNeeded)) > answered or not seeks(shown)

    while seeks(shown):
        await until(moved)
        answered = answer(shown, entries, answered)
        await shown.pilot.pause()


def seeks(shown: Pane) -> bool:
    return shown.transcript.seeking


async def test_a_code_block_is_found_in_texts_that_are_not_here_yet() -> None:
    entries = with_code(7, 300)
    async with pane() as shown:
        await opened_at_the_end(shown, entries)
        for turn in (300, 7):
            await shown.pilot.press("left_curly_bracket")
            await answered_until_it_ends(shown, entries)
            assert shown.transcript.focused_entry == f"a{turn}"
            assert shown.sees(f"far {turn}")
            await shown.pilot.press("y")
            assert shown.told(Copied)[-1].text == f"far {turn}"
        await shown.pilot.press("right_curly_bracket")
        await answered_until_it_ends(shown, entries)
        assert shown.transcript.focused_entry == "a300"


async def test_only_what_may_hold_code_is_fetched_and_read_some_at_a_time() -> None:
    entries = with_code(7)
    async with pane() as shown:
        await opened_at_the_end(shown, entries)
        await until(lambda: shown.transcript._idle is None)
        before = len(shown.told(EntriesNeeded))
        made = shown.transcript._laid.renderer.made
        await shown.pilot.press("left_curly_bracket")
        await answered_until_it_ends(shown, entries)
        asked = [one.ids for one in shown.told(EntriesNeeded)[before:]]
        assert max(map(len, asked)) <= MESSAGES
        assert not any(name.startswith("q") for name in asked[0])  # what a user wrote has none
        pictures = shown.transcript._laid._pictures
        assert len(pictures) < 40  # those in view before and after, and the one that has it
        assert shown.transcript._laid.renderer.made - made < 120


async def test_there_may_be_none() -> None:
    entries = with_code()
    async with pane() as shown:
        await opened_at_the_end(shown, entries)
        before = shown.rows()
        await shown.pilot.press("left_curly_bracket")
        await answered_until_it_ends(shown, entries)
        assert shown.told(CodeSought)[-1] == shown.told(CodeSought)[0]
        assert (shown.told(CodeSought)[-1].step, shown.told(CodeSought)[-1].ended) == (-1, True)
        assert shown.rows() == before
        assert shown.transcript.focused_entry is None


async def test_it_is_said_when_looking_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.ui.transcript.seeking.LONG", 0.01)
    entries = with_code(7)
    async with pane() as shown:
        await opened_at_the_end(shown, entries)
        await shown.pilot.press("left_curly_bracket")
        await until(lambda: shown.told(CodeSought))
        assert not shown.told(CodeSought)[0].ended
        await answered_until_it_ends(shown, entries)
        assert len(shown.told(CodeSought)) == 1


@pytest.mark.parametrize("key", ["escape", "k", "left_square_bracket", "shift+tab"])
async def test_whatever_else_one_does_ends_the_search(key: str) -> None:
    entries = with_code(7)
    async with pane() as shown:
        await opened_at_the_end(shown, entries)
        await shown.pilot.press("left_curly_bracket")
        assert seeks(shown)
        if key == "shift+tab":
            shown.app.screen.set_focus(None)
            await shown.pilot.pause()
        else:
            await shown.pilot.press(key)
        assert not seeks(shown)
        before = shown.rows()
        answer(shown, entries, 0)  # too late
        assert shown.rows() == before


async def test_texts_that_never_come_are_passed_over() -> None:
    entries = with_code(7, 497)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries[-2:] + entries[:20])
        await shown.pilot.press("left_curly_bracket")
        for _ in range(2 * TURNS):
            shown.transcript.provide([])  # gone from the disk
            if not seeks(shown):
                break
        assert shown.transcript.focused_entry == "a7"


async def test_code_of_a_reply_that_streams_is_found() -> None:
    async with pane() as shown:
        shown.transcript.show(outline(chat(3)), chat(3))
        shown.transcript.append(live("new"))
        shown.transcript.extend("new", "Look:\n\n```python\nx = 1\n")
        await shown.pilot.press("left_curly_bracket", "y")
        assert shown.told(Copied)[-1].text == "x = 1"


async def test_a_megabyte_is_read_aside_for_it() -> None:
    text = "word " * 60_000 + "\n\n" + FAR
    entries = [reply("book", text), *chat(5)]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        await shown.pilot.press("left_curly_bracket")
        await until(lambda: shown.transcript.focused_entry == "book")
        assert shown.sees("far")


async def test_steps_begin_at_what_is_on_screen() -> None:
    entries = chat(30)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.press("left_square_bracket")
        assert shown.transcript.focused_entry == "a29"  # at the end: the last message
        await shown.pilot.press("home", "right_square_bracket")
        assert shown.transcript.focused_entry == "q0"  # what had the focus is out of sight
        await shown.pilot.press("escape", "pagedown", "pagedown", "left_square_bracket")
        last = [
            entry.id for entry in entries if entry.text.split("\n")[0] in "\n".join(shown.rows())
        ]
        assert shown.transcript.focused_entry in last


async def test_code_steps_begin_at_what_is_on_screen() -> None:
    entries = with_code(*range(0, 60, 2))
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.press("home", "right_curly_bracket", "right_curly_bracket")
        assert shown.transcript.focused_entry == "a2"
        shown.transcript.reveal("a40", 0)
        await shown.pilot.press("right_curly_bracket")
        assert shown.transcript.focused_entry == "a40"
