"""A number that goes with each request: its name, a field, and what it may be.

What it may be is decided by the table that reads the config. A wrong value is said beside the
field as it is written.
"""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input, Label

from tui.core.settings import parameter_from
from tui.ui.dialogs.fields import LineField


class ParameterRow(Horizontal):
    """The row; its id is the parameter's key.

    Args:
        key: the parameter's name in the config's `[parameters]`.
        title: its name on the screen.
        hint: stands beside the field while what is in it is right.
        value: what is set; None for nothing.
        default: what then holds; None where the model decides.
    """

    field = query_one(LineField)
    hint = query_one(".hint", Label)
    DEFAULT_CSS = """
    ParameterRow {
        height: auto;
        .wrong { color: $text-error; }
    }
    """

    def __init__(
        self, key: str, title: str, hint: str, value: float | None, default: float | None
    ) -> None:
        super().__init__(id=key)
        self._key = key
        self._title = title
        self._hint = hint
        self._value = value
        self._default = default

    def compose(self) -> ComposeResult:
        """Name, field, hint."""
        yield Label(self._title, classes="name")
        yield LineField(
            "" if self._value is None else f"{self._value:.10g}",
            placeholder="the model's own" if self._default is None else f"{self._default:.10g}",
        )
        yield Label(self._hint, classes="hint")

    def read(self) -> float | None:
        """What is written; None for nothing.

        Raises:
            ValueError: it can't be, which stands beside it already.
        """
        return parameter_from(self._key, self.field.value)

    @on(Input.Changed)
    def _check(self, event: Input.Changed) -> None:
        event.stop()
        try:
            self.read()
        except ValueError as wrong:
            self.hint.update(Content(str(wrong)))
            self.hint.add_class("wrong")
        else:
            self.hint.update(self._hint)
            self.hint.remove_class("wrong")
