"""The one table of actions: bindings, palette, help screen, key bar and README are made from it.

Where a key is bound (`place`) decides which widget's `action_<id>` runs. A key of the user's
config replaces the keys here by the action's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations, groupby
from types import MappingProxyType

from textual.binding import Binding, BindingType

from tui.ui.transcript.actions import TRANSCRIPT_ACTIONS


class Place(StrEnum):
    """Where an action is bound."""

    APP = "app"
    CHAT = "chat"
    COMPOSER = "composer"
    TRANSCRIPT = "transcript"
    LIST = "list"


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
        list_hint: its word under the list of chats while that has the focus.
        listed: whether the palette offers it.
    """

    id: str
    keys: str
    text: str
    group: str
    place: Place = Place.CHAT
    slash: str = ""
    hint: str = ""
    list_hint: str = ""
    listed: bool = True

    @property
    def target(self) -> str:
        """The action as Textual runs it from anywhere on the main screen."""
        return f"app.{self.id}" if self.place is Place.APP else f"screen.{self.id}"


_WRITE, _CHAT, _REPLY, _MODEL, _APP = "Writing", "Chats", "Replies", "Models", "chinwag"
_LIST = "The list of chats (typing there narrows it)"

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
    Action("compare", "", "Ask several models at once, side by side", _REPLY, slash="compare"),
    Action("copy_reply", "ctrl+y", "Copy the last reply", _REPLY, slash="copy"),
    Action("pick_model", "ctrl+o", "Choose a model", _MODEL, slash="model", hint="Model"),
    Action("next_model", "ctrl+t", "Next quick model", _MODEL, slash="next"),
    Action("chat_settings", "", "System prompt and parameters of this chat", _MODEL, slash="set"),
    Action("system_prompt", "", "Set the system prompt of this chat", _MODEL, slash="system",
           listed=False),
    Action("new_chat", "ctrl+n", "New chat", _CHAT, slash="new", hint="New"),
    Action("search", "ctrl+f", "Search all chats", _CHAT, slash="search", hint="Search"),
    Action("branches", "", "Branches of this chat: open, name, copy to a chat, delete", _CHAT,
           slash="branches"),
    Action("rename", "f2", "Rename the chat", _CHAT, slash="title", list_hint="Rename"),
    Action("pin", "f3", "Pin the chat on top of the list, or unpin it", _CHAT, slash="pin",
           list_hint="Pin"),
    Action("tag", "f4", "Tags of the chat", _CHAT, slash="tag", list_hint="Tags"),
    Action("archive", "f5", "Archive the chat, or take it out of the archive", _CHAT,
           slash="archive", list_hint="Archive"),
    Action("export", "f6", "Save the chat as a file: Markdown, JSON, TOML or HTML", _CHAT,
           slash="export", list_hint="Export"),
    Action("export_all", "", "Save all chats as files", _CHAT, slash="export-all"),
    Action("toggle_sidebar", "ctrl+b", "Show or hide the list of chats", _CHAT, hint="Chats"),
    Action("open_chat", "enter", "Open the chat", _LIST, Place.LIST, listed=False),
    Action("mark_down", "shift+down", "Mark chats from here on down: keys then act on all of them",
           _LIST, Place.LIST, list_hint="Mark", listed=False),
    Action("mark_up", "shift+up", "Mark chats from here on up", _LIST, Place.LIST, listed=False),
    Action("mark", "insert,ctrl+@", "Mark the chat, or not", _LIST, Place.LIST, listed=False),
    Action("mark_all", "ctrl+a", "Mark all that are listed, or none", _LIST, Place.LIST,
           listed=False),
    Action("delete_chat", "delete,ctrl+d", "Delete the chat", _LIST, Place.LIST, slash="delete",
           list_hint="Delete"),
    Action("undo", "ctrl+z", "Undo the last rename, pin, tag, archive or delete", _LIST,
           Place.LIST, slash="undo", list_hint="Undo"),
    Action("command_palette", "ctrl+p", "Everything one can do, by name", _APP, Place.APP,
           listed=False),
    Action("help", "f1", "Help", _APP, Place.APP, slash="help", hint="Help"),
    Action("usage", "", "What replies took: tokens, cost, speed", _APP, Place.APP, slash="usage"),
    Action("toggle_theme", "", "Switch between dark and light", _APP, Place.APP, slash="theme"),
    Action("copy_or_quit", "ctrl+c", "Copy the selection; twice on an empty composer: quit", _APP,
           listed=False),
    Action("quit", "ctrl+q", "Quit", _APP, Place.APP, slash="quit", hint="Quit"),
)  # fmt: skip

_TRANSCRIPT_GROUP = "Reading (Tab goes there; other letters are written)"
_GROUPS = (_WRITE, _REPLY, _MODEL, _CHAT, _LIST, _TRANSCRIPT_GROUP, _APP)
# Where there is no key: Textual takes keys of one's choice only for what is bound.
UNBOUND = "unbound"
# Of these only one has the focus, so each may give a key a meaning of its own.
_FOCUSED = {Place.COMPOSER, Place.TRANSCRIPT, Place.LIST}
# Escape drops what is selected or focused among the messages by way of `stop`.
_ONE_THING = {"stop", "drop_selection"}


