"""Composer, completions and the line that says what is being edited: where a message is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static, TextArea

from tui.core.safe import shown_line
from tui.ui.actions import way_to
from tui.ui.completions import Completions
from tui.ui.composer import DEFAULT_KEYS, Composer
from tui.ui.slash import (
    Completion,
    SlashCommand,
    completions,
    looks_like_slash,
    parse_slash,
)


class Writer(Vertical):
    """Makes messages and slash commands out of what is typed.

    Attributes:
        editing: id of the earlier message being edited, None for a new one.
        models: those that the next message goes to, where they are several.
    """

    DEFAULT_CSS = """
    Writer {
        height: auto;
        & > #moment { height: auto; max-height: 2; padding: 0 2; color: $text-warning; }
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

    def __init__(
        self,
        keys: Mapping[str, str] = DEFAULT_KEYS,
        model_names: Callable[[], Sequence[str]] = tuple,
        way: Callable[[str], str] = way_to,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        """Make an empty writer.

        Args:
            keys: key to the action of the composer's that it stands for.
            model_names: what can be completed where a model is named.
            way: how one does an action of the table.
            id: Textual's.
        """
        super().__init__(id=id)
        self._keys = keys
        self._model_names = model_names
        self._way = way
        self.editing: str | None = None
        self.models: tuple[str, ...] = ()
        self._draft = ""  # what waits during an edit
        self._unedited = ""  # what the edit began with

    def compose(self) -> ComposeResult:
        """Completions above, the composer below."""
        yield Completions()
        moment = Static(id="moment", markup=False)
        moment.display = False
        yield moment
        yield Composer(self._keys, self._take_key, id="composer")

    @property
    def draft(self) -> str:
        """What is typed and not sent; an edit that has begun stands ahead of what waits for it."""
        text = self.composer.text
        if self.editing is None:
            return text
        return self._draft if text == self._unedited else _ahead(text, self._draft)

    def put(self, text: str) -> None:
        """Replace what is typed."""
        self.leave_edit()
        self.leave_compare()
        if text != self.composer.text:
            self.composer.put(text)

    def give_back(self, text: str, editing: str | None) -> None:
        """What could not be sent comes back, ahead of what was typed since."""
        if editing is not None and editing != self.editing:
            self.edit(editing, text)
            self._unedited = ""
        else:
            self._put_ahead(text)

    def edit(self, message_id: str, text: str) -> None:
        """Edit an earlier message; what was typed waits."""
        self._draft = self.draft
        self.editing = message_id
        self._say_moment()
        self.composer.put(text)
        self._unedited = self.composer.text
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
        self._say_moment()
        return editing

    def compare_with(self, models: Sequence[str]) -> None:
        """From here on the next message goes to all these models."""
        self.models = tuple(models)
        self._say_moment()

    def leave_compare(self) -> bool:
        """Let the next message go to the chat's model; False when it does already."""
        if not self.models:
            return False
        self.compare_with(())
        return True

    def _say_moment(self) -> None:
        """Say what Enter does, where that is not the usual."""
        all_of_them = " · ".join(shown_line(name) for name in self.models)
        send, stop = self._way("send"), self._way("stop")
        told = ""
        if self.editing is not None:
            told = f"Editing an earlier message: {send} sends it as a new branch, {stop} leaves it"
        if self.models and told:
            told = f"{told} (to {all_of_them})"
        elif self.models:
            both = counted(len(self.models))
            told = f"Comparing {all_of_them}: {send} sends to {both}, {stop} drops it"
        moment = self.query_one("#moment", Static)
        moment.update(told)
        moment.display = bool(told)
        self.composer.set_class(bool(told), "-editing")

    def _put_ahead(self, text: str) -> None:
        """Put text ahead of what was typed since it was taken away."""
        self.composer.put(_ahead(text, self.composer.text))

    def _completions(self, text: str) -> list[Completion]:
        return completions(text, self._model_names)

    def _take_key(self, key: str) -> bool:
        """While something is offered, Tab takes it and the arrows move."""
        if key not in ("tab", "up", "down"):
            return False
        self.offers.show(self._completions(self.composer.text))
        if (chosen := self.offers.chosen) is None:
            return False
        if key == "tab":
            self.composer.put(chosen.text)
        else:
            self.offers.step(-1 if key == "up" else 1)
        return True

    @on(Completions.Chosen)
    def _completion_clicked(self, event: Completions.Chosen) -> None:
        event.stop()
        self.composer.put(event.completion.text)
        self.composer.focus()

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.offers.show(self._completions(self.composer.text))

    @on(Composer.Submitted)
    def _submitted(self, event: Composer.Submitted) -> None:
        event.stop()
        text = event.text
        if offered := [one for one in self._completions(text) if one.command]:
            chosen = self.offers.chosen if self.offers.chosen in offered else offered[0]
            text = chosen.text
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


def _ahead(text: str, since: str) -> str:
    return f"{text}\n{since}" if text and since.strip() else text or since


def counted(count: int) -> str:
    """`both`, `all 3`: of several."""
    return "both" if count == 2 else f"all {count}"
