"""Prices: the config's, else those of the very service, else none."""

from __future__ import annotations

import socket

import pytest

from tui.core.settings import OPENAI_URL, Endpoint
from tui.core.usage import ModelFacts, Usage
from tui.provider.base import Prices
from tui.provider.prices import KnownPrices

PRICES: Prices = KnownPrices()
OPENAI = Endpoint("openai", OPENAI_URL)
MILLION = Usage(input=1_000_000, output=1_000_000)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("looked for a newer list")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_openais_models_are_known() -> None:
    facts = PRICES.facts(OPENAI, "gpt-4o")
    assert facts.context_window == 128_000
    assert facts.input_price
    assert facts.output_price
    cost = PRICES.cost(OPENAI, "gpt-4o", MILLION)
    assert cost == pytest.approx(facts.input_price + facts.output_price)


def test_a_dated_name_is_the_same_model() -> None:
    assert PRICES.facts(OPENAI, "gpt-4o-2024-08-06") == PRICES.facts(OPENAI, "gpt-4o")


def test_cached_input_costs_less() -> None:
    cached = Usage(1_000_000, 0, cached_input=1_000_000)
    cost = PRICES.cost(OPENAI, "gpt-4o", cached)
    assert cost == pytest.approx(PRICES.facts(OPENAI, "gpt-4o").cached_input_price)


def test_more_cached_than_there_is_costs_as_all_of_it() -> None:
    cost = PRICES.cost(OPENAI, "gpt-4o", Usage(1_000_000, 0, cached_input=2_000_000))
    assert cost == PRICES.cost(OPENAI, "gpt-4o", Usage(1_000_000, 0, cached_input=1_000_000))


def test_a_model_that_is_not_billed_by_token_has_no_price() -> None:
    assert PRICES.cost(OPENAI, "whisper-1", MILLION) is None


def test_a_name_as_gemini_lists_it() -> None:
    google = Endpoint("g", "https://generativelanguage.googleapis.com/v1beta/openai")
    listed = PRICES.cost(google, "models/gemini-2.5-pro", MILLION)
    assert listed == PRICES.cost(google, "gemini-2.5-pro", MILLION)
    assert listed


def test_other_services_are_known_by_their_address() -> None:
    router = Endpoint("or", "https://openrouter.ai/api/v1")
    assert PRICES.facts(router, "openai/gpt-4o").input_price
    groq = Endpoint("anything", "https://api.groq.com/openai/v1")
    assert PRICES.cost(groq, "llama-3.1-8b-instant", MILLION)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:11434/v1",
        "https://llm.example.org/v1",
        "https://api.openai.com.example.org/v1",
        "https://api.openai.community/v1",
    ],
)
def test_an_unknown_server_is_not_taken_for_openai(url: str) -> None:
    other = Endpoint("openai", url)
    assert PRICES.facts(other, "gpt-4o") == ModelFacts()
    assert PRICES.cost(other, "gpt-4o", MILLION) is None


def test_an_unknown_model_has_no_price() -> None:
    assert PRICES.facts(OPENAI, "no-such-model") == ModelFacts()
    assert PRICES.cost(OPENAI, "no-such-model", MILLION) is None


def test_the_config_wins_and_its_gaps_are_filled() -> None:
    facts = {"gpt-4o": ModelFacts(context_window=8000, input_price=1.0)}
    endpoint = Endpoint("openai", OPENAI_URL, facts=facts)
    known = PRICES.facts(OPENAI, "gpt-4o")
    merged = PRICES.facts(endpoint, "gpt-4o")
    assert (merged.context_window, merged.input_price) == (8000, 1.0)
    assert merged.output_price == known.output_price
    assert known.output_price
    assert PRICES.cost(endpoint, "gpt-4o", MILLION) == pytest.approx(1.0 + known.output_price)


def test_the_config_prices_an_unknown_server() -> None:
    facts = {"*": ModelFacts(input_price=1.0, output_price=2.0)}
    endpoint = Endpoint("box", "http://localhost:1/v1", facts=facts)
    assert PRICES.cost(endpoint, "any", MILLION) == pytest.approx(3.0)


@pytest.mark.parametrize("name", ["local", "demo"])
def test_what_runs_on_this_machine_costs_nothing(name: str) -> None:
    facts = {"*": ModelFacts(context_window=4096)}
    endpoint = Endpoint(name, "http://127.0.0.1:1/v1", facts=facts)
    assert PRICES.cost(endpoint, "any", MILLION) == 0.0
    assert PRICES.facts(endpoint, "any").context_window == 4096
