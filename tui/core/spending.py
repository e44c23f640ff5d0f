"""What replies took, added up: by day, by model, by endpoint.

What is unknown is never counted as nothing: a sum says of how many replies it knows neither tokens
nor cost, and how many of its tokens were estimated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

KeyT = TypeVar("KeyT")


@dataclass(frozen=True, slots=True)
class Tally:
    """What a number of replies took.

    Attributes:
        replies: those whose tokens are known, counted or estimated.
        estimated: those of `replies` whose tokens were estimated.
        uncounted: replies besides, of which no tokens are known: they ended before the first one,
            or were imported from where none are recorded.
        input: tokens of the prompts, cached ones included.
        cached_input: those of `input` that the endpoint had cached.
        output: tokens of the replies, reasoning included.
        reasoning: those of `output` that were reasoning.
        priced: replies whose cost is known.
        cost_estimated: those of `priced` whose tokens were estimated.
        cost_unknown: those of `replies` whose cost is not known.
        known_cost: US dollars that the `priced` ones have cost.
    """

    replies: int = 0
    estimated: int = 0
    uncounted: int = 0
    input: int = 0
    cached_input: int = 0
    output: int = 0
    reasoning: int = 0
    priced: int = 0
    cost_estimated: int = 0
    cost_unknown: int = 0
    known_cost: float = 0.0

    @property
    def cost_usd(self) -> float | None:
        """US dollars, of those replies whose cost is known; None where it is of none."""
        return self.known_cost if self.priced else None

    @property
    def tokens(self) -> int:
        """Tokens in and out."""
        return self.input + self.output

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.replies + other.replies,
            self.estimated + other.estimated,
            self.uncounted + other.uncounted,
            self.input + other.input,
            self.cached_input + other.cached_input,
            self.output + other.output,
            self.reasoning + other.reasoning,
            self.priced + other.priced,
            self.cost_estimated + other.cost_estimated,
            self.cost_unknown + other.cost_unknown,
            self.known_cost + other.known_cost,
        )


@dataclass(frozen=True, slots=True)
class DayOfModel:
    """What one model of one endpoint took on one day, the user's own."""

    day: date
    endpoint: str
    model: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Spread:
    """How measured values lie.

    Attributes:
        count: how many were measured.
        median: half of them are at most this.
        p90: nine tenths of them are at most this.
    """

    count: int
    median: float
    p90: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How quick a model was; None where nothing was measured.

    Attributes:
        first_token_ms: milliseconds from sending to the first token.
        tokens_per_second: output tokens a second from the first token to the end.
    """

    first_token_ms: Spread | None = None
    tokens_per_second: Spread | None = None


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """A model of an endpoint, within a period."""

    endpoint: str
    model: str
    tally: Tally
    pace: Pace = Pace()


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    return sum(tallies, Tally())


def within(days: Iterable[DayOfModel], since: date | None, until: date) -> list[DayOfModel]:
    """Those from `since` (None: the first) to `until`, both included."""
    return [one for one in days if (since is None or since <= one.day) and one.day <= until]


def by_day(days: Iterable[DayOfModel]) -> dict[date, Tally]:
    """Each day that has something, oldest first."""
    return dict(sorted(_gathered(days, lambda one: one.day).items()))


def by_endpoint(days: Iterable[DayOfModel]) -> dict[str, Tally]:
    """Each endpoint, the dearest first."""
    return _dearest_first(_gathered(days, lambda one: one.endpoint))


def by_model(
    days: Iterable[DayOfModel], paces: Mapping[tuple[str, str], Pace] | None = None
) -> list[ModelUsage]:
    """Each model, the dearest first; `paces` by endpoint and model."""
    gathered = _dearest_first(_gathered(days, lambda one: (one.endpoint, one.model)))
    known = paces or {}
    return [
        ModelUsage(endpoint, model, tally, known.get((endpoint, model), Pace()))
        for (endpoint, model), tally in gathered.items()
    ]


def _gathered(days: Iterable[DayOfModel], key: Callable[[DayOfModel], KeyT]) -> dict[KeyT, Tally]:
    tallies: dict[KeyT, Tally] = {}
    for one in days:
        tallies[key(one)] = tallies.get(key(one), Tally()) + one.tally
    return tallies


def _dearest_first(tallies: Mapping[KeyT, Tally]) -> dict[KeyT, Tally]:
    def rank(item: tuple[KeyT, Tally]) -> tuple[float, int, int]:
        tally = item[1]
        return (-tally.known_cost, -tally.tokens, -tally.replies)

    return dict(sorted(tallies.items(), key=rank))


def spread(counts: Sequence[tuple[float, int]]) -> Spread | None:
    """Median and 90th percentile by nearest rank, None of nothing.

    Args:
        counts: each value that occurs with how often, in ascending order.
    """
    count = sum(times for _, times in counts)
    if not count:
        return None
    return Spread(count, _ranked(counts, -(-count // 2)), _ranked(counts, -(-count * 9 // 10)))


def _ranked(counts: Sequence[tuple[float, int]], rank: int) -> float:
    """The value of that rank, 1 being the lowest."""
    passed = 0
    for value, times in counts:
        passed += times
        if passed >= rank:
            return value
    raise ValueError("there are not so many values")
