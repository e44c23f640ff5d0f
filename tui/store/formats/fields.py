"""Reads the fields of a table that anybody may have written, each checked before it is used.

A field of a wrong type, or out of range, is a `ChatError` that names its place. A field that is not
there and one that is null are the same: TOML has no null.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from tui.core.errors import ChatError, ErrorKind
from tui.core.ids import ID_LENGTH
from tui.core.safe import shown_line, storable

E = TypeVar("E", bound=StrEnum)

LARGEST = 2**63 - 1  # what an integer column holds (sqlite.org/datatype3.html)
# Every zone has a time for these, and a day before and after: the ends of the calendar have not.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)
_ID = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
_QUOTED = 40  # characters of a wrong value that a message repeats


class Fields:
    """A table's fields.

    Args:
        value: what was found where a table should be.
        place: where that is, as messages call it.
    """

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise unreadable(f"{place} should be a table of fields, but is {_kind(value)}")
        self._fields: dict[str, object] = value
        self.place = place

    def text(self, name: str, *, most: int | None = None) -> str:
        """A text, made storable, of so many characters at most; empty where there is none."""
        found = self.text_or_none(name) or ""
        if most is not None and len(found) > most:
            raise unreadable(f"`{name}` of {self.place} is longer than {most:,} characters")
        return found

    def text_or_none(self, name: str) -> str | None:
        """A text, made storable; None where there is none."""
        value = self._fields.get(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name, "text", value)
        return None if value is None else storable(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        found = list(self._items(name))
        for item in found:
            if not isinstance(item, str):
                raise self._wrong(name, "a list of texts", item)
        return tuple(storable(item) for item in found if isinstance(item, str))

    def flag(self, name: str) -> bool:
        """True or false; false where it is not there."""
        return bool(self.flag_or_none(name))

    def flag_or_none(self, name: str) -> bool | None:
        """True, false, or None where it is not there."""
        value = self._fields.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "true or false", value)
        return value

    def count_or_none(self, name: str) -> int | None:
        """A whole number from 0 on; None where there is none."""
        value = self._fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
            raise self._wrong(name, "a whole number from 0 on", value)
        return value

    def count(self, name: str) -> int:
        """A whole number from 0 on; 0 where there is none."""
        return self.count_or_none(name) or 0

    def number_or_none(self, name: str) -> float | None:
        """A number; None where there is none."""
        value = self._fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(name, "a number", value)
        if not abs(value) <= LARGEST:  # what is no number at all (NaN) is not, either
            raise self._wrong(name, "a number of ordinary size", value)
        return float(value)

    def identity(self, name: str) -> str:
        """An id, which must be there."""
        found = self.identity_or_none(name)
        if found is None:
            raise self._wrong(name, f"an id ({ID_LENGTH} hexadecimal digits)", None)
        return found

    def identity_or_none(self, name: str) -> str | None:
        """An id; None where there is none."""
        value = self._fields.get(name)
        if value is not None and not (isinstance(value, str) and _ID.fullmatch(value)):
            raise self._wrong(name, f"an id ({ID_LENGTH} hexadecimal digits)", value)
        return value

    def choice(self, name: str, among: type[E], default: E | None = None) -> E:
        """One of the words of an enumeration."""
        value = self._fields.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or value not in set(among):
            raise self._wrong(name, f"one of {', '.join(among)}", value)
        return among(value)

    def moment(self, name: str) -> datetime:
        """A time, which must be there."""
        found = self.moment_or_none(name)
        if found is None:
            raise self._wrong(name, "a time such as 2026-03-12T09:30:00.000Z", None)
        return found

    def moment_or_none(self, name: str) -> datetime | None:
        """A time in UTC, cut to the millisecond; without a zone it is taken to be in UTC."""
        value = self._fields.get(name)
        if value is None:
            return None
        try:
            read = datetime.fromisoformat(value) if isinstance(value, str) else value
            if not isinstance(read, datetime):
                raise self._wrong(name, "a time", value)
            read = read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self._wrong(name, "a time such as 2026-03-12T09:30:00.000Z", value) from None
        if not EARLIEST <= read < LATEST:
            raise self._wrong(name, "a time from 1970 to 9998", value)
        return read - timedelta(microseconds=read.microsecond % 1000)

    def table_or_none(self, name: str) -> Fields | None:
        """A table within this one; None where there is none."""
        value = self._fields.get(name)
        return None if value is None else Fields(value, f"`{name}` of {self.place}")

    def tables(self, name: str, called: str) -> Iterator[Fields]:
        """The tables of a list; `called` is what messages call each of them."""
        for number, item in enumerate(self._items(name), 1):
            yield Fields(item, f"{called} {number} of {self.place}")

    def _items(self, name: str) -> list[object]:
        value = self._fields.get(name)
        if value is not None and not isinstance(value, list):
            raise self._wrong(name, "a list", value)
        return value or []

    def _wrong(self, name: str, expected: str, value: object) -> ChatError:
        found = "is missing" if value is None else f"is {_kind(value)}"
        return unreadable(f"`{name}` of {self.place} should be {expected}, but {found}")


def too_long(what: str, most: int) -> ChatError:
    """The error for a part of a file that is so long that reading ends there."""
    return unreadable(
        f"{what} longer than {most:,} characters. Neither it nor what comes after it in the file "
        "was read"
    )


def unreadable(what: str) -> ChatError:
    """The error for something that can't be taken in; `what` is a sentence without its end."""
    return ChatError(ErrorKind.FILE, f"{what}.")


def _kind(value: object) -> str:
    if isinstance(value, str):
        return f'"{shown_line(value[:_QUOTED])}{"…" if len(value) > _QUOTED else ""}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        # The digits of a number that is out of all bounds would take long to write.
        return str(value) if abs(value) <= LARGEST * 2 else "a number out of all bounds"
    return {list: "a list", dict: "a table", type(None): "null"}.get(type(value), "something else")
