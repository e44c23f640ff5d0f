"""What is read, made and kept: no more than is seen, whatever the length of a message or a chat."""

from __future__ import annotations

from itertools import count

import pytest

from tests.bench import corpus
from tests.ui.transcript.pane import chat, live, outline, pane, reply, user
from tests.waiting import until
from tui.core.message import Role
from tui.ui.transcript import EntriesNeeded, Entry, Outline, Transcript

LONG = "\n\n".join(f"Streamed paragraph {n} of the reply." for n in range(40))


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


async def test_what_has_settled_is_neither_made_nor_painted_again_while_text_streams_in() -> None:
    async with pane() as shown:
        shown.transcript.show(outline(chat(3)), chat(3))
        shown.transcript.append(live("new", "# Title\n\nSettled.\n\n- one\n- two\n\nOpen"))
        await shown.pilot.pause()
        await until(lambda: shown.transcript._idle is None)
        renderer = shown.transcript._laid.renderer
        kept = {id(piece): id(made) for piece, made in renderer._kept.items()}
        made = renderer.made
        for _ in range(50):
            shown.transcript.extend("new", " a")  # within the row that is open
        await shown.pilot.pause()
        assert renderer.made - made <= 2 * 50  # the open paragraph, and what stands below it
        now = {id(piece): id(one) for piece, one in renderer._kept.items()}
        assert sum(now.get(piece) == one for piece, one in kept.items()) >= len(kept) - 2


async def test_only_what_is_in_view_is_made_at_once_the_rest_a_slice_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A clock of which a slice has two ticks: one to begin by, one to make something.
    monkeypatch.setattr("tui.ui.transcript.keeping.perf_counter", count().__next__)
    monkeypatch.setattr("tui.ui.transcript.keeping.SLICE", 1.5)
    monkeypatch.setattr("tui.ui.transcript.keeping.IDLE", 0.001)
    made_ahead: list[int] = []
    ahead = Transcript._made_ahead

    def counted(self: Transcript) -> bool:
        before = self._laid.renderer.made
        more = ahead(self)
        made_ahead.append(self._laid.renderer.made - before)
        return more

    monkeypatch.setattr(Transcript, "_made_ahead", counted)
    entries = chat(50)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        assert not made_ahead  # nothing is, before the first frame is out
        assert shown.transcript._laid.renderer.made <= shown.transcript.size.height + 5
        await until(lambda: shown.transcript._idle is None)
        assert made_ahead
        assert max(made_ahead) <= 1  # which is all that a key may have to wait for


async def test_a_resize_lays_out_the_screen_and_leaves_the_rest() -> None:
    entries = chat(50)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        for _ in range(20):
            await shown.pilot.press("pageup")
        await until(lambda: shown.transcript._idle is None)
        renderer = shown.transcript._laid.renderer
        made, kept = renderer.made, len(renderer._kept)
        assert kept > 100
        shown.transcript._widen(40)
        shown.transcript._settle()
        assert sum(one.laid for one in renderer._kept.values()) <= shown.transcript.size.height + 5
        assert renderer.made - made <= shown.transcript.size.height  # and nothing is read again


@pytest.mark.parametrize("what", ["mixed", "a line"])
async def test_a_megabyte_and_an_endless_line_stream_at_the_same_cost_to_their_end(
    what: str,
) -> None:
    text = (
        corpus.reply("mixed", 1_000_000)
        if what == "mixed"
        else " ".join(f"w{n}" for n in range(16_000))
    )
    size = len(text) // 20
    async with pane() as shown:
        shown.transcript.show([], [])
        shown.transcript.append(live("new"))
        renderer = shown.transcript._laid.renderer
        costs: list[int] = []
        for start in range(0, len(text), size):
            shown.transcript.extend("new", text[start : start + size - 500])
            made = renderer.made
            for at in range(start + size - 500, start + size, 25):  # as tokens come
                shown.transcript.extend("new", text[at : at + 25])
            costs.append(renderer.made - made)
        assert sum(costs[-5:]) <= 1.5 * sum(costs[:5]) + 20
        assert shown.follows()
        top = shown.rows()
        await shown.pilot.press("pageup", "pageup")
        assert shown.rows() != top
        made = renderer.made
        await shown.pilot.press("pageup")
        assert renderer.made - made <= 2 * shown.transcript.size.height


async def test_a_line_of_100_000_characters_is_shown_and_scrolls() -> None:
    text = " ".join(f"w{n}" for n in range(16_000))
    assert len(text) > 100_000 - 10_000
    async with pane() as shown:
        shown.transcript.show(outline([reply("m", text)]), [reply("m", text)])
        await until(lambda: shown.sees("w15999"))
        made = shown.transcript._laid.renderer.made
        await shown.pilot.press("pageup", "pageup", "home")
        assert shown.sees("w0 w1 ")
        assert shown.transcript._laid.renderer.made - made < 30


async def test_a_long_message_says_that_it_is_read() -> None:
    text = "Some words. " * 20_000
    async with pane() as shown:
        shown.transcript.show([Outline("m", Role.ASSISTANT, len(text))], [reply("m", text)])
        assert shown.sees("Reading 240,000 characters…")
        await until(lambda: shown.sees("Some words."))
        assert not shown.sees("Reading")


async def test_open_reasoning_streams_at_the_same_cost_to_its_end() -> None:
    async with pane() as shown:
        shown.transcript.show([], [])
        shown.transcript.append(live("new"))
        shown.transcript.extend("new", "", "Hm.")
        await shown.pilot.press("Z")
        shown.transcript.follow_end()
        renderer = shown.transcript._laid.renderer
        costs: list[int] = []
        for turn in range(40):
            made = renderer.made
            for n in range(50):
                shown.transcript.extend("new", "", f" some words {n}" + "\n" * (turn % 2))
            costs.append(renderer.made - made)
        assert sum(costs[-10:]) <= sum(costs[:10]) + 20
        assert shown.sees("some words 49")
