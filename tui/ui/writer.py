"""Composer, completions and the line that says what is being edited: where a message is made."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static, TextArea

from tui.ui.completions import Completions
from tui.ui.composer import DEFAULT_KEYS, Composer
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

    def __init__(
        self,
        keys: Mapping[str, str] = DEFAULT_KEYS,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._keys = keys
        self.editing: str | None = None
        self._draft = ""

    def compose(self) -> ComposeResult:
        """Completions above, the composer below."""
        yield Completions()
        yield Static("Editing an earlier message: Enter sends it as a new branch, Esc leaves it",
                     id="editing", markup=False)  # fmt: skip
        yield Composer(self._keys, self._take_key, id="composer")

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
        if editing is not None and editing != self.editing:
            self.edit(editing, text)
        else:
            self._put_ahead(text)

    def edit(self, message_id: str, text: str) -> None:
        """Edit an earlier message; what was typed waits."""
        self._draft = self.draft
        self.editing = message_id
        self.set_class(True, "-editing")
        self.composer.set_class(True, "-editing")
        self.composer.put(text)
        self.composer.focus()

    def leave_edit(self) -> bool:
        """Drop the edit, with what was typed before back in place; False when there was none."""
        if self._end_edit() is None:
            return False
        self.composer.put(self._draft)
        return True

    def _end_edit(self) -> str | None:
        """Edit no more; returns what was edited."""
        editing, self.editing = self.editing, None
        self.set_class(False, "-editing")
        self.composer.set_class(False, "-editing")
        return editing

    def _put_ahead(self, text: str) -> None:
        """Put text ahead of what was typed since it was taken away."""
        since = self.composer.text
        self.composer.put(f"{text}\n{since}" if text and since.strip() else text or since)

    def _take_key(self, key: str) -> bool:
        """While commands are offered, Tab takes one and the arrows move among them."""
        if key not in ("tab", "up", "down") or not completions(self.composer.text):
            return False
        self.offers.show(completions(self.composer.text))
        if key == "tab":
            self.composer.put(f"/{self.offers.chosen} ")
        else:
            self.offers.step(-1 if key == "up" else 1)
        return True

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
        if offered := [name for name, _ in completions(text)]:
            text = f"/{self.offers.chosen if self.offers.chosen in offered else offered[0]}"
        if (name := looks_like_slash(text)) is not None:
            self._put_ahead(text)
            self.post_message(self.Mistyped(name))
            return
        if (editing := self._end_edit()) is not None:
            self._put_ahead(self._draft)
        if (command := parse_slash(text)) is not None:
            self.post_message(self.CommandGiven(command))
        else:
            self.post_message(self.Written(text, editing))
