"""The models one can pick, as lines: which, in what order, and how each is painted.

What is shown for which filter is a pure function of the options and of what was typed. A model
nobody listed can be picked too: whether it exists is the server's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.message import Message
from textual.strip import Strip

from tui.core.models import ModelRef
from tui.core.safe import shown_line
from tui.core.usage import ModelFacts
from tui.ui.format import ELLIPSIS, cut, price, tokens
from tui.ui.fuzzy import match
from tui.ui.row_lines import Heading
from tui.ui.row_list import RowList

QUICK = "Quick"
RECENT = "Recent"
OTHER = "Other"
UNLISTED = "Not in any list"
_FIRST_GROUPS = {QUICK: 0, RECENT: 1}
_TYPED = "\0typed"  # no label can be this: what is shown of one has no control characters
_COLUMNS = ("context", "in/M", "out/M")
_COLUMN_WIDTH = 8
# So many cells are left for the names before there are columns: `gpt-4.1-mini-2025-04-14` has 23,
# and a list in a screen of 60 columns has 50.
_ROOM_FOR_NAME = 22
_MARGIN = 3  # a space, the mark of the current one, a space


@dataclass(frozen=True, slots=True)
class ModelOption:
    """A model that can be picked.

    Attributes:
        label: as a person writes it: `gpt-4o`, `ollama/llama3.2`.
        group: `QUICK`, `RECENT` or the name of its endpoint.
        chat: False for models that embed, hear, speak or draw.
        current: it is what the chat uses now.
    """

    ref: ModelRef
    label: str
    group: str
    facts: ModelFacts
    chat: bool = True
    current: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A row: an option, or what was typed where `option` is None.

    Attributes:
        text: the name as it is shown.
        positions: which of its characters the filter matched.
    """

    id: str
    text: str
    option: ModelOption | None = None
    positions: tuple[int, ...] = ()


def offers(options: Sequence[ModelOption], typed: str) -> list[Offer | Heading]:
    """What to show for what was typed into the filter.

    With nothing typed: quick models, recent ones, then each endpoint's; those that don't chat are
    only counted. Else whatever matches, the best first and each model once, those that don't chat
    in a last group; and what was typed, unless it is a model's name already.
    """
    typed = typed.strip()
    return _matching(options, typed) if typed else _by_group(options)


def _by_group(options: Sequence[ModelOption]) -> list[Offer | Heading]:
    groups: dict[str, list[Offer | Heading]] = {}
    for option in options:
        if option.chat:
            row = Offer(f"{option.group}\0{option.label}", shown_line(option.label), option)
            groups.setdefault(option.group, [Heading(shown_line(option.group))]).append(row)
    names = sorted(groups, key=lambda name: _FIRST_GROUPS.get(name, 2))  # stable: as they came
    lines = [line for name in names for line in groups[name]]
    if hidden := len({option.ref for option in options if not option.chat}):
        lines.append(Heading(f"{hidden} more that don't chat: type to find them"))
    return lines


def _matching(options: Sequence[ModelOption], typed: str) -> list[Offer | Heading]:
    found: dict[ModelRef, tuple[float, Offer]] = {}
    for option in options:
        name = shown_line(option.label)
        if option.ref not in found and (hit := match(typed, name)):
            found[option.ref] = (hit.score, Offer(f"\0{option.label}", name, option, hit.positions))
    ranked = [row for _, row in sorted(found.values(), key=lambda pair: -pair[0])]
    lines: list[Offer | Heading] = []
    for heading, chat in (("Models", True), (OTHER, False)):
        rows = [row for row in ranked if row.option and row.option.chat is chat]
        lines += [Heading(heading), *rows] if rows else []
    if all(typed != option.label for option in options):
        lines += [Heading(UNLISTED), Offer(_TYPED, typed)]
    return lines


class OfferChosen(Message):
    """The reader picked a row."""

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        self.offer = offer


class ModelList(RowList[Offer], can_focus=False):
    """The list under the picker's filter, which keeps the focus."""

    EMPTY = "No models are known yet: type one's name"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"model-list--match", "model-list--current"}
    DEFAULT_CSS = """
    ModelList {
        & > .row-list--cursor { background: $primary 35%; }
        & > .model-list--match { color: $text-accent; text-style: bold; }
        & > .model-list--current { color: $text-success; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._marked: frozenset[ModelRef] = frozenset()

    def mark(self, refs: Iterable[ModelRef]) -> None:
        """Show these as marked, and no others."""
        self._marked = frozenset(refs)
        self.refresh()

    def row_chosen(self, row: Offer) -> None:
        """Tell the picker."""
        self.post_message(OfferChosen(row))

    def render_heading(self, heading: Heading, width: int) -> Strip:
        """A group's name; over the first also those of the columns."""
        is_first = bool(self.rows) and heading == self.rows.at(0) and heading.text != UNLISTED
        columns = _columns(_COLUMNS, width) if is_first else ""
        name = cut(heading.text, width - 1 - len(columns))
        space = " " * (width - 1 - cell_len(name) - len(columns))
        return self.strip([(" ", ""), (name + space + columns, "row-list--muted")], ())

    def render_row(self, row: Offer, width: int, look: tuple[str, ...]) -> Strip:
        """` ✓ gpt-4o            128k    $2.50   $10.00 `; a mark stands in front: `●✓ gpt-4o`."""
        if row.option is None:
            text = cut(f'Use "{shown_line(row.text)}" as it is', width - _MARGIN)
            space = " " * (width - _MARGIN - cell_len(text))
            return self.strip([("   ", ""), (text + space, "")], look)
        facts = row.option.facts
        window = tokens(facts.context_window) if facts.context_window else ""
        columns = _columns((window, price(facts.input_price), price(facts.output_price)), width)
        name = self._name_parts(row, width - _MARGIN - len(columns))
        used = sum(cell_len(text) for text, _ in name)
        return self.strip(
            [
                ("●" if row.option.ref in self._marked else " ", "model-list--match"),
                ("✓" if row.option.current else " ", "model-list--current"),
                (" ", ""),
                *name,
                (" " * (width - _MARGIN - used - len(columns)), ""),
                (columns, "row-list--muted"),
            ],
            look,
        )

    @staticmethod
    def _name_parts(row: Offer, room: int) -> list[tuple[str, str]]:
        """The name in parts, matched letters marked; too long, it loses its beginning.

        What tells one model from the next (`-mini`, `:free`) stands at the end.
        """
        text, first = row.text, 0
        if cell_len(text) > room:
            while first < len(text) and cell_len(text[first:]) > room - 1:
                first += 1
        parts = [(ELLIPSIS, "row-list--muted")] if first else []
        matched = set(row.positions)
        for index in range(first, len(text)):
            style = "model-list--match" if index in matched else ""
            parts.append((text[index], style))
        return parts


def _columns(values: Sequence[str], width: int) -> str:
    """Values, right-aligned, in a list of `width`: all of them, else the first, else none."""
    room = width - _MARGIN - _ROOM_FOR_NAME - 1
    count = next((count for count in (len(values), 1) if count * _COLUMN_WIDTH <= room), 0)
    columns = "".join(value.rjust(_COLUMN_WIDTH) for value in values[:count])
    return columns and columns + " "
