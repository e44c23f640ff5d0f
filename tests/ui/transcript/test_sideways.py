"""A table that is wider than the pane: where more of it follows, and how it is moved."""

from __future__ import annotations

import pytest
from textual import events

from tests.ui.transcript.pane import Pane, outline, pane, reply
from tui.ui.transcript import Transcript

COLUMNS = 30
WIDE = "\n".join(
    "|" + "|".join(cells) + "|"
    for cells in (
        [f"c{n}" for n in range(COLUMNS)],
        ["--"] * COLUMNS,
        [f"v{n}" for n in range(COLUMNS)],
    )
)


def edges(shown: Pane) -> set[tuple[str, str]]:
    """What stands left and right of the rows of the table."""
    cells = [row.ljust(shown.transcript.size.width - 1) for row in shown.rows()]
    table = [row for row in cells if set(row) & set("│┼─")]
    assert table
    return {(row[1], row[-1]) for row in table}


async def test_a_wide_table_is_marked_where_more_of_it_follows() -> None:
    entry = reply("m", f"Words.\n\n{WIDE}")
    async with pane() as shown:
        shown.transcript.show(outline([entry]), [entry])
        await shown.pilot.pause()
        assert edges(shown) == {(" ", "›")}
        await shown.pilot.press("l")
        assert edges(shown) == {("‹", "›")}
        await shown.pilot.press("right_square_bracket")
        assert shown.sees("▌‹")
        await shown.pilot.press("escape", *"l" * 30)
        assert {left for left, _ in edges(shown)} == {"‹"}
        assert shown.sees(f"c{COLUMNS - 1}")
        assert not shown.sees("›")
        assert "‹" not in shown.rows()[shown.row_of("Words.")]
        await shown.pilot.press(*"h" * 30)
        assert edges(shown) == {(" ", "›")}


@pytest.mark.parametrize(
    ("right", "left", "shift"),
    [
        (events.MouseScrollRight, events.MouseScrollLeft, False),
        (events.MouseScrollDown, events.MouseScrollUp, True),
    ],
)
async def test_the_wheel_moves_it_as_the_keys_do(
    right: type[events.MouseEvent], left: type[events.MouseEvent], shift: bool
) -> None:
    entries = [reply(f"m{n}", WIDE) for n in range(9)]
    async with pane() as shown:
        shown.transcript.show(outline(entries), entries)
        await shown.pilot.press("l")
        by_key = shown.rows()
        await shown.pilot.press("h")
        before = shown.rows()
        await shown.pilot._post_mouse_events([right], Transcript, button=0, shift=shift)
        assert shown.rows() == by_key
        await shown.pilot._post_mouse_events([left], Transcript, button=0, shift=shift)
        assert shown.rows() == before
