"""A conversation, as a value: everything about it but its messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

TITLE_LENGTH = 60  # characters of one that is made here
TITLE_MOST = 10_000  # of any, and of a branch's name: what is longer could not be imported again
# What Markdown puts before a line's words (quotes, headings, bullets), around some of them, and on
# lines without any (fences, rules).
_BLOCK_MARKS = re.compile(r"(?:(?:>|#{1,6}(?!\S)|[-*+](?!\S))\s*)*")
_INLINE_MARKS = re.compile(r"(?<!\w)(\*\*|__|\*|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_FORK = re.compile(r"(.*) \(fork(?: (\d{1,9}))?\)", re.DOTALL)
_NO_WORDS = re.compile(r"(?:```|~~~).*|[-*_=\s]*")


@dataclass(frozen=True, slots=True)
class Parameters:
    """What goes with each request of a chat; None means: not sent, the model's own default.

    Attributes:
        temperature: 0 to 2.
        max_tokens: the longest reply, in tokens.
        stream: tokens as they arrive (True) or the reply in one piece (False).
    """

    temperature: float | None = None
    max_tokens: int | None = None
    stream: bool | None = None

    def over(self, defaults: Parameters) -> Parameters:
        """These parameters, with gaps filled from `defaults`."""
        return Parameters(
            defaults.temperature if self.temperature is None else self.temperature,
            defaults.max_tokens if self.max_tokens is None else self.max_tokens,
            defaults.stream if self.stream is None else self.stream,
        )


@dataclass(frozen=True, slots=True)
class Conversation:
    """One chat; immutable: a change is a new value made with `dataclasses.replace`.

    Attributes:
        title: what the list shows.
        titled: True when a person set the title, so that nothing else changes it.
        created, updated: UTC; `updated` is when the last message came or changed.
        model, endpoint: what the next message goes to.
        system_prompt: None takes the default from the config; empty sends none.
        deleted_at: when it was thrown away, None while it is not.
        draft: what was typed and not sent yet.
        active_leaf: id of the message at the end of the branch it was left on.
        unread: a reply ended while the chat was not on screen.
        message_count: messages on all branches but the deleted.
        streaming: a living process is writing a reply in it right now.
    """

    id: str
    title: str
    created: datetime
    updated: datetime
    model: str
    endpoint: str
    titled: bool = False
    system_prompt: str | None = None
    parameters: Parameters = Parameters()
    pinned: bool = False
    archived: bool = False
    deleted_at: datetime | None = None
    tags: tuple[str, ...] = ()
    draft: str = ""
    active_leaf: str | None = None
    unread: bool = False
    message_count: int = 0
    streaming: bool = False


def first_words(text: str) -> str:
    """A text's first line with words, without Markdown's marks; empty where there is none."""
    # The slices bound the time that a pasted megabyte takes.
    for line in text[: 100 * TITLE_LENGTH].splitlines():
        line = line.strip()[: 4 * TITLE_LENGTH]
        if _NO_WORDS.fullmatch(line):
            continue
        words = " ".join(_INLINE_MARKS.sub(r"\2", _BLOCK_MARKS.sub("", line, count=1)).split())
        if words:
            return words
    return ""


def title_from(text: str) -> str:
    """A title made of a first message."""
    words = first_words(text)
    if len(words) <= TITLE_LENGTH:
        return words or "New chat"
    cut = words[:TITLE_LENGTH].rsplit(" ", 1)[0] if " " in words[:TITLE_LENGTH] else ""
    return (cut or words[: TITLE_LENGTH - 1]) + "…"


def fork_title(title: str) -> str:
    """The title of a chat that is made of a branch: `Tides (fork)`, of that `Tides (fork 2)`."""
    found = _FORK.fullmatch(title)
    of, end = (
        (title, " (fork)") if found is None else (found[1], f" (fork {int(found[2] or 1) + 1})")
    )
    return of[: TITLE_MOST - len(end)] + end
