"""What is painted quickly is what Textual would have painted."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from textual._compositor import Compositor
from textual.geometry import Region
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widgets import Static

from tests.server import Server
from tests.ui.app.chatting import Chinwag, chinwag
from tests.wire import DONE, Reply, finish, says, text
from tui.ui.painting import NarrowCompositor, QuickScrollBar
from tui.ui.search_screen import SearchScreen

LONG = "\n\n".join(f"Paragraph **{number}**, and `code` in it." for number in range(60))
Chops = Sequence[Mapping[int, Strip | None]]


def cells(chops: Chops, line: int, crop: Region) -> list[tuple[str, str]]:
    """What is seen of a line within some columns, character by character, with its look."""
    strips = [(x, strip) for x, strip in chops[line].items() if strip is not None]
    seen: dict[int, tuple[str, str]] = {}
    for x, strip in strips:
        for segment in strip:
            for character in segment.text:
                seen[x] = (character, str(segment.style))
                x += 1
    return [seen[x] for x in range(crop.x, crop.right) if x in seen]


def differences(chat: Chinwag, rng: random.Random) -> list[int]:
    """Lines that the two compositors see differently, of some that changed."""
    compositor = chat.app.screen._compositor
    assert isinstance(compositor, NarrowCompositor)
    width, height = compositor.size
    x, y = rng.randrange(width), rng.randrange(height)
    crop = Region(x, y, rng.randint(1, width - x), rng.randint(1, height - y))
    changed = {y for y in range(height) if rng.random() < 0.7}

    def chops(render: Callable[..., Chops]) -> Chops:
        return render(compositor, crop, changed.__contains__)

    ours, theirs = chops(NarrowCompositor._render_chops), chops(Compositor._render_chops)
    assert [list(line) for line in ours] == [list(line) for line in theirs]
    return [
        y
        for y in crop.line_range
        if y in changed and cells(ours, y, crop) != cells(theirs, y, crop)
    ]


@pytest.mark.parametrize("size", [(60, 16), (120, 40)])
async def test_any_part_of_the_screen_is_rendered_as_textual_renders_it(
    tmp_path: Path, server: Server, size: tuple[int, int]
) -> None:
    rng = random.Random(1)
    server.script(says(LONG))
    async with chinwag(tmp_path, server, size=size) as chat:
        states: list[Callable[[], object]] = [
            lambda: None,
            chat.screen.transcript.action_page_back,
            chat.screen.action_toggle_sidebar,
            lambda: chat.screen.tell("a toast in front of it"),
            lambda: chat.screen.writer.composer.insert("/re"),  # completions
        ]
        await chat.ask("hi")
        for change in states:
            change()
            await chat.pilot.pause()
            assert [differences(chat, rng) for _ in range(40)] == [[]] * 40


async def test_the_scroll_bar_looks_as_textuals_own(tmp_path: Path, server: Server) -> None:
    server.script(says(LONG))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        bar = chat.screen.transcript.vertical_scrollbar
        assert isinstance(bar, QuickScrollBar)
        for y in (0, 3, 20, 1_000):
            chat.screen.transcript.scroll_to(y=y, animate=False)
            await chat.pilot.pause()
            for crop in (bar.size.region, Region(0, 2, 1, 5)):
                ours, theirs = bar.render_lines(crop), ScrollBar.render_lines(bar, crop)
                assert [list(strip) for strip in ours] == [list(strip) for strip in theirs]


async def test_what_is_covered_is_not_rendered_for_a_line_that_changed(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        composer = chat.screen.writer.composer
        compositor = chat.screen._compositor
        rendered = [
            region
            for region, _ in compositor._rendered(composer.region)  # type: ignore[attr-defined]
        ]
        assert rendered == [composer.region]


async def test_a_change_behind_a_dialog_paints_neither_of_them_whole(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole: list[Compositor] = []
    painted = Compositor.render_full_update

    def counted(compositor: Compositor, *args: Any, **options: Any) -> Any:
        whole.append(compositor)
        return painted(compositor, *args, **options)

    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.press("ctrl+f")
        await chat.until(lambda: isinstance(chat.app.screen, SearchScreen))
        await chat.pilot.pause()
        monkeypatch.setattr(Compositor, "render_full_update", counted)
        for _ in range(3):
            chat.screen.writer.composer.insert("behind ")
            await chat.pilot.pause()
        assert whole == []
        await chat.press("escape")
        await chat.shows("behind behind behind")


async def test_what_changes_behind_a_dialog_makes_nothing_of_it_forgotten(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[Region] = []
    update = Compositor.render_partial_update

    def noted(compositor: Compositor) -> object:
        painted.extend(compositor._dirty_regions)
        return update(compositor)

    async with chinwag(tmp_path, server) as chat:
        await chat.press("ctrl+f")
        await chat.until(lambda: isinstance(chat.app.screen, SearchScreen))
        await chat.pilot.pause()
        said = chat.app.screen.query_one(Static)
        monkeypatch.setattr(Compositor, "render_partial_update", noted)
        said.update("another", layout=False)
        chat.app.screen.refresh(Region(0, 0, 5, 1))  # as Textual does for what is behind
        await chat.pilot.pause()
        assert any(region.contains_region(said.region) for region in painted)


async def test_what_streams_behind_a_dialog_is_there_when_it_closes(
    tmp_path: Path, server: Server
) -> None:
    gate, end = asyncio.Event(), asyncio.Event()
    server.script(Reply([text("one "), gate, text("two "), end, text("three"), finish(), DONE]))
    async with chinwag(tmp_path, server) as chat:
        await chat.send("Count")
        await chat.shows("one")
        await chat.press("ctrl+f")
        await chat.until(lambda: isinstance(chat.app.screen, SearchScreen))
        gate.set()
        # Painted less often, but painted; by then nothing else happens that would.
        await chat.until(lambda: "one two" in shown_behind(chat))
        await chat.press("escape")
        await chat.shows("one two")
        end.set()
        await chat.shows("one two three")


def shown_behind(chat: Chinwag) -> str:
    """The text of the reply as the transcript has it."""
    layout = chat.screen.transcript._laid
    return layout.text(len(layout) - 1) or ""
