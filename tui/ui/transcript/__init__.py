"""The conversation pane: what was said, at any length, at any speed.

Pure below, a thin widget on top: `blocks` and `inline` read Markdown, `compose` turns it into
logical lines, `wrap` into rows, `layout` knows what is where, and `widget` paints and listens.

Its parts are imported when they are asked for: the table of actions is needed before the first
frame, everything else only after it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.ui.transcript.actions import TRANSCRIPT_ACTIONS
    from tui.ui.transcript.entry import Entry, Outline, Position
    from tui.ui.transcript.events import (
        ActionChosen,
        BranchesWanted,
        CodeSought,
        Copied,
        EditRequested,
        EntriesNeeded,
        EntryFocused,
        FollowChanged,
        LinkClicked,
        RetryRequested,
        SiblingStepped,
        WidthChanged,
    )
    from tui.ui.transcript.widget import Transcript

__all__ = [
    "TRANSCRIPT_ACTIONS",
    "ActionChosen",
    "BranchesWanted",
    "CodeSought",
    "Copied",
    "EditRequested",
    "EntriesNeeded",
    "Entry",
    "EntryFocused",
    "FollowChanged",
    "LinkClicked",
    "Outline",
    "Position",
    "RetryRequested",
    "SiblingStepped",
    "Transcript",
    "WidthChanged",
    "warm_up",
]

_PARTS = {
    "TRANSCRIPT_ACTIONS": "actions",
    "Transcript": "widget",
    **dict.fromkeys(("Entry", "Outline", "Position"), "entry"),
}


def warm_up() -> None:
    """Load what the first reply needs to be shown; any thread may."""
    from tui.ui.transcript import code, inline

    inline.warm_up()
    code.warm_up()


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PARTS.get(name, 'events')}"), name)
