"""What happens outside chinwag: a message in an editor, a link in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server import Server
from tests.ui.app.chatting import chinwag
from tests.wire import says
from tui.core.errors import ChatError
from tui.ui import reading_screen
from tui.ui.outside_editor import editor_command
from tui.ui.transcript import LinkClicked


def test_which_editor() -> None:
    assert editor_command({"VISUAL": "code --wait", "EDITOR": "nano"}) == ["code", "--wait"]
    assert editor_command({"VISUAL": "  ", "EDITOR": "nano"}) == ["nano"]
    assert editor_command({"EDITOR": " "}) == editor_command({}) == ["vi"]
    with pytest.raises(ChatError, match="is no command: no closing quotation"):
        editor_command({"EDITOR": 'vim "'})


async def test_an_editor_that_can_not_be_is_told_and_the_text_stays(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.type("half a thought")
        monkeypatch.setenv("VISUAL", 'vim "')
        await chat.press("ctrl+g")
        await chat.until(lambda: any("is no command" in toast for toast in chat.toasts))
        monkeypatch.setenv("VISUAL", "true")
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "full"))
        await chat.press("ctrl+g")
        await chat.until(lambda: any("be handed to an editor" in toast for toast in chat.toasts))
        assert chat.typed == "half a thought"


@pytest.mark.parametrize("there_is_one", [True, False])
async def test_a_link_is_opened_or_copied(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, there_is_one: bool
) -> None:
    asked: list[str] = []

    def opens(address: str) -> bool:
        asked.append(address)
        return there_is_one

    monkeypatch.setattr(reading_screen, "open_in_browser", opens)
    server.script(says("See https://docs.example.org"))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        chat.screen.transcript.post_message(LinkClicked("https://docs.example.org"))
        await chat.until(lambda: any("docs.example.org" in toast for toast in chat.toasts))
        assert asked == ["https://docs.example.org"]
        assert (chat.app.clipboard == "https://docs.example.org") is not there_is_one
