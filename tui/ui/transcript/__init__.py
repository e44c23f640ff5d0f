"""The conversation pane: what was said, at any length, at any speed.

Pure below, a thin widget on top: `blocks` and `inline` read Markdown, `compose` turns it into
logical lines, `wrap` into rows, `layout` knows what is where, and `widget` paints and listens.
"""

from tui.ui.transcript import code, inline
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
    "warm_up",
]


def warm_up() -> None:
    """Load what the first reply needs to be shown; any thread may."""
    inline.warm_up()
    code.warm_up()
