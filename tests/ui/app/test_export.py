"""The chat on screen into a file, by `/export` or the palette."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.server import Server
from tests.ui.app.chatting import chinwag
from tests.wire import says
from tui.core.errors import ChatError
from tui.ui.exporting import Wish, parse_wish


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that chinwag was started in."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def files(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))  # noqa: PTH208 - names are what matters


async def test_a_chat_is_written_where_chinwag_was_started_and_again_beside_it(
    tmp_path: Path, server: Server, folder: Path
) -> None:
    server.script(says("The moon."))
    async with chinwag(tmp_path / "home", server) as chat:
        await chat.ask("Why tides")
        name = f"why-tides-{chat.screen.chat.id[:8]}"
        await chat.send("/export")
        await chat.until(lambda: any("Exported to" in toast for toast in chat.toasts))
        assert any(f"{folder / name}.md" in toast for toast in chat.toasts)
        text = (folder / f"{name}.md").read_text("utf-8")
        assert text.startswith("# Why tides\n")
        assert "\nThe moon.\n" in text
        await chat.app.run_action("screen.export")
        await chat.until(lambda: len(files(folder)) == 2)
        assert files(folder) == [f"{name}-2.md", f"{name}.md"]


async def test_a_format_and_a_path(tmp_path: Path, server: Server, folder: Path) -> None:
    server.script(says("The moon."))
    async with chinwag(tmp_path / "home", server) as chat:
        await chat.ask("Why tides")
        await chat.send("/export out.json")
        await chat.until(lambda: files(folder) == ["out.json"])
        (exported,) = json.loads((folder / "out.json").read_text())["conversations"]
        assert [message["text"] for message in exported["messages"]] == ["Why tides", "The moon."]
        await chat.send("/export html")
        await chat.until(lambda: len(files(folder)) == 2)
        await chat.send("/export out.json")
        await chat.until(lambda: any("is there already" in toast for toast in chat.toasts))


async def test_one_chat_into_a_folder_that_is_yet_to_be_made(
    tmp_path: Path, server: Server, folder: Path
) -> None:
    async with chinwag(tmp_path / "home", server) as chat:
        await chat.ask("Why tides")
        await chat.send("/export html new/")
        await chat.until(lambda: files(folder) == ["new"])
        name = f"why-tides-{chat.screen.chat.id[:8]}.html"
        await chat.until(lambda: files(folder / "new") == [name])
        await chat.until(
            lambda: any(f"Exported to {folder / 'new' / name}" in toast for toast in chat.toasts)
        )


@pytest.mark.parametrize("path", ["~nobody-of-that-name/x.md", "x" * 300 + ".md", "./"])
async def test_where_it_can_not_go_is_told(
    tmp_path: Path, server: Server, folder: Path, path: str
) -> None:
    async with chinwag(tmp_path / "home", server) as chat:
        await chat.ask("Why tides")
        os.rmdir(folder)  # noqa: PTH106 - of a Path it would be taken for one that waits

        async def refused(command: str) -> None:
            before = len(chat.toasts)
            chat.screen.writer.composer.put(f"{command} {path}")
            await chat.press("enter")
            await chat.until(lambda: len(chat.toasts) > before)

        await refused("/export")
        await refused("/export-all md")
        assert all("can't be written" in toast for toast in chat.toasts)
        assert chat.app.is_running


async def test_nothing_yet(tmp_path: Path, server: Server, folder: Path) -> None:
    async with chinwag(tmp_path / "home", server) as chat:
        await chat.send("/export")
        await chat.until(lambda: "There is nothing to export yet." in chat.toasts)
    assert files(folder) == []


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("", Wish(None, None)),
        ("toml", Wish("toml", None)),
        ("HTML a b.html", Wish("html", Path("a b.html"))),
        ("a b.html", Wish(None, Path("a b.html"))),
        ("md md", Wish("md", Path("md"))),
        ("markdown", Wish("md", None)),
        ("md r.pdf", Wish("md", Path("r.pdf"))),
        ("json pdf", Wish("json", Path("pdf"))),
        ("notes", Wish(None, Path("notes"))),
        ("old chats", Wish(None, Path("old chats"))),
        ("old chats/", Wish(None, Path("old chats"), folder=True)),
        ("new/", Wish(None, Path("new"), folder=True)),
    ],
)
def test_words(words: str, wish: Wish, folder: Path) -> None:
    (folder / "old chats").mkdir()
    assert parse_wish(words) == wish


@pytest.mark.parametrize(
    "words", ["pdf /tmp/x/r.pdf", "PDF r.md", "yaml", "docbook x/", "new chats", "docbook r.xml"]
)
def test_a_format_that_there_is_not(words: str, folder: Path) -> None:
    with pytest.raises(ChatError, match="Name md, json, toml or html"):
        parse_wish(words)


async def test_a_file_that_ends_as_no_format_does(
    tmp_path: Path, server: Server, folder: Path
) -> None:
    async with chinwag(tmp_path / "home", server) as chat:
        await chat.ask("Why tides")
        await chat.send("/export new/r.pdf")
        await chat.until(lambda: any("exported as pdf. Name md" in one for one in chat.toasts))
        await chat.send("/export html r.pdf")
        await chat.until(lambda: files(folder) == ["r.pdf"])
