"""What the transcript tells its screen, each named in the past tense.

All of them bubble and carry plain values; their handlers are `on_transcript_<name>`.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class EntriesNeeded(Message, namespace="transcript"):
    """Outlined messages came into view: their texts are wanted, by `Transcript.provide`."""

    ids: tuple[str, ...]


@dataclass
class LinkClicked(Message, namespace="transcript"):
    """A link was chosen by mouse or key; the transcript never opens one itself."""

    href: str


@dataclass
class Copied(Message, namespace="transcript"):
    """Text was chosen for the clipboard; `what` says in a word what it is ("code", ...)."""

    text: str
    what: str


@dataclass
class SiblingStepped(Message, namespace="transcript"):
    """Another version of a message is wanted: `step` is -1 or 1."""

    entry_id: str
    step: int


@dataclass
class BranchesWanted(Message, namespace="transcript"):
    """The reader wants to see all branches; `entry_id` is the focused message, if there is one."""

    entry_id: str | None


@dataclass
class ActionChosen(Message, namespace="transcript"):
    """One of `Entry.actions` was chosen."""

    entry_id: str
    action_id: str


@dataclass
class FollowChanged(Message, namespace="transcript"):
    """The transcript began, or ceased, to follow its end."""

    following: bool


class WidthChanged(Message, namespace="transcript"):
    """Lines of text have another width: `Transcript.text_width`."""


@dataclass
class EntryFocused(Message, namespace="transcript"):
    """A message got the focus inside the transcript; None when none has it any more."""

    entry_id: str | None


@dataclass
class CodeSought(Message, namespace="transcript"):
    """The next code block (`step` 1) or the one before (-1) is still looked for, or isn't there."""

    step: int
    ended: bool


@dataclass
class EditRequested(Message, namespace="transcript"):
    """A message is to be edited."""

    entry_id: str


@dataclass
class RetryRequested(Message, namespace="transcript"):
    """A reply is to be tried again."""

    entry_id: str
