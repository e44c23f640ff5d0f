"""Takes what another program wrote for what it can be taken for.

Our own formats refuse a chat with a field that is wrong (`tui.store.formats.fields`): whoever wrote
it meant something else. Here a field of no use is a field that is not there, for the words of a
chat are wanted even where a date of it makes no sense. What comes out is always storable.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tui.core.safe import storable
from tui.store.formats.fields import EARLIEST, LARGEST, LATEST

TITLE_LENGTH = 200  # characters; other programs let a whole message be one
NAME_LENGTH = 255  # characters of a file's name, as file systems have it
_BACKTICKS = re.compile("`+")
_NOTHING: dict[str, object] = {}


def table(value: object) -> Mapping[str, object]:
    """A table of fields; an empty one where there is none."""
    return value if isinstance(value, dict) else _NOTHING


def items(value: object) -> Sequence[object]:
    """A list; an empty one where there is none."""
    return value if isinstance(value, list) else ()


def text(value: object) -> str:
    """A text; empty where there is none."""
    return storable(value) if isinstance(value, str) else ""


def title(value: object) -> str:
    """A text on one line, cut where it is no title any more."""
    words = " ".join(text(value)[: 10 * TITLE_LENGTH].split())
    return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1] + "…"


def name(value: object) -> str:
    """The name of a file, without the folders that somebody may have put before it."""
    last = text(value).replace("\\", "/").rstrip("/").rpartition("/")[2]
    return last[-NAME_LENGTH:]


def count(value: object) -> int | None:
    """A whole number from 0 on; None where there is none."""
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST
    return int(value) if whole and isinstance(value, int) else None


def number(value: object) -> float | None:
    """A number of ordinary size, or a text that is one; None where there is none."""
    if isinstance(value, str):
        try:
            value = float(value[:40])
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= LARGEST else None  # NaN is not, either


def seconds(value: object) -> int | None:
    """Seconds as whole milliseconds; None where there are none."""
    found = number(value)
    return round(found * 1000) if found is not None and 0 <= found <= LARGEST // 1000 else None


def moment(value: object) -> datetime | None:
    """A time in UTC, cut to the millisecond; None where there is none that a calendar has.

    Args:
        value: seconds since 1970, or text in ISO 8601, which is in UTC where it names no zone.
    """
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
        else:
            since = number(value)
            if since is None or not math.isfinite(since):
                return None
            found = EARLIEST + timedelta(seconds=since)
    except (ValueError, OverflowError):
        return None
    if not EARLIEST < found < LATEST:  # 0 stands for unknown in more than one program
        return None
    return found - timedelta(microseconds=found.microsecond % 1000)


def parsed(value: object) -> object:
    """What a text of JSON says; None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        found: object = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return found


def fenced(content: str, language: str = "") -> str:
    """Text as a block of code in Markdown, whatever marks are in it."""
    # One look at it: some have a million such marks.
    longest = max((len(run[0]) for run in _BACKTICKS.finditer(content)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{content}\n{fence}"
