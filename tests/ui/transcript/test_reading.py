"""Where one reads: the line under the reader's eyes stays where it is, whatever comes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tests.ui.transcript.pane import Pane, PaneApp, chat, live, outline, pane, reply, user
from tests.waiting import until
from tui.core.message import Role
from tui.ui.transcript import EntriesNeeded, Entry, FollowChanged, Outline, Position, Transcript
from tui.ui.transcript.focusing import Focus

LONG = "\n\n".join(f"Streamed paragraph {n} of the reply." for n in range(40))


async def test_it_opens_at_the_end_and_follows() -> None:
    async with pane() as shown:
        shown.transcript.show(outline(chat(5)), chat(5))
        await shown.pilot.pause()
        assert shown.sees("Answer 4, line 7.")
        assert shown.follows()


async def test_an_empty_transcript_is_blank() -> None:
    async with pane() as shown:
        assert not any(shown.rows())
        shown.transcript.show([], [])
        await shown.pilot.pause()
        assert not any(shown.rows())


async def test_streamed_text_is_followed_at_the_end() -> None:
    async with pane() as shown:
        shown.transcript.show(outline(chat(3)), chat(3))
        shown.transcript.append(live("new"))
        await shown.pilot.pause()
        assert shown.sees("waiting…")
        for at in range(0, len(LONG), 7):
            shown.transcript.extend("new", LONG[at : at + 7])
        await shown.pilot.pause()
        assert shown.sees("Streamed paragraph 39")
        assert not shown.sees("waiting…")


async def test_scrolled_away_nothing_moves_while_text_streams_in() -> None:
    async with pane() as shown:
        shown.transcript.show(outline(chat(5)), chat(5))
        shown.transcript.append(live("new"))
        await shown.pilot.pause()
        await shown.pilot.press("pageup")
        before = shown.rows()
        assert not shown.follows()
        assert shown.told(FollowChanged)[-1].following is False
        for at in range(0, len(LONG), 50):
            shown.transcript.extend("new", LONG[at : at + 50])
            assert shown.rows() == before
        shown.transcript.update(reply("new", LONG))
        await shown.pilot.pause()
        assert shown.rows() == before
        await shown.pilot.press("end")
        assert shown.follows()
        assert shown.sees("Streamed paragraph 39")
        assert shown.told(FollowChanged)[-1].following is True


async def test_reading_inside_the_streaming_reply_stays_too() -> None:
    async with pane() as shown:
        shown.transcript.show([], [])
        shown.transcript.append(live("new"))
        shown.transcript.extend("new", LONG)
        await shown.pilot.pause()
        await shown.pilot.press("pageup", "pageup")
        before = shown.rows()
        shown.transcript.extend("new", "\n\nand more\n\n" * 20)
        await shown.pilot.pause()
        assert shown.rows() == before


@pytest.mark.parametrize("width", [40, 47, 95])
async def test_a_resize_keeps_the_line_at_the_top(width: int) -> None:
    entries = [reply(f"m{n}", " ".join(f"word{n}.{at}" for at in range(300))) for n in range(6)]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        for _ in range(3):
            await shown.pilot.press("pageup")
        first = shown.rows()[0].split()[0]
        await shown.pilot.resize_terminal(width, 20)
        await shown.pilot.pause()
        assert first in shown.rows()[0].split()
        assert not shown.follows()


async def test_a_sibling_switch_keeps_what_is_read() -> None:
    entries = chat(6)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        await shown.pilot.press("pageup", "pageup")
        before = shown.rows()
        switched = [*entries[:-1], reply("other", "Another version.\n\n" * 30)]
        shown.transcript.show(outline(switched), switched)
        await shown.pilot.pause()
        assert shown.rows() == before


@pytest.mark.parametrize("loaded", [True, False])
async def test_another_version_takes_the_place_of_the_one_that_is_read(loaded: bool) -> None:
    long = f"{LONG}\n\n{LONG}"
    entries = [*chat(3), reply("long", long), *chat(5)[8:]]
    other = reply("other", long.replace("Streamed", "Another"))
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        shown.transcript.reveal("long", 0)
        await shown.pilot.press("pagedown", "pagedown")
        before = shown.rows()
        for one, name in ((other, "Another"), (entries[6], "Streamed")):
            switched = [*entries[:6], one]
            shown.transcript.show(outline(switched), switched if loaded else entries[:6])
            shown.transcript.provide([one])
            await shown.pilot.pause()
            assert shown.rows() == [row.replace("Streamed", name) for row in before]
            assert not shown.follows()


async def test_another_version_of_the_first_message_is_none_of_another_chat() -> None:
    entries = [reply("first", LONG), *chat(2)]
    other = [reply("other", LONG.replace("Streamed", "Another")), reply("next", LONG)]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        shown.transcript.reveal("first", 0)
        await shown.pilot.press("pagedown", "[")
        before = shown.rows()
        shown.transcript.show(outline(other), other, same=True)
        await shown.pilot.pause()
        assert shown.rows() == [row.replace("Streamed", "Another") for row in before]
        assert shown.transcript.focused_entry == "other"
        elsewhere = [reply("elsewhere", LONG)]
        shown.transcript.show(outline(elsewhere), elsewhere)
        await shown.pilot.pause()
        assert shown.transcript.following
        assert shown.transcript.focused_entry is None


async def test_a_shorter_version_is_shown_to_its_end() -> None:
    entries = [*chat(3), reply("long", LONG), *chat(9)[8:]]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        shown.transcript.reveal("long", LONG.index("paragraph 30"))
        shown.transcript.show(
            outline(switched := [*entries[:6], reply("other", "Short."), *entries[7:]]), switched
        )
        assert shown.rows()[0].strip() == "Short."


async def test_a_version_is_read_on_where_it_was_left_unless_one_read_another_meanwhile() -> None:
    entries = [*chat(3), reply("long", LONG)]
    shorter = LONG[: LONG.index("Streamed paragraph 20")].replace("Streamed", "Another")
    versions = [reply("short", "Short."), reply("shorter", shorter)]
    async with pane() as shown:

        def show(version: Entry) -> None:
            branch = [*entries[:-1], version]
            shown.transcript.show(outline(branch), branch)

        show(entries[-1])
        shown.transcript.reveal("long", LONG.index("paragraph 23"))
        before = shown.rows()
        for version in (*versions, *versions[::-1], entries[-1]):
            show(version)
        assert shown.rows() == before
        show(versions[1])
        await shown.pilot.press("k")
        here = shown.rows()
        show(entries[-1])
        assert shown.rows() == [row.replace("Another", "Streamed") for row in here]


async def test_when_what_is_read_was_deleted_what_stood_above_it_is_shown() -> None:
    entries = chat(9)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        shown.transcript.reveal("a6", entries[13].text.index("line 7"))
        await shown.pilot.press("pagedown")
        shown.transcript.show(outline(entries[:12]), entries[:12])
        await shown.pilot.pause()
        assert shown.sees("Answer 5")


async def test_a_fold_that_opens_above_moves_nothing() -> None:
    thoughtful = Entry(
        "t", Role.ASSISTANT, "Done.", heading="model", reasoning="hm\n" * 30, reasoning_ms=4200
    )
    entries = [thoughtful, *chat(4)]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        await shown.pilot.press("pageup")
        before = shown.rows()
        shown.transcript._fold(0, "reasoning")
        assert shown.rows() == before


async def test_the_position_is_found_again() -> None:
    entries = chat(30)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        for _ in range(5):
            await shown.pilot.press("pageup")
        before, position = shown.rows(), shown.transcript.position
        shown.transcript.show(outline(chat(1)), chat(1))
        await shown.pilot.pause()
        shown.transcript.show(outline(entries), entries, at=position)
        await shown.pilot.pause()
        assert shown.rows() == before
        assert not shown.follows()


async def test_the_end_is_a_position_too() -> None:
    async with pane() as shown:
        shown.transcript.show(outline(chat(9)), chat(9))
        assert shown.transcript.position == Position()
        shown.transcript.show(outline(chat(8)), chat(8), at=shown.transcript.position)
        await shown.pilot.pause()
        assert shown.follows()
        assert shown.sees("Answer 7, line 7.")


async def test_a_position_in_a_text_that_is_not_here_yet_is_kept() -> None:
    text = "\n\n".join(f"paragraph {n}" for n in range(200))
    entries = [*chat(3), reply("far", text), *chat(3)]
    named = [Outline(f"{n}", entry.role, len(entry.text)) for n, entry in enumerate(entries)]
    async with pane() as shown:
        shown.transcript.show(named, at=Position("6", text.index("paragraph 150"), 4))
        await shown.pilot.pause()
        needed = {name for one in shown.told(EntriesNeeded) for name in one.ids}
        assert "6" in needed
        shown.transcript.provide([Entry("6", Role.ASSISTANT, text, heading="model")])
        await shown.pilot.pause()
        assert shown.row_of("paragraph 150") == 4


async def test_home_leads_above_the_heading_of_a_message_that_is_not_here_yet() -> None:
    entries = chat(40)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries[60:])
        await shown.pilot.press("home")
        shown.transcript.provide(entries[:20])
        assert [row.strip("▌ ") for row in shown.rows()[:3]] == ["", "You", "Question 0?"]


async def test_a_long_users_message_scrolls() -> None:
    entries = [user("u", "\n".join(f"pasted {n}" for n in range(3_000)))]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        assert shown.sees("pasted 2999")
        await shown.pilot.press("home")
        assert shown.sees("pasted 0")


async def test_it_opens_at_a_position_given_before_it_has_a_size() -> None:
    entries = chat(30)

    class Early(PaneApp):
        def on_mount(self) -> None:
            position = Position("a12", entries[25].text.index("Answer 12, line 3"), 5)
            self.query_one(Transcript).show(outline(entries), entries, at=position)

    app = Early()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert Pane(app, pilot, []).row_of("Answer 12, line 3") == 5


async def test_a_growing_pane_keeps_following() -> None:
    async with pane(60, 20) as shown:
        shown.transcript.show(outline(chat(9)), chat(9))
        await shown.pilot.pause()
        for height in (30, 10, 24):
            await shown.pilot.resize_terminal(60, height)
            await shown.pilot.pause()
            assert shown.follows()
            assert shown.rows()[-1].strip() == "Answer 8, line 7."


async def test_one_who_comes_back_to_the_end_follows_again() -> None:
    async with pane() as shown:
        shown.transcript.show(outline(chat(9)), chat(9))
        shown.transcript.append(live("new", "Begun."))
        await shown.pilot.press("pageup", "pageup")
        assert not shown.follows()
        await shown.pilot.press("pagedown", "pagedown", "pagedown")
        assert shown.follows()
        shown.transcript.extend("new", LONG)
        await shown.pilot.pause()
        assert shown.sees("Streamed paragraph 39")


async def test_texts_that_are_longer_or_shorter_than_guessed_move_nothing() -> None:
    entries = chat(40)
    wrong = [
        Outline(entry.id, entry.role, 7_000 if at % 3 else 1) for at, entry in enumerate(entries)
    ]
    async with pane() as shown:
        shown.transcript.show(wrong, entries[30:50], at=Position("a19", 0, 4))
        await shown.pilot.pause()
        before = shown.rows()
        assert shown.row_of("Answer 19, line 0.") == 4
        for start in (20, 0, 50):
            shown.transcript.provide(entries[start : start + 10])
            assert shown.rows() == before
        shown.transcript.provide(entries)
        await until(lambda: shown.transcript._idle is None)
        assert shown.rows() == before


def thinking(lines: int = 300, text: str = "", **more: object) -> Entry:
    """A reply that says how it was reasoned, in so many lines."""
    thoughts = "\n".join(f"- r{n}" for n in range(lines))
    entry = Entry("m", Role.ASSISTANT, text, "model", thoughts, live=not text)
    return replace(entry, **more)  # type: ignore[arg-type]


@asynccontextmanager
async def reading_reasoning(entry: Entry) -> AsyncIterator[Pane]:
    """A pane in which one reads in the middle of open reasoning."""
    async with pane() as shown:
        shown.transcript.show(outline([*chat(3), entry]), [*chat(3), entry])
        await shown.pilot.press("Z", "G", *["pageup"] * 4)
        assert re.fullmatch(r"\s*│ - r\d+", shown.rows()[0])
        yield shown


@pytest.mark.parametrize("text", ["", "And", "Some text."])
async def test_reading_in_reasoning_nothing_moves_while_more_streams_in(text: str) -> None:
    entry = thinking(text=text, live=True)
    async with reading_reasoning(entry) as shown:
        before = shown.rows()
        for n in range(100):
            shown.transcript.extend("m", "", f" more\n- r{300 + n}")
            assert shown.rows() == before
        for n in range(40):
            shown.transcript.extend("m", f" word {n}\n\n")
            assert shown.rows() == before
        final = replace(entry, text=shown.text_of("m"), live=False, reasoning_ms=900, numbers="12")
        shown.transcript.update(replace(final, reasoning=shown.reasoning_of("m")))
        await shown.pilot.pause()
        assert shown.rows() == before
        await shown.pilot.press("G")
        assert shown.sees("12")


async def test_reading_in_reasoning_nothing_moves_when_something_else_changes() -> None:
    async with reading_reasoning(thinking(text="Done.\n\n" * 9)) as shown:
        before = shown.rows()
        shown.transcript.update(thinking(text="Done.\n\n" * 9, numbers="12 in", sibling=(1, 2)))
        await shown.pilot.pause()
        assert shown.rows() == before
        shown.transcript.update(thinking(text="Done."))
        await shown.pilot.pause()
        assert shown.rows() == before


@pytest.mark.parametrize("width", [44, 47, 95])
async def test_a_resize_keeps_the_line_of_the_reasoning_at_the_top(width: int) -> None:
    words = " ".join(f"w{n}" for n in range(3_000))  # in one line, of several parts
    for entry in (thinking(text="Done."), thinking(text="Done.", reasoning=words)):
        async with pane() as shown:
            shown.transcript.show(outline([entry]), [entry])
            await shown.pilot.press("Z", "G", *["pageup"] * 4)
            first = shown.rows()[0].split("│")[1].split()[-1 if entry.reasoning[0] == "-" else 0]
            await shown.pilot.resize_terminal(width, 20)
            await shown.pilot.pause()
            assert first in shown.rows()[0].split()


async def test_reasoning_is_folded_to_its_line_where_one_reads_in_it() -> None:
    async with reading_reasoning(thinking(text="Done.\n\n" * 30)) as shown:
        await shown.pilot.press("Z")
        assert "▸ Thoughts" in shown.rows()[0]


@pytest.mark.parametrize("action", ["to_start", "previous_message", "next_code", "to_end"])
async def test_where_one_went_since_is_not_left_for_a_message_that_was_read_at_last(
    action: str,
) -> None:
    text = "\n\n".join(f"Paragraph {n} of the book." for n in range(6_000))
    entries = [*chat(9), reply("book", text), *chat(21)[18:], reply("c", "```\ncode\n```")]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries, at=Position("book", 90_000, 4))
        assert shown.transcript._laid.picture(18) is None  # it is being read
        if action in ("previous_message", "next_code"):
            shown.transcript._focus_on(Focus("a8" if action[0] == "p" else "c"))
            shown.transcript._settle(shown.transcript._laid.place(0), 0)
        getattr(shown.transcript, f"action_{action}")()
        await until(lambda: not shown.transcript.seeking)  # on a slow machine it takes its turns
        before = shown.rows()
        await until(lambda: shown.transcript._laid.picture(18) is not None)
        await shown.pilot.pause()
        assert shown.rows() == before


async def test_a_position_in_a_text_that_is_awaited_outlives_that_the_chat_is_shown_again() -> None:
    entries = [*chat(9), reply("far", LONG), *chat(12)[18:]]
    async with pane() as shown:
        at = Position("far", LONG.index("paragraph 20"), 4)
        shown.transcript.show(outline(entries), at=at)
        shown.transcript.show(outline(entries))
        shown.transcript.provide(entries)
        assert shown.row_of("paragraph 20") == 4
