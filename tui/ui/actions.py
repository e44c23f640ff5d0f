"""The one table of actions: bindings, palette, help screen, key bar and README are made from it.

Where a key is bound (`place`) decides which widget's `action_<id>` runs. A key of the user's
config replaces the keys here by the action's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding, BindingType

from tui.ui.transcript.actions import TRANSCRIPT_ACTIONS


class Place(StrEnum):
    """Where an action is bound."""

    APP = "app"
    CHAT = "chat"
    COMPOSER = "composer"
    TRANSCRIPT = "transcript"


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do.

    Attributes:
        id: names the method `action_<id>` and the entry under `[keys]`.
        keys: Textual key names, separated by commas; empty: palette and slash command only.
        text: what it does, as the help says it.
        group: the heading in the help it stands under.
        slash: the slash command that does it, without the slash; empty: none.
        hint: its word in the key bar; empty: not shown there.
        listed: whether the palette offers it.
    """

    id: str
    keys: str
    text: str
    group: str
    place: Place = Place.CHAT
    slash: str = ""
    hint: str = ""
    listed: bool = True


_WRITE, _CHAT, _REPLY, _MODEL, _APP = "Writing", "Chats", "Replies", "Models", "chinwag"

ACTIONS: tuple[Action, ...] = (
    Action("send", "enter", "Send the message", _WRITE, Place.COMPOSER, listed=False),
    Action(
        "newline", "ctrl+j,shift+enter,alt+enter", "New line", _WRITE, Place.COMPOSER, listed=False
    ),
    Action("edit_last", "up", "Edit the last message (in an empty composer)", _WRITE,
           Place.COMPOSER, slash="edit"),
    Action("edit_outside", "ctrl+g", "Write the message in $EDITOR", _WRITE, slash="editor"),
    Action("stop", "escape", "Stop the reply on screen, or close what is open", _REPLY),
    Action("retry", "ctrl+r", "Ask again: another reply beside this one", _REPLY, slash="retry"),
    Action("retry_with", "", "Ask again with another model", _REPLY, slash="retry-with"),
    Action("copy_reply", "ctrl+y", "Copy the last reply", _REPLY, slash="copy"),
    Action("pick_model", "ctrl+o", "Choose a model", _MODEL, slash="model", hint="Model"),
    Action("next_model", "ctrl+t", "Next quick model", _MODEL, slash="next"),
    Action("chat_settings", "", "System prompt and parameters of this chat", _MODEL, slash="set"),
    Action("new_chat", "ctrl+n", "New chat", _CHAT, slash="new", hint="New"),
    Action("rename", "f2", "Rename this chat", _CHAT, slash="title"),
    Action("toggle_sidebar", "ctrl+b", "Show or hide the list of chats", _CHAT, hint="Chats"),
    Action("delete_chat", "", "Delete this chat", _CHAT, slash="delete"),
    Action("undo_delete", "", "Bring back the chat deleted last (Ctrl+Z in the list)", _CHAT,
           slash="undelete"),
    Action("command_palette", "ctrl+p", "Everything one can do, by name", _APP, Place.APP,
           listed=False),
    Action("help", "f1", "Help", _APP, Place.APP, slash="help", hint="Help"),
    Action("toggle_theme", "", "Switch between dark and light", _APP, Place.APP, slash="theme"),
    Action("copy_or_quit", "ctrl+c", "Copy the selection; twice on an empty composer: quit", _APP,
           listed=False),
    Action("quit", "ctrl+q", "Quit", _APP, Place.APP, slash="quit", hint="Quit"),
)  # fmt: skip

_TRANSCRIPT_GROUP = "Reading (Tab goes there)"


def all_actions() -> tuple[Action, ...]:
    """Every action, those of the transcript last."""
    return ACTIONS + tuple(
        Action(action_id, keys, text, _TRANSCRIPT_GROUP, Place.TRANSCRIPT, listed=False)
        for action_id, keys, text in TRANSCRIPT_ACTIONS
    )


def bindings(place: Place) -> list[BindingType]:
    """What a widget at `place` puts into its `BINDINGS`.

    Keys win over those that the focused widget has by itself (`priority`), or a text area would
    swallow Ctrl+Y; but for Escape and Ctrl+C, because what is focused may have something of its
    own to close or to copy. The composer's own keys are not among them: see `keys_at`.
    """
    return [
        Binding(
            action.keys,
            action.id,
            action.text,
            show=False,
            id=action.id,
            priority=action.id not in ("stop", "copy_or_quit"),
        )
        for action in ACTIONS
        if action.place is place and action.keys
    ]


def keys_at(place: Place, chosen: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Key to action id, for a widget that handles its keys itself, in the order they come.

    A key with priority is handled before characters typed ahead of it have reached the focused
    widget, so Enter would send less than was typed.
    """
    return {
        key.strip(): action.id
        for action in ACTIONS
        if action.place is place
        for key in chosen.get(action.id, action.keys.split(","))
    }


def default_keys(actions: Iterable[Action] | None = None) -> dict[str, str]:
    """Action id to its default keys, for `[keys]` in the config."""
    return {action.id: action.keys for action in actions or all_actions() if action.keys}


def keymap(
    chosen: Mapping[str, tuple[str, ...]],
) -> tuple[dict[str, str], list[str]]:
    """The keys a person chose, as Textual takes them, and what of them could not be used."""
    known = default_keys()
    unknown = [
        f"keys.{action}: no such action; `chinwag config init` lists them all"
        for action in chosen
        if action not in known
    ]
    return {action: ",".join(keys) for action, keys in chosen.items() if action in known}, unknown


_WRITTEN = {
    "ctrl": "Ctrl", "shift": "Shift", "alt": "Alt", "escape": "Esc", "enter": "Enter", "up": "↑",
    "down": "↓", "pageup": "PgUp", "pagedown": "PgDn", "space": "Space", "home": "Home",
    "end": "End", "delete": "Del", "left_square_bracket": "[", "right_square_bracket": "]",
    "left_curly_bracket": "{", "right_curly_bracket": "}", "less_than_sign": "<",
    "greater_than_sign": ">", "tab": "Tab", "left": "←", "right": "→",
}  # fmt: skip


def written_key(key: str) -> str:
    """`ctrl+n` as a person reads it: `Ctrl+N`."""
    *modifiers, last = key.split("+") if key != "+" else ["+"]
    name = _WRITTEN.get(last, last.upper() if modifiers or last.startswith("f") else last)
    if len(last) > 1 and last[0] == "f" and last[1:].isdigit():
        name = last.upper()
    elif not modifiers and len(last) == 1:
        name = last
    return "+".join([*(_WRITTEN.get(modifier, modifier) for modifier in modifiers), name])


def written_keys(keys: str) -> str:
    """All keys of an action as a person reads them, the first two of them."""
    return " ".join(written_key(key.strip()) for key in keys.split(",")[:2])
