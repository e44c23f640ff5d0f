"""Fields to write in, in which a paste can only ever be text.

A terminal's paste may hold escape sequences, and Textual's own fields paint what they hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Unpack

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tui.core.safe import shown
from tui.ui.keys_in_order import KeysInOrder
from tui.ui.row_list import WidgetOptions
from tui.ui.scrollbar import QUIET_SCROLLBAR

_BETWEEN = "  "
_FAINT = "$foreground-muted"  # not $text-muted: Content takes the alpha away from an `auto` color


class LineField(KeysInOrder, Input):
    """One line."""

    DEFAULT_CSS = "LineField.-textual-compact { padding: 0 1; }"
    # Textual's own lays out the whole screen at each key: here no width depends on what is written.
    virtual_size = Reactive(Size(0, 0))

    def __init__(
        self, value: str = "", *, placeholder: str = "", **options: Unpack[WidgetOptions]
    ) -> None:
        super().__init__(shown(value), shown(placeholder), compact=True, **options)

    def validate_value(self, value: str) -> str:
        """What a paste holds is made visible, the same length, so that the cursor still fits."""
        return shown(value)


class TextField(KeysInOrder, TextArea):
    """Several lines; Tab goes on to the next field."""

    DEFAULT_CSS = (
        f"TextField {{{QUIET_SCROLLBAR}}}"
        """
    TextField { background: $foreground 5%; padding: 0 1; }
    TextField:focus { background-tint: $foreground 5%; }
    """
    )

    def __init__(
        self, text: str = "", *, placeholder: str = "", **options: Unpack[WidgetOptions]
    ) -> None:
        super().__init__(
            text,
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
            highlight_cursor_line=False,
            compact=True,
            placeholder=Content(shown(placeholder)),  # as text it would be read as markup
            **options,
        )

    def get_line(self, line_index: int) -> Text:
        """A line as it is painted; what it holds stays as it is."""
        line = super().get_line(line_index)
        line.plain = shown(line.plain)
        return line


class Choice(Widget, can_focus=True):
    """Yes, no or neither, all of them in sight: `● default  ○ live  ○ whole`.

    Args:
        choices: label and value of each.
        value: the one that is chosen at first.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Previous", show=False),
        Binding("right,space", "move(1)", "Next", show=False),
    ]
    DEFAULT_CSS = """
    Choice {
        width: 1fr;
        height: 1;
        padding: 0 1;
        &:focus { background: $primary 35%; }
    }
    """

    def __init__(
        self,
        choices: Sequence[tuple[str, bool | None]],
        value: bool | None,
        **options: Unpack[WidgetOptions],
    ) -> None:
        super().__init__(**options)
        self._labels = [label for label, _ in choices]
        self._values = [value for _, value in choices]
        self._index = self._values.index(value)

    @property
    def value(self) -> bool | None:
        """The chosen value."""
        return self._values[self._index]

    def render(self) -> Content:
        """All labels, the chosen one marked."""
        parts: list[Content | str | tuple[str, str]] = []
        for index, label in enumerate(self._labels):
            chosen = index == self._index
            parts += [
                _BETWEEN if index else "",
                ("● ", "$text-primary") if chosen else ("○ ", _FAINT),
                label if chosen else (label, _FAINT),
            ]
        return Content.assemble(*parts)

    def action_move(self, step: int) -> None:
        """Choose the next one; after the last comes the first."""
        self._choose((self._index + step) % len(self._values))

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        offset = event.get_content_offset(self)
        end = 0
        for index, label in enumerate(self._labels):
            end += cell_len(f"● {label}{_BETWEEN}")
            if offset is not None and offset.x < end:
                self._choose(index)
                return

    def _choose(self, index: int) -> None:
        self._index = index
        self.refresh()
