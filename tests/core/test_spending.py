"""What replies took, added up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.spending import (
    DayOfModel,
    Pace,
    Spread,
    Tally,
    by_day,
    by_endpoint,
    by_model,
    spread,
    total,
    within,
)

MONDAY = date(2026, 3, 2)
TUESDAY = MONDAY + timedelta(days=1)
CHEAP = Tally(replies=2, input=10, output=5, priced=2, known_cost=0.25)
DEAR = Tally(replies=1, input=1, output=1, priced=1, known_cost=4.0)
UNPRICED = Tally(replies=3, estimated=3, uncounted=1, input=900, output=90, cost_unknown=3)
DAYS = [
    DayOfModel(TUESDAY, "openai", "mini", CHEAP),
    DayOfModel(MONDAY, "openai", "mini", CHEAP),
    DayOfModel(MONDAY, "openai", "large", DEAR),
    DayOfModel(MONDAY, "ollama", "llama", UNPRICED),
]


def test_sums_by_day_model_and_endpoint() -> None:
    assert by_day(DAYS) == {MONDAY: CHEAP + DEAR + UNPRICED, TUESDAY: CHEAP}
    assert list(by_day(DAYS)) == [MONDAY, TUESDAY]
    assert by_endpoint(DAYS) == {"openai": CHEAP + CHEAP + DEAR, "ollama": UNPRICED}
    pace = Pace(Spread(3, 400, 900))
    models = by_model(DAYS, {("openai", "large"): pace})
    assert [(one.model, one.pace) for one in models] == [
        ("large", pace),
        ("mini", Pace()),
        ("llama", Pace()),
    ]
    assert total(one.tally for one in within(DAYS, TUESDAY, TUESDAY)) == CHEAP
    assert within(DAYS, None, MONDAY) == DAYS[1:]


def test_what_is_unknown_is_not_nothing() -> None:
    assert Tally().cost_usd is None
    assert UNPRICED.cost_usd is None
    both = UNPRICED + CHEAP
    assert (both.cost_usd, both.cost_unknown, both.replies) == (0.25, 3, 5)
    assert Tally(replies=1, priced=1).cost_usd == 0.0, "what is free is known to be"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], None),
        ([7], Spread(1, 7, 7)),
        ([1, 2], Spread(2, 1, 2)),
        (list(range(1, 11)), Spread(10, 5, 9)),
        ([5] * 9 + [100], Spread(10, 5, 5)),
    ],
)
def test_median_and_ninetieth_percentile(values: list[float], expected: Spread | None) -> None:
    assert spread([(value, values.count(value)) for value in sorted(set(values))]) == expected


@given(st.lists(st.integers(0, 50), min_size=1))
def test_so_many_lie_at_or_below(values: list[int]) -> None:
    found = spread([(value, values.count(value)) for value in sorted(set(values))])
    assert found is not None
    for value, share in ((found.median, 0.5), (found.p90, 0.9)):
        assert sum(one <= value for one in values) >= share * len(values)
        assert sum(one < value for one in values) < share * len(values)
