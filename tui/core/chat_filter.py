"""What a person types to narrow the list of chats, as a value.

Every text is a filter, also while it is being typed:

    tide moon             chats whose title or tags hold both, in any order
    "high tide"  -sun     these words side by side; without
    tag:work  -tag:old    by tag; the last one may still be going on
    is:pinned  -is:pinned  is:archived
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tui.core.words import folded_line

PARTS_MOST = 12  # words and tags that are looked for; whatever stands behind them is not
LENGTH_MOST = 200  # characters


@cache
def _pieces() -> re.Pattern[str]:
    """Compiled when something is typed, not at start-up."""
    return re.compile(
        r"""
        (?P<minus>-?) (?:
            (?P<field>tag|is) : (?: "(?P<quoted>[^"]*)(?P<closed>"?) | (?P<value>\S*) )
          | "(?P<phrase>[^"]*)"?
        )
        | (?P<word>\S+)
        """,
        re.VERBOSE | re.IGNORECASE,
    )


@dataclass(frozen=True, slots=True)
class ChatFilter:
    """Which chats are listed.

    Attributes:
        holds: stretches of `listed_text` that all must be there.
        lacks: stretches that must not be.
        pinned: only those that are, or are not; None: either.
        archived: those in the archive instead of those out of it.
    """

    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    pinned: bool | None = None
    archived: bool = False


def listed_text(title: str, tags: Iterable[str]) -> str:
    r"""What a filter looks at: the title, then each tag as `\n#work\n`, case and accents folded."""
    return "".join([folded_line(title), *(f"\n#{folded_line(tag)}" for tag in tags), "\n"])


def parse_filter(typed: str) -> ChatFilter:
    """The filter that `typed` is; whatever it is, it is one."""
    typed = typed[:LENGTH_MOST]
    holds: dict[str, None] = {}
    lacks: dict[str, None] = {}
    pinned: bool | None = None
    archived = False
    for piece in _pieces().finditer(typed):
        without = bool(piece["minus"])
        text = piece[0]
        if piece["field"] is not None:
            tag = (piece["field"] or "").lower() == "tag"
            value = folded_line(piece["value"] if piece["quoted"] is None else piece["quoted"])
            if not value:
                continue  # it is still being typed
            if not tag and "pinned".startswith(value):
                pinned = not without
                continue
            if not tag and "archived".startswith(value):
                archived = not without
                continue
            ended = piece["closed"] or piece.end() < len(typed)
            text = f"\n#{value}" + ("\n" if ended else "") if tag else folded_line(text)
        elif piece["phrase"] is not None:
            text = folded_line(piece["phrase"])
        else:
            # A hyphen alone is the beginning of what shall be left out.
            without = text.startswith("-") and (len(text) == 1 or text[1].isalnum())
            text = folded_line(text[1:] if without else text)
        if text:
            (lacks if without else holds)[text] = None
    kept = tuple(holds)[:PARTS_MOST]
    return ChatFilter(kept, tuple(lacks)[:PARTS_MOST], pinned, archived)
