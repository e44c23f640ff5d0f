"""Where one reads: the line under the reader's eyes stays where it is, whatever comes."""

from __future__ import annotations

import pytest

from tests.bench import corpus
from tests.ui.transcript.pane import Pane, PaneApp, chat, live, outline, pane, reply, user
from tests.waiting import until
from tui.core.message import Role
from tui.ui.transcript import EntriesNeeded, Entry, FollowChanged, Outline, Position, Transcript

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


async def test_texts_are_asked_for_as_they_come_into_view() -> None:
    entries = chat(500)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries[-6:])
        await shown.pilot.pause()
        assert shown.sees("Answer 499, line 7.")
        asked = {name for one in shown.told(EntriesNeeded) for name in one.ids}
        assert len(asked) < 40
        by_id = {entry.id: entry for entry in entries}
        answered = 0
        for _ in range(12):
            needed = shown.told(EntriesNeeded)
            for one in needed[answered:]:
                shown.transcript.provide([by_id[name] for name in one.ids])
            answered = len(needed)
            await shown.pilot.press("pageup")
            await shown.pilot.pause()
            assert sum(bool(row) for row in shown.rows()) > 5  # never a pane of nothing
        names = [name for one in shown.told(EntriesNeeded) for name in one.ids]
        assert len(names) == len(set(names))  # nothing is asked for twice


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


async def test_memory_is_bounded_by_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.ui.transcript.contents.KEPT_TEXT", 4_000)
    entries = chat(100)
    by_id = {entry.id: entry for entry in entries}
    async with pane() as shown:
        shown.transcript.show(outline(entries))
        await shown.pilot.pause()
        answered = 0
        for key in ["pageup"] * 60 + ["end", "home", "end"]:
            needed = shown.told(EntriesNeeded)
            for one in needed[answered:]:
                shown.transcript.provide([by_id[name] for name in one.ids])
            answered = len(needed)
            await shown.pilot.press(key)
        layout = shown.transcript._laid
        assert sum(layout.entry(at) is not None for at in range(len(layout))) < 60


async def test_only_what_is_near_is_rendered() -> None:
    entries = chat(200)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        await until(lambda: shown.transcript._idle is None)
        assert shown.transcript._laid.renderer.made < 60


async def test_what_is_made_ahead_moves_nothing() -> None:
    entries = [reply(f"m{n}", "short\n\n" * 10 + "word " * 400) for n in range(40)]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        for _ in range(5):
            await shown.pilot.press("pageup")
            before = shown.rows()
            await until(lambda: shown.transcript._idle is None)
            assert shown.rows() == before


async def test_a_theme_paints_again_and_parses_nothing() -> None:
    async with pane() as shown:
        shown.transcript.show(outline(chat(5)), chat(5))
        await shown.pilot.pause()
        await until(lambda: shown.transcript._idle is None)
        made = shown.transcript._laid.renderer.made
        before = [segment.style for segment in shown.transcript.render_line(3)]
        shown.app.theme = "textual-light"
        await shown.pilot.pause()
        after = [segment.style for segment in shown.transcript.render_line(3)]
        assert before != after
        assert shown.transcript._laid.renderer.made == made


async def test_what_is_settled_is_not_rendered_again_when_a_reply_ends() -> None:
    async with pane() as shown:
        shown.transcript.show([], [])
        shown.transcript.append(live("new"))
        shown.transcript.extend("new", LONG)
        await shown.pilot.pause()
        await until(lambda: shown.transcript._idle is None)
        made = shown.transcript._laid.renderer.made
        shown.transcript.update(Entry("new", Role.ASSISTANT, LONG, heading="model", numbers="42"))
        await shown.pilot.pause()
        assert shown.sees("42")
        assert shown.transcript._laid.renderer.made - made <= 4


async def test_a_long_users_message_scrolls() -> None:
    entries = [user("u", "\n".join(f"pasted {n}" for n in range(3_000)))]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        assert shown.sees("pasted 2999")
        await shown.pilot.press("home")
        assert shown.sees("pasted 0")


async def test_a_message_of_a_megabyte_is_read_aside_and_scrolls() -> None:
    text = corpus.reply("mixed", 1_000_000)
    entries = [user("u", "Write me a book."), reply("book", text), user("v", "Thanks.")]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        assert shown.sees("Thanks.")
        await until(lambda: shown.transcript._laid.picture(1) is not None)
        assert shown.sees("Thanks.")
        made = shown.transcript._laid.renderer.made
        await shown.pilot.press("pageup", "pageup", "pageup")
        assert shown.transcript._laid.renderer.made - made < 120
        shown.transcript.reveal("book", 500_000)
        await until(lambda: sum(map(bool, shown.rows())) > 5)
        character = shown.transcript.position.character
        assert 490_000 < character < 500_001


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
