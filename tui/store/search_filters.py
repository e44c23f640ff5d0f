"""Which messages a filter lets through."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, time

from tui.core.query import Field, Filter
from tui.store import rows

# What is read of a message, `m`, and of its chat, `c`.
COLUMNS = """
    m.number, m.id, m.conversation, m.role, m.status, m.created, m.model, m.endpoint, m.text,
    c.title, c.pinned, c.archived
"""
_FENCES = ("```", "~~~")
_QUICK = {
    Field.ROLE: "m.role = ?",
    Field.STATUS: "m.status = ?",
    Field.BEFORE: "m.created < ?",
    Field.AFTER: "m.created >= ?",
}


class Filters:
    """All filters of a query; a message passes when all of them hold.

    Attributes:
        conditions: what SQL can tell of them before a message's text is read, of `m`, its row.
        values: for their places.

    Args:
        connection: to look up what does not stand in a message's own row.
        filters: those of the query.
        here: the id of the chat that is `in:this`.
    """

    def __init__(
        self, connection: sqlite3.Connection, filters: tuple[Filter, ...], here: str | None
    ) -> None:
        self._connection = connection
        self._filters = filters
        self._here = here
        quick = [one for one in filters if one.field in _QUICK]
        self.conditions = "".join(
            f" AND {'NOT ' if one.negated else ''}({_QUICK[one.field]})" for one in quick
        )
        self.values = tuple(
            midnight(one.value) if one.field in (Field.BEFORE, Field.AFTER) else one.value
            for one in quick
        )

    def pass_(self, row: sqlite3.Row) -> bool:
        """Whether a message, in a row of `COLUMNS`, passes."""
        return all(self._holds(one, row) is not one.negated for one in self._filters)

    def _holds(self, one: Filter, row: sqlite3.Row) -> bool:
        value = one.value
        match one.field:
            case Field.MODEL:
                model = row["model"].lower()
                named = (model, f"{row['endpoint'].lower()}/{model}")
                return bool(model) and any(name.startswith(value) for name in named)
            case Field.ROLE | Field.STATUS:
                return bool(row[one.field.value] == value)
            case Field.IN:
                return bool(row["conversation"] == self._here)
            case Field.TAG:
                return any(map(one.names, self._tags(row["conversation"])))
            case Field.BEFORE:
                return bool(row["created"] < midnight(value))
            case Field.AFTER:
                return bool(row["created"] >= midnight(value))
            case Field.IS:
                return bool(row[value])  # the columns have these names
            case Field.HAS:
                if value == "image":
                    return self._has_image(row["id"])
                return any(fence in row["text"] for fence in _FENCES)

    def _tags(self, conversation_id: str) -> list[str]:
        found = self._connection.execute(
            "SELECT tag FROM tags WHERE conversation = ?", (conversation_id,)
        )
        return [tag for (tag,) in found]

    def _has_image(self, message_id: str) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM attachments WHERE message = ? AND media_type LIKE 'image/%'",
            (message_id,),
        )
        return found.fetchone() is not None


def midnight(day: str) -> int:
    """When a day began, by this machine's clock, as times are stored."""
    return rows.milliseconds(datetime.combine(date.fromisoformat(day), time()).astimezone())
