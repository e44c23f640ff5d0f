"""The usage screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.chats import chat, reply, said
from tests.ui.app.chatting import chinwag
from tui.core.message import Status, utc_now
from tui.core.usage import Usage
from tui.store.library import Library
from tui.ui.usage_screen import UsageScreen


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Replies of today, of last week and of last year."""
    library = Library(tmp_path / "chinwag.db")
    tides = chat()
    question = said(tides, "Why two tides?")
    library.begin_turn([question], tides)
    for days, cost in ((0, 0.25), (8, 2.0), (400, None)):
        answer = replace(
            reply(question, "The moon.", Status.COMPLETE, utc_now() - timedelta(days=days)),
            endpoint="openai",
            usage=Usage(1000, 21),
            cost_usd=cost,
            first_token_ms=400,
            total_ms=2400,
        )
        library.begin_turn([answer])
    library.close()
    return tmp_path


async def test_periods_are_a_key_apart(home: Path) -> None:
    async with chinwag(home) as app:
        await app.send("/usage")
        await app.shows("30 days", "$2.25", "2 replies", "Cost by day", "0.40 s")
        await app.shows("$2.25 + ?")  # all time, a moment later
        await app.press("right")
        await app.shows("Cost by week", "Cost unknown for 1 of 3 replies.")
        await app.press("1")
        await app.shows("Cost by hour", "24:00")
        await app.press("t")
        await app.shows("Tokens by hour")
        await app.press("left", "2")
        await app.shows("Tokens by day")
        await app.click("30 days")
        await app.until(lambda: app.seen.count("█") and "2 replies" in app.seen)
        await app.press("escape")
        await app.until(lambda: app.app.screen is app.screen)


async def test_an_empty_library(tmp_path: Path) -> None:
    async with chinwag(tmp_path, size=(80, 24)) as app:
        await app.send("/usage")
        await app.shows("No replies in these days.")
        await app.press("4")
        await app.shows("No replies yet.")


async def test_it_scrolls_where_it_does_not_fit(home: Path) -> None:
    async with chinwag(home, size=(60, 16)) as app:
        await app.send("/usage")
        await app.shows("$2.25 + ?")
        assert "Tokens/s" not in app.seen
        for _ in range(3):
            await app.press("pagedown")
        await app.shows("Tokens/s", "gpt-4o")


async def test_what_fails_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with chinwag(home) as app:
        library = await app.library.run(lambda library: library)
        monkeypatch.setattr(library.spending, "_path", home / "nowhere" / "chinwag.db")
        await app.send("/usage")
        await app.until(lambda: isinstance(app.app.screen, UsageScreen))
        await app.shows("can't be opened")
