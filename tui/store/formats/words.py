"""What the formats to read, Markdown and HTML, say of a message besides its text."""

from __future__ import annotations

from tui.core.conversation import Conversation
from tui.core.json_values import time_value
from tui.core.message import Message, Role, Status
from tui.core.safe import shown_line
from tui.core.tree import Tree

LEAST_DOLLARS = 0.0001  # less is said to be less, not nothing
_ENDINGS = {
    Status.PENDING: "being written",
    Status.STREAMING: "being written",
    Status.STOPPED: "stopped",
    Status.FAILED: "failed",
    Status.TRUNCATED: "cut at the longest length",
    Status.FILTERED: "cut by a content filter",
    Status.INTERRUPTED: "interrupted",
}


def about(conversation: Conversation) -> str:
    """The line under a chat's title: id, when it began, tags."""
    tags = [f"#{shown_line(tag)}" for tag in conversation.tags]
    return " · ".join([conversation.id, time_value(conversation.created), *tags])


def heading(message: Message, tree: Tree) -> str:
    """Who speaks; where a branch goes off, which of how many it is."""
    who = "You" if message.role is Role.USER else shown_line(message.model) or message.role.value
    place, count = tree.place(message.id)
    return f"{who} ({place} of {count})" if count > 1 else who


def ending(message: Message) -> str:
    """Why a message ended before its end; empty where it did not."""
    found = _ENDINGS.get(message.status, "")
    return f"{found}: {shown_line(message.error.text)}" if found and message.error else found


def numbers(message: Message) -> str:
    """What a reply took; `~` marks what was estimated, what is unknown is left out."""
    parts = []
    if usage := message.usage:
        mark = "" if usage.exact else "~"
        parts.append(f"{mark}{usage.input:,} tokens in, {mark}{usage.output:,} out")
    if message.total_ms is not None:
        parts.append(f"{message.total_ms / 1000:,.1f} s")
    if message.cost_usd is not None:
        mark = "" if message.usage is None or message.usage.exact else "~"
        small = 0 < message.cost_usd < LEAST_DOLLARS
        dollars = f"<${LEAST_DOLLARS}" if small else f"${message.cost_usd:.4f}"
        parts.append(f"{mark}{dollars}")
    return " · ".join(parts)