def all_actions() -> tuple[Action, ...]:
    """Every action, those of the transcript last."""
    return ACTIONS + tuple(
        Action(action_id, keys, text, _TRANSCRIPT_GROUP, Place.TRANSCRIPT, listed=False)
        for action_id, keys, text in TRANSCRIPT_ACTIONS
    )


def bindings(place: Place) -> list[BindingType]:
    """What a widget at `place` puts into its `BINDINGS`.

    Keys win over those that the focused widget has by itself (`priority`), or a text area would
    swallow Ctrl+Y; but for Ctrl+C, because what is focused may have something of its own to copy.
    The own keys of the composer and of the list are not among them: see `keys_at`.
    """
    return [
        Binding(
            action.keys or UNBOUND,
            action.id,
            action.text,
            show=False,
            id=action.id,
            priority=action.id != "copy_or_quit",
        )
        for action in ACTIONS
        if action.place is place
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


def default_keys() -> dict[str, str]:
    """Action id to its default keys, for `[keys]` in the config."""
    return {action.id: action.keys for action in all_actions()}


def chosen_actions(chosen: Mapping[str, tuple[str, ...]]) -> tuple[Action, ...]:
    """Every action, with the keys that a person chose for it."""
    return tuple(
        replace(action, keys=",".join(chosen[action.id])) if action.id in chosen else action
        for action in all_actions()
    )


def usable_keys(
    chosen: Mapping[str, tuple[str, ...]],
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """The keys a person chose that can be used, and what is wrong with each of the others.

    Returns:
        Action to its keys; and name to a sentence, for actions that keep their defaults.
    """
    known = default_keys()
    wrong = {
        name: "no such action; `chinwag config init` lists them all"
        for name in chosen
        if name not in known
    }
    usable = {name: keys for name, keys in chosen.items() if name in known}
    while clash := next(
        (
            found
            for found in clashes(chosen_actions(usable))
            if {found[1].id, found[2].id} & usable.keys()
        ),
        None,
    ):
        key, first, second = clash
        loser, other = (second, first) if second.id in usable else (first, second)
        wrong[loser.id] = f"{key} does two things: {loser.id} and {other.id}"
        del usable[loser.id]
    return usable, wrong


def keymap(chosen: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, str], list[str]]:
    """The keys a person chose, as Textual takes them, and what is wrong with the others."""
    usable, wrong = usable_keys(chosen)
    keys = {name: ",".join(keys) or UNBOUND for name, keys in usable.items()}
    return keys, [f"keys.{name}: {text}" for name, text in wrong.items()]


def clashes(actions: Iterable[Action]) -> list[tuple[str, Action, Action]]:
    """(key, action, action) of keys that would do two things in one place.

    Those of the app and the chat are reached from everywhere; composer, transcript and list, of
    which only one has the focus, may give a key a meaning each.
    """
    found = []
    for first, second in combinations(actions, 2):
        both = {first.place, second.place}
        apart = len(both) == 2 and both <= _FOCUSED
        if apart or {first.id, second.id} == _ONE_THING:
            continue
        keys = [key.strip() for key in first.keys.split(",") if key.strip()]
        found += [
            (key, first, second) for key in keys if key in map(str.strip, second.keys.split(","))
        ]
    return found


def readme_keys() -> str:
    """The table of keys in the README."""
    lines: list[str] = []
    for group, actions in groupby(
        sorted(all_actions(), key=lambda action: _GROUPS.index(action.group)),
        key=lambda action: action.group,
    ):
        lines += ["", f"| {group} | |", "|---|---|"]
        for action in actions:
            written = " ".join(f"`{way}`" for way in ways(action, 9).split())
            lines.append(f"| {written} | {action.text} |")
    return "\n".join(lines).strip() + "\n"


def ways(action: Action, most: int = 2) -> str:
    """Its first keys and its slash command, as a person reads them: `F6 /export`."""
    slash = f"/{action.slash}" if action.slash else ""
    return f"{written_keys(action.keys, most)} {slash}".strip()


def way_to(action_id: str, chosen: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> str:
    """How one does something, within a sentence: its first key, else its slash command."""
    action = next(one for one in chosen_actions(chosen) if one.id == action_id)
    return (
        written_keys(action.keys, 1)
        or ways(action)
        or ("the palette" if action.listed else "no key")
    )


_WRITTEN = {
    "ctrl": "Ctrl", "shift": "Shift", "alt": "Alt", "escape": "Esc", "enter": "Enter", "up": "↑",
    "down": "↓", "pageup": "PgUp", "pagedown": "PgDn", "space": "Space", "home": "Home",
    "end": "End", "delete": "Del", "left_square_bracket": "[", "right_square_bracket": "]",
    "left_curly_bracket": "{", "right_curly_bracket": "}", "less_than_sign": "<",
    "greater_than_sign": ">", "tab": "Tab", "left": "←", "right": "→", "insert": "Ins",
    "@": "Space",
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


def written_keys(keys: str, most: int = 2) -> str:
    """The first keys of an action as a person reads them; empty for none."""
    return " ".join(written_key(key.strip()) for key in keys.split(",")[:most] if key.strip())
