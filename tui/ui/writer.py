"""Composer, completions and the line that says what is being edited: where a message is made."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static, TextArea

from tui.ui.completions import Completions
from tui.ui.composer import Composer
from tui.ui.slash import SlashCommand, completions, looks_like_slash, parse_slash


class Writer(Vertical):
    """Makes messages and slash commands out of what is typed.

    Attributes:
        editing: id of the earlier message being edited, None for a new one.
    """

    DEFAULT_CSS = """
    Writer {
        height: auto;
        & > #editing { height: 1; padding: 0 2; color: $text-warning; display: none; }
        &.-editing > #editing { display: block; }
    }
    """

    # Priority, or the composer would move its cursor; they count only while something is offered.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
        Binding("down", "step(1)", show=False, priority=True),
    ]

    composer = query_one(Composer)
    offers = query_one(Completions)

    class Written(Message):
        """A message is ready; `editing` is the earlier one it replaces, None for a new one."""

        def __init__(self, text: str, editing: str | None) -> None:
            super().__init__()
            self.text = text
            self.editing = editing

    class CommandGiven(Message):
        """A slash command was given."""

        def __init__(self, command: SlashCommand) -> None:
            super().__init__()
            self.command = command

    class Mistyped(Message):
        """Something that looks like a command but is none; it stays where it is."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class DraftChanged(Message):
        """What is typed changed, and no edit is under way."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.editing: str | None = None
        self._draft = ""

    def compose(self) -> ComposeResult:
        """Completions above, the composer below."""
        yield Completions()
        yield Static("Editing an earlier message: Enter sends it as a new branch, Esc leaves it",
                     id="editing", markup=False)  # fmt: skip
        yield Composer(id="composer")

    @property
    def draft(self) -> str:
        """What is typed and not sent; during an edit what was typed before it."""
        return self.composer.text if self.editing is None else self._draft

    def put(self, text: str) -> None:
        """Replace what is typed."""
        self.leave_edit()
        if text != self.composer.text:
            self.composer.put(text)

    def give_back(self, text: str, editing: str | None) -> None:
        """What could not be sent comes back, ahead of what was typed since."""
        since = self.composer.text
        if editing is not None:
            self.edit(editing, text)
        else:
            self.composer.put(f"{text}\n{since}" if since.strip() else text)

    def edit(self, message_id: str, text: str) -> None:
        """Edit an earlier message; what was typed waits."""
        self._draft = self.draft
        self.editing = message_id
        self.set_class(True, "-editing")
        self.composer.set_class(True, "-editing")
        self.composer.put(text)
        self.composer.focus()

    def leave_edit(self) -> bool:
        """Stop editing, with what was typed before back in place; False when nothing was edited."""
        if self.editing is None:
            return False
        self.editing = None
        self.set_class(False, "-editing")
        self.composer.set_class(False, "-editing")
        self.composer.put(self._draft)
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """The keys of the completions count only while something is offered."""
        return action not in ("complete", "step") or bool(self.offers.display)

    def action_complete(self) -> None:
        """Tab: the command one stands on."""
        self.composer.put(f"/{self.offers.chosen} ")

    def action_step(self, by: int) -> None:
        """Up and down: another command."""
        self.offers.step(by)

    @on(Completions.Chosen)
    def _completion_clicked(self, event: Completions.Chosen) -> None:
        event.stop()
        self.composer.put(f"/{event.name} ")
        self.composer.focus()

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.offers.show(completions(self.composer.text))
        if self.editing is None:
            self.post_message(self.DraftChanged())

    @on(Composer.Submitted)
    def _submitted(self, event: Composer.Submitted) -> None:
        event.stop()
        text = event.text
        if self.offers.display and self.offers.chosen:
            text = f"/{self.offers.chosen}"
        if (command := parse_slash(text)) is not None:
            self.put("")
            self.post_message(self.CommandGiven(command))
        elif (name := looks_like_slash(text)) is not None:
            self.post_message(self.Mistyped(name))
        else:
            editing = self.editing
            self.leave_edit()
            if editing is None:
                self.composer.put("")
            self.post_message(self.Written(text, editing))
