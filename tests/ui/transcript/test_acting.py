"""Links, chips, folds and the keys of the focused message."""

from __future__ import annotations

from typing import Any

import pytest
from textual.geometry import Offset

from tests.ui.transcript.pane import at, chat, live, outline, pane, reply, user
from tests.waiting import until
from tui.core.message import Role
from tui.ui.transcript import (
    TRANSCRIPT_ACTIONS,
    ActionChosen,
    Copied,
    EditRequested,
    Entry,
    EntryFocused,
    LinkClicked,
    RetryRequested,
    SiblingStepped,
    Transcript,
)
from tui.ui.transcript.block import Block
from tui.ui.transcript.compose import compose
from tui.ui.transcript.passage import Passage

ACTED = (EditRequested, RetryRequested, SiblingStepped)


async def test_links_tell_where_they_lead_and_open_nothing() -> None:
    text = "See [the docs](https://docs.example.org) or https://auto.example.org now."
    async with pane(width=80) as shown:
        shown.transcript.show(outline([reply("m", text)]), [reply("m", text)])
        await shown.pilot.pause()
        x, y = at(shown, "the docs")
        await shown.pilot.click(Transcript, offset=Offset(x + 3, y))
        assert [one.href for one in shown.told(LinkClicked)] == ["https://docs.example.org"]
        await shown.pilot.press("o", "o")
        hrefs = [one.href for one in shown.told(LinkClicked)[1:]]
        assert hrefs == ["https://docs.example.org", "https://auto.example.org"]


async def test_links_are_stepped_through_from_the_last_one_that_was_opened() -> None:
    text = (
        "[a](https://x.org) [b](https://x.org)\n\n[ref] and https://y.org\n\n[ref]: https://z.org"
    )
    entries = [reply("n", "https://n.org"), reply("m", text)]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.press(*"ooooo")
        hosts = [one.href.removeprefix("https://") for one in shown.told(LinkClicked)]
        assert hosts == ["x.org", "x.org", "z.org", "y.org", "x.org"]
        shown.transcript.focus_entry("n")
        await shown.pilot.press("o", "o")
        assert shown.told(LinkClicked)[-1].href == "https://n.org"


