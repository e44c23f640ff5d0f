"""The transcript's keys: the one table that its bindings, the palette and the help are made of."""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding


class TranscriptAction(NamedTuple):
    """A key of the transcript: the id names both the binding and the widget's action."""

    id: str
    keys: str
    description: str


TRANSCRIPT_ACTIONS: tuple[TranscriptAction, ...] = (
    TranscriptAction("line_down", "j,down", "Scroll down a line"),
    TranscriptAction("line_up", "k,up", "Scroll up a line"),
    TranscriptAction("page_further", "pagedown,space", "Scroll down a page"),
    TranscriptAction("page_back", "pageup", "Scroll up a page"),
    TranscriptAction("to_start", "g,home", "Go to the first message"),
    TranscriptAction("to_end", "G,end", "Go to the end and follow it"),
    TranscriptAction("column_left", "h,left", "Move a wide table to its left"),
    TranscriptAction("column_right", "l,right", "Move a wide table to its right"),
    TranscriptAction("previous_message", "left_square_bracket", "Focus the previous message"),
    TranscriptAction("next_message", "right_square_bracket", "Focus the next message"),
    TranscriptAction("previous_code", "left_curly_bracket", "Focus the previous code block"),
    TranscriptAction("next_code", "right_curly_bracket", "Focus the next code block"),
    TranscriptAction("copy_focused", "y", "Copy the selection, code block or message"),
    TranscriptAction("copy_source", "Y", "Copy the same as Markdown"),
    TranscriptAction("edit_message", "e", "Edit the message"),
    TranscriptAction("retry_message", "r", "Try the reply again"),
    TranscriptAction("previous_sibling", "less_than_sign", "Show the previous version"),
    TranscriptAction("next_sibling", "greater_than_sign", "Show the next version"),
    TranscriptAction("show_branches", "b", "Show where the chat forked: all its branches"),
    TranscriptAction("next_found", "n", "Show the next hit of the search"),
    TranscriptAction("previous_found", "N", "Show the previous hit of the search"),
    TranscriptAction("open_link", "o", "Open a link of the message"),
    TranscriptAction(
        "toggle_fold", "z", "Fold or open the focused code block or message; else the reasoning"
    ),
    TranscriptAction("toggle_reasoning", "Z", "Show or hide the reasoning"),
    TranscriptAction("select_down", "shift+down", "Select a line further down"),
    TranscriptAction("select_up", "shift+up", "Select a line further up"),
    TranscriptAction("select_right", "shift+right", "Select a character further right"),
    TranscriptAction("select_left", "shift+left", "Select a character further left"),
    TranscriptAction("drop_selection", "escape", "Drop the selection"),
)

BINDINGS: list[Binding] = [
    Binding(action.keys, action.id, action.description, id=action.id, show=False)
    for action in TRANSCRIPT_ACTIONS
]
