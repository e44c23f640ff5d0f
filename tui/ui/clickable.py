"""A piece of text that does something when clicked, made without any markup."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style


def clickable(text: str, action: str, style: str = "") -> Content:
    """Plain `text` in `style` that runs `action` (`screen.pick_model`) on a click."""
    return Content.styled(text, style).stylize(Style.from_meta({"@click": action}))