async def test_looking_for_a_link_reads_what_may_hold_one(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(block: Block, *rest: Any) -> Passage:
        read.append(block.text)
        return compose(block, *rest)

    text = "- [ ] No link.\n\n```\nhttps://code.org\n```\n\n" * 500
    text += "[a](https://x.org)\n\n" * 500
    async with pane() as shown:
        shown.transcript.show(outline([reply("m", text)]), [reply("m", text)])
        await shown.pilot.press("home")
        await until(lambda: shown.transcript._idle is None)
        monkeypatch.setattr("tui.ui.transcript.piece.compose", counted)
        for _ in range(5):
            shown.transcript.action_open_link()
        assert set(read) == {"[a](https://x.org)"}
        assert len(read) < 10  # the last one that was opened, and the next


async def test_reasoning_is_folded_until_asked_for() -> None:
    entry = Entry(
        "m", Role.ASSISTANT, "Answer.", heading="m", reasoning="because", reasoning_ms=4_200
    )
    async with pane() as shown:
        shown.transcript.show(outline([entry]), [entry])
        await shown.pilot.pause()
        assert shown.sees("▸ Thought for 4.2 s")
        assert not shown.sees("because")
        await shown.pilot.press("z")
        assert shown.sees("because")
        await shown.pilot.click(Transcript, offset=Offset(6, shown.row_of("Thought")))
        assert not shown.sees("because")


async def test_chips_and_siblings_are_told() -> None:
    entry = Entry(
        "m",
        Role.ASSISTANT,
        "Partial",
        heading="model",
        error="It broke. Press r.",
        sibling=(2, 3),
        actions=(("retry", "r retry"), ("pick_model", "Ctrl+O model")),
    )
    async with pane() as shown:
        shown.transcript.show(outline([entry]), [entry])
        await shown.pilot.pause()
        x, y = at(shown, "Ctrl+O model")
        await shown.pilot.click(Transcript, offset=Offset(x, y))
        assert shown.told(ActionChosen)[-1].action_id == "pick_model"
        x, y = at(shown, "›")
        await shown.pilot.click(Transcript, offset=Offset(x, y))
        await shown.pilot.press("less_than_sign", "greater_than_sign")
        assert [one.step for one in shown.told(SiblingStepped)] == [1, -1, 1]


async def test_keys_act_on_the_focused_message_else_the_last() -> None:
    entries = chat(4)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        await shown.pilot.press("y", "e", "r")
        assert shown.told(Copied)[-1].text == entries[-1].text
        assert shown.told(EditRequested)[-1].entry_id == "q3"
        assert shown.told(RetryRequested)[-1].entry_id == "a3"
        await shown.pilot.press("left_square_bracket", "left_square_bracket", "y")
        focused = shown.transcript.focused_entry
        assert focused == "q3"  # the first step leads to the last message in view
        assert shown.told(EntryFocused)[-1].entry_id == focused
        text = next(entry.text for entry in entries if entry.id == focused)
        assert shown.told(Copied)[-1].text == text
        await shown.pilot.press("right_square_bracket")
        assert shown.transcript.focused_entry != focused
        await shown.pilot.press("escape")
        assert shown.told(EntryFocused)[-1].entry_id is None


async def test_the_focus_goes_on_to_the_version_that_takes_a_messages_place() -> None:
    entries = chat(3)
    first, other = entries[1], reply("other", "Another answer.")
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        shown.transcript.focus_entry("a0")
        await shown.pilot.press("less_than_sign")
        branch = [entries[0], other, user("q1b", "And?"), reply("a1b", "So.")]
        shown.transcript.show(outline(branch), branch)
        await shown.pilot.press("greater_than_sign")
        shown.transcript.show(outline([*branch[:1], first]), [first])
        await shown.pilot.press("less_than_sign")
        acted = [one.entry_id for one in shown.told(SiblingStepped)]
        assert acted == ["a0", "other", "a0"]
        assert [one.entry_id for one in shown.told(EntryFocused)] == acted


async def test_the_focus_goes_with_a_message_that_nothing_took_the_place_of() -> None:
    entries = chat(3)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        shown.transcript.focus_entry("a2")
        shown.transcript.show(outline(entries[:4]), entries[:4])
        await shown.pilot.pause()
        assert shown.transcript.focused_entry is None


async def test_escape_is_left_to_others_while_a_reply_streams() -> None:
    async with pane() as shown:
        shown.transcript.show(outline(chat(2)), chat(2))
        shown.transcript.append(live("new"))
        await shown.pilot.press("left_square_bracket", "escape")
        assert shown.app.escapes == 1
        shown.transcript.update(reply("new", "Done."))
        await shown.pilot.press("escape")
        assert shown.transcript.focused_entry is None
        assert shown.app.escapes == 1  # that one dropped the focus
        await shown.pilot.press("escape")
        assert shown.app.escapes == 2


async def test_messages_are_stepped_through_from_end_to_end() -> None:
    entries = chat(5)
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.press("home")
        seen: list[str | None] = []
        for _ in range(len(entries)):
            await shown.pilot.press("right_square_bracket")
            seen.append(shown.transcript.focused_entry)
        assert seen[-1] == "a4"
        assert len(set(seen)) >= len(entries) - 1


@pytest.mark.parametrize("action", TRANSCRIPT_ACTIONS, ids=lambda action: action.id)
async def test_every_key_of_the_table_does_something_and_nothing_on_an_empty_transcript(
    action: tuple[str, str, str],
) -> None:
    name, keys, _ = action
    assert hasattr(Transcript, f"action_{name}")
    async with pane() as shown:
        for key in keys.split(","):
            await shown.pilot.press(key)  # no message yet: nothing, and no error
        shown.transcript.show(outline(chat(3)), chat(3))
        for key in keys.split(","):
            await shown.pilot.press(key)


async def test_what_was_found_is_marked_and_scrolled_to() -> None:
    entries = chat(50)
    text = entries[41].text
    start = text.index("line 3")
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.pause()
        shown.transcript.highlight({"a20": [(start, start + 6)]})
        shown.transcript.reveal("a20", start)
        await until(lambda: shown.sees("Answer 20, line 3."))
        y = shown.row_of("Answer 20, line 3.")
        looks = {segment.text: segment.style for segment in shown.transcript.render_line(y)}
        assert looks["line 3"] != looks["."]


async def test_what_was_found_in_markdown_is_marked_where_it_is_shown() -> None:
    text = (
        "Some **bold `code`** and [a link](https://x.org/found) found\n\n"
        "| a | found |\n|--|--|\n| b | c |"
    )
    async with pane() as shown:
        shown.transcript.show(outline([reply("m", text)]), [reply("m", text)])
        await shown.pilot.pause()
        spans = [(n, n + 5) for n in range(len(text)) if text.startswith("found", n)]
        shown.transcript.highlight({"m": spans})
        rows = [shown.transcript.render_line(y) for y in range(20)]
        marked = [
            segment.text
            for row in rows
            for segment in row
            if segment.style
            and segment.style.bgcolor == shown.transcript._component("highlight").bgcolor
        ]
        assert marked == ["found", "found"]


@pytest.mark.parametrize("key", ["y", "Y", "e", "r", "less_than_sign", "o", "Z"])
async def test_keys_act_on_a_last_message_that_is_not_here_yet(key: str) -> None:
    entries = chat(4)
    last = Entry("a3", Role.ASSISTANT, "See https://x.org", "model", "because")
    entries[-1] = last
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries[:2])
        await shown.pilot.press(key)
        acted = [one for one in shown.record if isinstance(one, ACTED)]
        wanted = {"e": {"q3"}, "r": {"a3"}, "less_than_sign": {"a3"}}
        assert {one.entry_id for one in acted} == wanted.get(key, set())
        shown.transcript.provide(entries[2:])
        await shown.pilot.pause()
        if key in ("y", "Y"):
            assert shown.told(Copied)[-1].text == last.text
        elif key == "o":
            assert shown.told(LinkClicked)[-1].href == "https://x.org"
        elif key == "Z":
            assert shown.sees("because")
