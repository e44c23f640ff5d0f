"""Text that does something when clicked, made without any markup."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import Reactive
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static


def clickable(text: str, action: str, style: str = "") -> Content:
    """Plain `text` in `style` that runs `action` (`screen.pick_model`) on a click."""
    return Content.styled(text, style).stylize(Style.from_meta({"@click": action}))


class ClickableWidget(Widget):
    """A widget with text of that sort, which looks as it is styled and not like a web page."""

    auto_links = Reactive(False)


class ClickableText(Static):
    """The same, for a text that stays."""

    auto_links = Reactive(False)
