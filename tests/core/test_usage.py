"""Tokens and money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.usage import ModelFacts, Usage, estimate_tokens


def test_a_cost_counts_cached_input_at_its_own_price() -> None:
    facts = ModelFacts(input_price=2.0, output_price=8.0, cached_input_price=0.5)
    usage = Usage(input=1_000_000, output=500_000, cached_input=400_000)
    assert facts.cost(usage) == pytest.approx(0.6 * 2 + 0.4 * 0.5 + 0.5 * 8)


def test_cached_input_costs_as_other_input_where_no_price_is_known() -> None:
    facts = ModelFacts(input_price=2.0, output_price=8.0)
    assert facts.cost(Usage(input=1_000_000, output=0, cached_input=400_000)) == pytest.approx(2.0)


@pytest.mark.parametrize("facts", [ModelFacts(), ModelFacts(input_price=1), ModelFacts(8192)])
def test_no_cost_without_both_prices(facts: ModelFacts) -> None:
    assert facts.cost(Usage(10, 10)) is None


def test_a_model_that_is_free_costs_nothing() -> None:
    assert ModelFacts(input_price=0.0, output_price=0.0).cost(Usage(10, 10)) == 0.0


def test_more_cached_than_sent_never_pays_back() -> None:
    facts = ModelFacts(input_price=1.0, output_price=1.0, cached_input_price=0.0)
    assert facts.cost(Usage(input=1, output=0, cached_input=100)) == 0.0


def test_facts_of_the_user_stand_before_others() -> None:
    assert ModelFacts(input_price=0.0).over(ModelFacts(8192, 1.0, 2.0, 0.5)) == ModelFacts(
        8192, 0.0, 2.0, 0.5
    )


def test_a_turn_fills_the_window_with_both_sides() -> None:
    assert Usage(10, 20, cached_input=5, reasoning=7).total == 30


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("a", 1),
        ("word", 1),
        ("words", 2),
        ("潮汐", 2),
        ("潮a", 2),
        ("’tis a word", 3),
        ("\U0001f319\U0001f319", 2),
        ("\u2fff", 1),
        ("\ud83c", 1),
    ],
)
def test_an_estimate(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens


@given(st.text())
def test_an_estimate_takes_a_dense_character_for_a_token_and_four_others(text: str) -> None:
    dense = sum(character >= "\u2e00" for character in text)
    assert estimate_tokens(text) == dense + -(-(len(text) - dense) // 4)


@given(st.text(), st.text())
def test_an_estimate_grows_with_the_text(one: str, other: str) -> None:
    assert 0 <= estimate_tokens(one) <= estimate_tokens(one + other) <= len(one + other)
