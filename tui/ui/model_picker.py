"""Picking a model: one filter, one list, one key; or several, marked one by one.

The filter keeps the focus while the arrows move in the list. Lists of models are cached and are
asked for anew while the picker is open: what arrives changes the rows, never the highlighted one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from tui.core.models import MOST_COMPARED, ModelRef
from tui.core.safe import shown_line
from tui.ui.dialogs.fields import LineField
from tui.ui.dialogs.frame import Dialog, DialogBox
from tui.ui.format import BETWEEN
from tui.ui.model_list import (
    QUICK,
    RECENT,
    ModelList,
    ModelOption,
    Offer,
    OfferChosen,
    offers,
)

__all__ = ["QUICK", "RECENT", "ModelOption", "ModelPicker", "PickedModel"]


@dataclass(frozen=True, slots=True)
class PickedModel:
    """What was picked.

    Attributes:
        name: as a person writes it.
        ref: the model; None when the name was typed and stands in no list.
    """

    name: str
    ref: ModelRef | None = None


class ModelPicker(Dialog[tuple[PickedModel, ...]]):
    """The picker; its result is what was picked: one, or those that were marked.

    It is None when the picker was closed without picking.

    Args:
        options: what can be picked, endpoints in the order they should stand in.
        notes: lines shown under the list: what is being asked, what did not answer.
        comparing: models are picked to be compared.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        # No character of a filter, and what marks several in other pickers of this kind.
        Binding("tab", "mark", "Mark", show=False),
    ]
    DEFAULT_CSS = """
    ModelPicker {
        DialogBox { height: 26; }
        LineField { margin-bottom: 1; }
        ModelList { height: 1fr; background: $surface; }
        Static { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
    }
    """

    def __init__(
        self,
        options: Sequence[ModelOption],
        notes: Sequence[str] = (),
        *,
        comparing: bool = False,
    ) -> None:
        super().__init__()
        self._options = options
        self._notes = notes
        self._comparing = comparing
        self._marked: dict[ModelRef, str] = {}  # to their names, in the order of marking

    def compose(self) -> ComposeResult:
        """Filter, list, notes."""
        with DialogBox("Compare models" if self._comparing else "Model", ""):
            yield LineField(placeholder="Find a model, or type any name")
            yield ModelList()
            yield Static()

    def on_mount(self) -> None:
        """Begin on the model that is in use."""
        models = self.query_one(ModelList)
        self._fill()
        current = next(
            (
                row
                for row in offers(self._options, "")
                if isinstance(row, Offer) and _is_current(row)
            ),
            None,
        )
        if current:
            models.highlight(current.id)
        self._say_keys()

    def _say_keys(self) -> None:
        count = len(self._marked)
        enter = f"Enter compares {count}" if count > 1 else "Enter picks"
        others = "Tab marks several · Esc closes"
        box = self.query_one(DialogBox)
        if self._comparing and count < 2:
            enter = "Enter compares it with the chat's"
            if cell_len(enter + BETWEEN + others) > box.size.width:
                enter = "Enter compares"
        box.border_subtitle = enter + BETWEEN + others

    def on_resize(self) -> None:
        """What the keys do is said in as many words as there is room for."""
        self.call_after_refresh(self._say_keys)

    def update_options(self, options: Sequence[ModelOption], notes: Sequence[str] = ()) -> None:
        """Show other options and notes; filter and highlight stay."""
        self._options = options
        self._notes = notes
        if self.is_mounted:
            self._fill()

    def _fill(self) -> None:
        self.query_one(ModelList).set_lines(offers(self._options, self.query_one(Input).value))
        notes = self.query_one(Static)
        notes.display = bool(self._notes)
        notes.update(Content("\n".join(shown_line(note) for note in self._notes)))

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        """Another filter: its best match is what Enter picks."""
        event.stop()
        self._fill()
        self.query_one(ModelList).action_end(-1)

    @on(Input.Submitted)
    def _pick(self, event: Input.Submitted) -> None:
        event.stop()
        if self._marked:
            self.dismiss(tuple(PickedModel(name, ref) for ref, name in self._marked.items()))
        else:
            self.query_one(ModelList).action_choose()

    def action_mark(self) -> None:
        """Mark the highlighted model, or no longer, and go on to the next."""
        models = self.query_one(ModelList)
        row = models.highlighted
        if row is None or row.option is None:
            return
        ref = row.option.ref
        if ref in self._marked:
            del self._marked[ref]
        elif len(self._marked) < MOST_COMPARED:
            self._marked[ref] = row.option.label
        models.mark(self._marked.keys())
        self._say_keys()
        models.action_cursor(1)

    @on(OfferChosen)
    def _picked(self, event: OfferChosen) -> None:
        event.stop()
        option = event.offer.option
        self.dismiss(
            (PickedModel(option.label, option.ref) if option else PickedModel(event.offer.text),)
        )

    def action_move(self, count: int) -> None:
        """Move the highlight."""
        self.query_one(ModelList).action_cursor(count)

    def action_page(self, direction: int) -> None:
        """Move the highlight by a screenful."""
        self.query_one(ModelList).action_page(direction)


def _is_current(row: Offer) -> bool:
    return row.option is not None and row.option.current
