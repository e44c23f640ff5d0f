"""Context windows and prices: the config's first, then those that `genai-prices` keeps.

A price is only ever that of the service which the endpoint's address belongs to: the same model
elsewhere costs something else, and an unknown server's price is unknown. The library's bundled
list is all that is used; it is never asked to fetch a newer one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tui.core.settings import DEMO, LOCAL, Endpoint
from tui.core.usage import ModelFacts, Usage

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, Provider, TieredPrices

_FREE = frozenset({LOCAL, DEMO})
_NO_COST = ModelFacts(input_price=0.0, output_price=0.0, cached_input_price=0.0)


class KnownPrices:
    """Implements `tui.provider.base.Prices`. The first look-up loads the library (0.3 to 0.9 s)."""

    def facts(self, endpoint: Endpoint, model: str) -> ModelFacts:
        """Context window and prices of `model`; None in each place where nothing is known."""
        configured = endpoint.facts_of(model)
        if endpoint.name in _FREE:
            return configured.over(_NO_COST)
        known = _find(endpoint, model)
        if known is None:
            return configured
        _, info = known
        prices = info.get_prices(datetime.now(UTC))
        return configured.over(
            ModelFacts(
                context_window=info.context_window,
                input_price=_base(getattr(prices, "input_mtok", None)),
                output_price=_base(getattr(prices, "output_mtok", None)),
                cached_input_price=_base(getattr(prices, "cache_read_mtok", None)),
            )
        )

    def cost(self, endpoint: Endpoint, model: str, usage: Usage) -> float | None:
        """US dollars for `usage`; None where the price is unknown, 0.0 for a local model."""
        configured = endpoint.facts_of(model)
        if endpoint.name in _FREE:
            return configured.over(_NO_COST).cost(usage)
        if configured.input_price is not None or configured.output_price is not None:
            return self.facts(endpoint, model).cost(usage)
        known = _find(endpoint, model)
        facts = self.facts(endpoint, model)
        if known is None or facts.input_price is None or facts.output_price is None:
            return None
        # The library knows what a flat price per token does not: tiers, cheaper hours, old prices.
        from genai_prices import Usage as Tokens

        provider, info = known
        tokens = Tokens(
            input_tokens=usage.input,
            # Some servers count more as cached than they count at all, which the library refuses.
            cache_read_tokens=min(usage.cached_input, usage.input),
            output_tokens=usage.output,
        )
        return float(info.calc_price(tokens, provider).total_price)


def _find(endpoint: Endpoint, model: str) -> tuple[Provider, ModelInfo] | None:
    from genai_prices.data_snapshot import get_snapshot

    snapshot = get_snapshot()
    try:
        provider = snapshot.find_provider(None, None, endpoint.base_url)
        # The library's patterns have no end: https://api.openai.com.example must not pass.
        if not re.match(rf"(?:{provider.api_pattern})(?![\w.-])", endpoint.base_url):
            return None
        # Gemini lists its models with a folder in front, and takes them without.
        return snapshot.find_provider_model(model.removeprefix("models/"), provider, None, None)
    except LookupError:
        return None


def _base(price: Decimal | TieredPrices | None) -> float | None:
    """Dollars per million tokens, before any tier."""
    if price is None:
        return None
    return float(price if isinstance(price, Decimal) else price.base)
