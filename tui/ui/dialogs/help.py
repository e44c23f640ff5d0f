"""All keys and slash commands on one page, made from the table of actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.ui.dialogs.frame import Dialog, DialogBox
from tui.ui.scrollbar import QUIET_SCROLLBAR

# A column this narrow still has room for a key and five or six words beside it.
_NARROWEST_COLUMN = 46
_BETWEEN_COLUMNS = 4
_WIDEST_KEYS = 18


@dataclass(frozen=True, slots=True)
class HelpRow:
    """A line of the help.

    Attributes:
        group: the heading it stands under.
        keys: as a person reads them, and its slash command: `Ctrl+N /new`.
        text: what they do.
    """

    group: str
    keys: str
    text: str


def help_page(rows: Sequence[HelpRow], width: int) -> Content:
    """The page, `width` cells wide: in two columns where both have room, else in one."""
    column = (width - _BETWEEN_COLUMNS) // 2
    if column < _NARROWEST_COLUMN:
        return Content("\n").join(_joined(_groups(rows, width)))
    left, right = _halves(_groups(rows, column))
    right += [Content("")] * (len(left) - len(right))
    left += [Content("")] * (len(right) - len(left))
    return Content("\n").join(
        one.pad_right(column + _BETWEEN_COLUMNS - one.cell_length) + other
        for one, other in zip(left, right, strict=True)
    )


def _groups(rows: Sequence[HelpRow], width: int) -> list[list[Content]]:
    """The lines of each group, in the order in which the groups first come."""
    names = list(dict.fromkeys(row.group for row in rows))
    ordered = sorted(rows, key=lambda row: names.index(row.group))
    keys_width = 2 + min(_WIDEST_KEYS, max((cell_len(row.keys) for row in rows), default=0))
    return [
        [
            Content.styled(name, "bold $text-primary"),
            *(line for row in group for line in _row_lines(row, keys_width, width)),
        ]
        for name, group in groupby(ordered, key=lambda row: row.group)
    ]


def _row_lines(row: HelpRow, keys_width: int, width: int) -> list[Content]:
    """Keys, and beside them what they do; keys too long for their column have their own line."""
    keys = Content(row.keys)
    text = Content.styled(row.text, "$foreground-muted").wrap(max(10, width - keys_width))
    margin = Content(" " * keys_width)
    if keys.cell_length >= keys_width:
        return [keys, *(margin + line for line in text)]
    first, *others = text
    return [keys.pad_right(keys_width - keys.cell_length) + first, *(margin + o for o in others)]


def _joined(groups: Sequence[list[Content]]) -> list[Content]:
    """Groups one under the other, with an empty line between."""
    lines: list[Content] = []
    for group in groups:
        lines += [Content(""), *group] if lines else group
    return lines


def _halves(groups: Sequence[list[Content]]) -> tuple[list[Content], list[Content]]:
    """Groups in two columns, as even as they can be without changing their order."""
    cuts = ((_joined(groups[:count]), _joined(groups[count:])) for count in range(len(groups) + 1))
    return min(cuts, key=lambda halves: max(map(len, halves)))


class HelpPage(Static):
    """The page, laid out anew for each width."""

    DEFAULT_CSS = "HelpPage { padding: 0 1; }"

    def __init__(self, rows: Sequence[HelpRow]) -> None:
        super().__init__()
        self._rows = rows
        self._width = 0

    def on_resize(self) -> None:
        """Fill the width there is."""
        if self._width != (width := self.content_size.width):
            self._width = width
            self.update(help_page(self._rows, width))


class HelpScreen(Dialog[None]):
    """The page of keys.

    Args:
        rows: what it says; rows of one group may stand apart.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,q", "close", "Close", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
    ]
    DEFAULT_CSS = (
        f"HelpScreen VerticalScroll {{{QUIET_SCROLLBAR}}}"
        """
    HelpScreen {
        DialogBox { width: 112; }
        VerticalScroll {
            height: auto;
            max-height: 100%;
            scrollbar-gutter: stable;
            scrollbar-size-horizontal: 0;
        }
    }
    """
    )

    def __init__(self, rows: Sequence[HelpRow]) -> None:
        super().__init__()
        self._rows = rows

    def compose(self) -> ComposeResult:
        """A page that scrolls."""
        with DialogBox("Keys and slash commands", "Esc closes"), VerticalScroll():
            yield HelpPage(self._rows)

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
