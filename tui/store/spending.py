"""What the replies of all chats took, read from an index that holds nothing else.

It is read through a connection of its own that can't write, so that whoever asks may do so on any
thread and holds up nobody: neither the saving of a reply nor another window.

All that was asked for counts, on every branch, deleted ones and those in the trash too: it was
paid for. Only what was removed for good takes its numbers along. A copy of a reply counts as one
with it, a reply in flight from its end on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path

from tui.core.spending import DayOfModel, Pace, Tally, spread
from tui.store.failures import BUSY_SECONDS, in_plain_words
from tui.store.rows import milliseconds, moment

# It begins with what is asked for, and holds all that is read, its own condition's columns too:
# without those SQLite would look at each message's row for them.
INDEX = """
CREATE INDEX messages_spent ON messages (
    endpoint, model, created, tokens_input, tokens_output, tokens_cached, tokens_reasoning,
    tokens_exact, cost_usd, first_token_ms, total_ms, role, owner
) WHERE role = 'assistant' AND owner IS NULL
"""
_REPLIES = "FROM messages INDEXED BY messages_spent WHERE role = 'assistant' AND owner IS NULL"
# A chat that was made of a branch has copies of its replies, alike to the millisecond: they were
# paid for once. Alike ones lie side by side in the index, so that this needs no sorting.
_ONCE = f"""
FROM (
    SELECT DISTINCT endpoint, model, created, tokens_input, tokens_output, tokens_cached,
        tokens_reasoning, tokens_exact, cost_usd, first_token_ms, total_ms
    {_REPLIES} AND endpoint = ? AND model = ? AND created >= ? AND created < ?
)
"""
# As `Message.tokens_per_second`: a tenth of a second at least, two tokens at least.
_SPEED = "(tokens_output - 1) * 1000.0 / (total_ms - first_token_ms)"
_NEVER = 2**63 - 1


def migrate(connection: sqlite3.Connection) -> None:
    """Add the index."""
    connection.execute(INDEX)


class Spending:
    """Reads what replies took.

    Every method may raise `ChatError` of kind LIBRARY when the disk or the file fails.

    Args:
        path: a database that a `Library` has opened before, and so has brought up to date.
        tz: the zone that days are told in; None for the system's own.
    """

    def __init__(self, path: Path, tz: tzinfo | None = None) -> None:
        self._path = path
        self._tz = tz

    def days(self, since: date | None = None) -> list[DayOfModel]:
        """What each model took on each day, of those that have something.

        Args:
            since: from the beginning of this day on; None: from the first.
        """
        with self._reading() as connection:
            return [
                DayOfModel(day, endpoint, model, tally)
                for endpoint, model in _models(connection)
                for day, tally in self._days_of(connection, endpoint, model, since)
            ]

    def hours(self, day: date) -> list[Tally]:
        """What all models took in each hour of a day; 24 of them, or one more or less."""
        start, end = self._start(day), self._start(day + timedelta(days=1))
        hour = 3_600_000
        with self._reading() as connection:
            models = _models(connection)
            return [
                sum(
                    (_tally(connection, *model, begin, min(begin + hour, end)) for model in models),
                    Tally(),
                )
                for begin in range(start, end, hour)
            ]

    def paces(self, since: date | None = None) -> dict[tuple[str, str], Pace]:
        """How quick each model was, by endpoint and model; `since` as in `days`."""
        start = 0 if since is None else self._start(since)
        with self._reading() as connection:
            return {model: _pace(connection, *model, start) for model in _models(connection)}

    def _days_of(
        self, connection: sqlite3.Connection, endpoint: str, model: str, since: date | None
    ) -> Iterator[tuple[date, Tally]]:
        """One model's days: from one that has something to the next that has, by the index."""
        end = 0 if since is None else self._start(since)
        while True:
            (created,) = connection.execute(
                f"""
                SELECT min(created) {_REPLIES}
                AND endpoint = ? AND model = ? AND created >= ?
                """,
                (endpoint, model, end),
            ).fetchone()
            if created is None:
                return
            day = moment(created).astimezone(self._tz).date()
            # Never back, whatever a zone's clock does at midnight.
            end = max(self._start(day + timedelta(days=1)), created + 1)
            yield day, _tally(connection, endpoint, model, created, end)

    def _start(self, day: date) -> int:
        """When a day begins, as it is stored."""
        midnight = datetime.combine(day, time(), self._tz)
        return milliseconds(midnight if self._tz else midnight.astimezone())

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with in_plain_words(self._path):
            address = f"{self._path.absolute().as_uri()}?mode=ro"
            opened = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
            with closing(opened) as connection:
                connection.execute("BEGIN")  # all that is read is of one moment
                yield connection


def _models(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Endpoint and model of all replies: a step of the index for each, however many replies."""

    def first(what: str, condition: str, *values: str) -> str | None:
        (found,) = connection.execute(
            f"SELECT min({what}) {_REPLIES} AND {condition}", values
        ).fetchone()
        return None if found is None else str(found)

    found: list[tuple[str, str]] = []
    endpoint = first("endpoint", "endpoint >= ''")
    while endpoint is not None:
        model = first("model", "endpoint = ? AND model >= ''", endpoint)
        while model is not None:
            found.append((endpoint, model))
            model = first("model", "endpoint = ? AND model > ?", endpoint, model)
        endpoint = first("endpoint", "endpoint > ?", endpoint)
    return found


def _tally(
    connection: sqlite3.Connection, endpoint: str, model: str, start: int, end: int
) -> Tally:
    """What replies of that time took; the columns are in the order of the tally's fields."""
    row = connection.execute(
        f"""
        SELECT
            count(tokens_input), count(nullif(tokens_exact, 1)),
            count(*) - count(tokens_input),
            coalesce(sum(tokens_input), 0), coalesce(sum(tokens_cached), 0),
            coalesce(sum(tokens_output), 0), coalesce(sum(tokens_reasoning), 0),
            count(cost_usd), count(CASE WHEN tokens_exact = 0 THEN cost_usd END),
            count(CASE WHEN cost_usd IS NULL THEN tokens_input END), total(cost_usd)
        {_ONCE}
        """,
        (endpoint, model, start, end),
    ).fetchone()
    return Tally(*row)


def _pace(connection: sqlite3.Connection, endpoint: str, model: str, start: int) -> Pace:
    def counts(value: str, condition: str) -> list[tuple[float, int]]:
        return connection.execute(
            f"""
            SELECT {value} AS value, count(*) {_ONCE} WHERE {condition}
            GROUP BY value ORDER BY value
            """,
            (endpoint, model, start, _NEVER),
        ).fetchall()

    # A reply that came in one piece has no first token to speak of.
    first = counts("first_token_ms", "first_token_ms < coalesce(total_ms, first_token_ms + 1)")
    speed = counts(f"round({_SPEED}, 1)", "total_ms - first_token_ms >= 100 AND tokens_output >= 2")
    return Pace(spread(first), spread(speed))
