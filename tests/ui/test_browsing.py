"""Links open in a browser with a window of its own, or in none."""

from __future__ import annotations

import webbrowser

import pytest

from tui.ui.browsing import open_in_browser

ADDRESS = "https://docs.example.org"


class Window(webbrowser.BaseBrowser):
    """Remembers what it was to open."""

    def __init__(self) -> None:
        super().__init__("window")
        self.opened: list[str] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.opened.append(url)
        return True


def test_one_with_a_window_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    window = Window()
    monkeypatch.setattr(webbrowser, "get", lambda: window)
    assert open_in_browser(ADDRESS)
    assert window.opened == [ADDRESS]


def test_one_that_would_take_the_terminal_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for browser in (webbrowser.GenericBrowser("false"), webbrowser.UnixBrowser("false")):
        monkeypatch.setattr(webbrowser, "get", lambda browser=browser: browser)
        assert not open_in_browser(ADDRESS)


def test_there_may_be_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> webbrowser.BaseBrowser:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert not open_in_browser(ADDRESS)
