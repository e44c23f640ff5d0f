"""While the button is down, what was pressed stays under the pointer, however fast text comes."""

from __future__ import annotations

from textual import events
from textual.geometry import Offset

from tests.ui.transcript.pane import Pane, at, chat, live, outline, pane
from tui.ui.transcript import Copied, FollowChanged, Transcript


async def begin(shown: Pane) -> None:
    """A chat that is followed while the end of it is being written."""
    shown.transcript.show(outline(chat(4)), chat(4))
    shown.transcript.append(live("new"))
    shown.transcript.extend("new", "```\nx = 1\n```\n\nOne two.\n\n")
    await shown.pilot.pause()
    assert shown.follows()


async def sends(shown: Pane, kind: type[events.MouseEvent], where: tuple[int, int]) -> None:
    """An event as the terminal sends it: the app itself tells that it was a click."""
    shown.app.post_message(kind(None, *where, 0, 0, 1, False, False, False))
    await shown.pilot.pause()


async def press(shown: Pane, where: tuple[int, int]) -> None:
    """Press, and have more written than the pane has room for."""
    await sends(shown, events.MouseDown, where)
    await more(shown)


async def more(shown: Pane) -> None:
    shown.transcript.extend("new", "More.\n\n" * 40)
    await shown.pilot.pause()


async def test_a_drag_selects_from_what_was_pressed_and_leaves_it_in_view() -> None:
    async with pane() as shown:
        await begin(shown)
        x, y = at(shown, "One two.")
        await press(shown, (x, y))
        assert at(shown, "One two.") == (x, y)
        await sends(shown, events.MouseMove, (x + 2, y))
        await more(shown)
        await sends(shown, events.MouseMove, (x + 7, y))
        await sends(shown, events.MouseUp, (x + 7, y))
        await more(shown)
        assert shown.transcript.selected_text == "One two"
        assert at(shown, "One two.") == (x, y)
        assert not shown.follows()


async def test_a_word_that_two_clicks_took_stays_in_view() -> None:
    async with pane() as shown:
        await begin(shown)
        x, y = at(shown, "One two.")
        await shown.pilot.click(Transcript, offset=Offset(x, y), times=2)
        await more(shown)
        assert shown.transcript.selected_text == "One"
        assert at(shown, "One two.") == (x, y)


async def test_a_click_is_on_what_was_pressed_and_the_end_is_followed_after_it() -> None:
    async with pane() as shown:
        await begin(shown)
        x, y = at(shown, "copy")
        await press(shown, (x, y))
        await sends(shown, events.MouseUp, (x, y))
        assert shown.told(Copied)[-1].text == "x = 1"
        assert shown.follows()
        assert not shown.told(FollowChanged)
        assert not shown.sees("One two.")
        assert shown.transcript.scroll_offset.y == shown.transcript.max_scroll_y


async def test_a_drag_that_comes_back_selects_nothing_and_the_end_is_followed_after_it() -> None:
    async with pane() as shown:
        await begin(shown)
        x, y = at(shown, "One two.")
        await press(shown, (x, y))
        await sends(shown, events.MouseMove, (x + 5, y))
        await sends(shown, events.MouseMove, (x, y))
        await sends(shown, events.MouseUp, (x, y))
        assert not shown.transcript.has_selection
        assert shown.follows()
        assert not shown.sees("One two.")
