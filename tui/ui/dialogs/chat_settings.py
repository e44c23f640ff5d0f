"""What goes with each request of a chat: system prompt, temperature, length, streaming.

An empty field means the default, which stands in it, dimmed. Nothing is saved while one of the
values can't be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.getters import query_one
from textual.widgets import Button, Input, Label

from tui.core.conversation import Parameters
from tui.ui.dialogs.fields import Choice, TextField
from tui.ui.dialogs.frame import Dialog, DialogBox
from tui.ui.dialogs.parameter_row import ParameterRow

Field = Literal["system_prompt", "temperature", "max_tokens", "stream"]


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What a chat sends with each request.

    Attributes:
        system_prompt: None takes the default; empty sends none.
        parameters: None in one takes the default.
    """

    system_prompt: str | None = None
    parameters: Parameters = Parameters()


class ChatSettingsDialog(Dialog[ChatSettings]):
    """Asks for the settings of a chat.

    Args:
        settings: what they are.
        defaults: what holds where they say nothing: the config's.
        focus: the field to begin in.
    """

    CLOSES_BESIDE = False
    prompt = query_one("#system_prompt", TextField)
    when_empty = query_one("#when_empty", Choice)
    temperature = query_one("#temperature", ParameterRow)
    max_tokens = query_one("#max_tokens", ParameterRow)
    stream = query_one("#stream", Choice)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Save", show=False)]
    DEFAULT_CSS = """
    ChatSettingsDialog {
        DialogBox { height: 24; }
        .row { height: auto; }
        .name { width: 14; padding: 0 1; color: $text-muted; }
        .over { width: auto; }
        .hint { width: 1fr; padding: 0 1; color: $text-muted; }
        LineField { width: 17; background: $foreground 5%; }
        TextField { height: 1fr; min-height: 3; margin: 0 0 1 0; }
        .buttons { height: auto; margin: 1 0 0 0; align-horizontal: right; }
        Button { margin: 0 0 0 2; }
    }
    """

    def __init__(
        self, settings: ChatSettings, defaults: ChatSettings, focus: Field = "system_prompt"
    ) -> None:
        super().__init__()
        self._settings = settings
        self._defaults = defaults
        self._first = focus

    def compose(self) -> ComposeResult:
        """Prompt, parameters, buttons."""
        prompt, default_prompt = self._settings.system_prompt, self._defaults.system_prompt
        own, default = self._settings.parameters, self._defaults.parameters
        with DialogBox("This chat", "Ctrl+S saves · Esc cancels"):
            yield Label("System prompt", classes="name over")
            yield TextField(
                prompt or "",
                placeholder=default_prompt or "Nothing is sent ahead of the chat",
                id="system_prompt",
            )
            with Horizontal(classes="row") as row:
                row.display = bool(default_prompt)  # without one there is nothing to leave out
                yield Label("When empty", classes="name")
                yield Choice(
                    [("send the default", True), ("send none", False)],
                    prompt is None,
                    id="when_empty",
                )
            yield ParameterRow(
                "temperature", "Temperature", "0 to 2", own.temperature, default.temperature
            )
            yield ParameterRow(
                "max_tokens", "Max tokens", "of a reply", own.max_tokens, default.max_tokens
            )
            with Horizontal(classes="row"):
                yield Label("Replies come", classes="name")
                usual = "whole" if default.stream is False else "live"
                yield Choice(
                    [(f"default ({usual})", None), ("live", True), ("whole", False)],
                    own.stream,
                    id="stream",
                )
            with Horizontal(classes="buttons"):
                yield Button("Save", variant="primary", compact=True, action="screen.save")
                yield Button("Cancel", compact=True, action="screen.close")

    def on_mount(self) -> None:
        """Begin in the field that was asked for."""
        self.prompt.move_cursor(self.prompt.document.end)
        first = self.query_one(f"#{self._first}")
        (first.field if isinstance(first, ParameterRow) else first).focus()

    def action_save(self) -> None:
        """Close with what is written, unless something in it can't be."""
        values = []
        for row in (self.temperature, self.max_tokens):
            try:
                values.append(row.read())
            except ValueError:
                row.field.focus()
                return
        temperature, max_tokens = values
        self.dismiss(
            ChatSettings(
                self._system_prompt(),
                Parameters(
                    temperature=temperature,
                    max_tokens=None if max_tokens is None else int(max_tokens),
                    stream=self.stream.value,
                ),
            )
        )

    def _system_prompt(self) -> str | None:
        if self.prompt.text.strip():
            return self.prompt.text
        return None if self.when_empty.value else ""

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_save()
