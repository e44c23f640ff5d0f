"""What can be done to chats from the list and undone again: rename, pin, tag, archive, delete.

Each deed is a pure function from chats to how they shall be. `undone` takes one back: a field goes
back only where it is still as the deed left it, and no other field is touched, so that what another
window changed since stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tui.core.conversation import TITLE_MOST, Conversation
from tui.core.safe import shown_line
from tui.core.tags import tag_changes, with_tags, written_tags

# Chats as they are to chats as they shall be, in the same order.
Deed = Callable[[Sequence[Conversation]], Sequence[Conversation]]

TITLE_SHOWN = 40  # characters of a title in what is told


@dataclass(frozen=True, slots=True)
class Step:
    """What a deed did to one chat: only fields that this module names differ."""

    before: Conversation
    after: Conversation


def renamed(title: str) -> Deed:
    """Another title, which stays; cut where it is longer than any title can be."""
    cut = title[:TITLE_MOST]
    return lambda chats: [replace(chat, title=cut, titled=True) for chat in chats]


def pin_toggled(chats: Sequence[Conversation]) -> Sequence[Conversation]:
    """Pinned; where all of them are, unpinned."""
    pinned = not all(chat.pinned for chat in chats)
    return [replace(chat, pinned=pinned) for chat in chats]


def archive_toggled(chats: Sequence[Conversation]) -> Sequence[Conversation]:
    """Into the archive; where all of them are there, out of it."""
    archived = not all(chat.archived for chat in chats)
    return [replace(chat, archived=archived) for chat in chats]


def tagged(add: Iterable[str], remove: Iterable[str] = ()) -> Deed:
    """Some tags more, some fewer."""
    added, removed = tuple(add), tuple(remove)
    return lambda chats: [
        replace(chat, tags=with_tags(chat.tags, added, removed)) for chat in chats
    ]


def deleted(at: datetime) -> Deed:
    """Into the trash; what is there stays as it is."""
    return lambda chats: [
        chat if chat.deleted_at is not None else replace(chat, deleted_at=at) for chat in chats
    ]


def undone(steps: Iterable[Step]) -> Deed:
    """What takes these steps back."""
    by_id = {step.before.id: step for step in steps}
    return lambda chats: [_undone(chat, by_id[chat.id]) for chat in chats]


def _undone(chat: Conversation, step: Step) -> Conversation:
    before, after = step.before, step.after
    if before.title != after.title and chat.title == after.title:
        chat = replace(chat, title=before.title, titled=before.titled)
    if chat.pinned == after.pinned:
        chat = replace(chat, pinned=before.pinned)
    if chat.archived == after.archived:
        chat = replace(chat, archived=before.archived)
    if chat.deleted_at == after.deleted_at:
        chat = replace(chat, deleted_at=before.deleted_at)
    if before.tags == after.tags:
        return chat
    if chat.tags == after.tags:
        return replace(chat, tags=before.tags)
    return replace(chat, tags=with_tags(chat.tags, *tag_changes(after.tags, before.tags)))


def told(steps: Sequence[Step]) -> str:
    """What was done, in a few words: `Pinned “Tides”`, `Deleted 3 chats`; empty for nothing."""
    if not steps:
        return ""
    before, after = steps[0].before, steps[0].after
    what = _named([step.before for step in steps])
    if before.deleted_at != after.deleted_at:
        return f"Deleted {what}"
    if before.archived != after.archived:
        return f"Archived {what}" if after.archived else f"Took {what} out of the archive"
    if before.pinned != after.pinned:
        return f"Pinned {what}" if after.pinned else f"Unpinned {what}"
    if before.tags != after.tags:
        added, removed = tag_changes(before.tags, after.tags)
        tags, gone = (shown_line(written_tags(some)) for some in (added, removed))
        if not added:
            return f"Took {gone} off {what}"
        return f"Tagged {what}: {tags}" + (f"; took {gone} off" if removed else "")
    return f"Renamed {what} to {_quoted(after.title)}"


def _named(chats: Sequence[Conversation]) -> str:
    return _quoted(chats[0].title) if len(chats) == 1 else f"{len(chats):,} chats"


def _quoted(title: str) -> str:
    line = shown_line(title) or "Untitled"
    return f"“{line if len(line) <= TITLE_SHOWN else line[: TITLE_SHOWN - 1].rstrip() + '…'}”"
