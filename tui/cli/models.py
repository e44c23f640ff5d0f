"""`chinwag models`: what every endpoint offers."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass
from typing import NoReturn

from rich.cells import cell_len

from tui.cli.compose import compose
from tui.cli.output import add_json_option, complain, leave, print_json
from tui.cli.surroundings import Surroundings, checked_surroundings
from tui.core.json_values import JsonObject
from tui.core.models import ModelRef, is_chat_model, written
from tui.core.safe import shown_line
from tui.core.usage import ModelFacts
from tui.session.catalog import Catalog
from tui.ui.format import price, tokens


@dataclass(frozen=True, slots=True)
class Listed:
    """A model that an endpoint lists; `name` is what `-m` takes."""

    name: str
    ref: ModelRef
    facts: ModelFacts

    @property
    def value(self) -> JsonObject:
        """As JSON: prices in US dollars per million tokens, null where unknown."""
        return {
            "name": self.name,
            "model": self.ref.model,
            "endpoint": self.ref.endpoint,
            "chat": is_chat_model(self.ref.model),
            "context_window": self.facts.context_window,
            "input_price": self.facts.input_price,
            "output_price": self.facts.output_price,
        }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.epilog = (
        "Columns: name, context window, US dollars per million tokens in and out, where known.\n"
        "Exit status 1 when an endpoint could not be asked."
    )
    parser.add_argument(
        "--all", action="store_true", help="also models for images, speech and embeddings"
    )
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> NoReturn:
    """Ask all endpoints, print what they list; ends with 1 when one did not answer."""
    place = checked_surroundings()
    listed, failures = asyncio.run(_ask(place))
    if arguments.json:
        print_json([model.value for model in listed])
    else:
        _print([model for model in listed if arguments.all or is_chat_model(model.ref.model)])
    for name, why in failures.items():
        complain(f"{name}: {why}")
    leave(1 if failures else 0)


async def _ask(place: Surroundings) -> tuple[list[Listed], dict[str, str]]:
    parts = compose(place)
    endpoints = parts.sessions.endpoints
    catalog = Catalog(parts.provider, parts.prices, endpoints)
    try:
        await catalog.refresh()
        refs = [
            ModelRef(endpoint.name, model)
            for endpoint in endpoints
            for model in catalog.listed.get(endpoint.name, ())
        ]
        await catalog.learn(refs)
    finally:
        await parts.close()
    listed = [
        Listed(written(ref, endpoints), ref, catalog.facts.get(ref, ModelFacts())) for ref in refs
    ]
    return listed, catalog.failures


def _print(listed: list[Listed]) -> None:
    names = [shown_line(model.name) for model in listed]
    width = max(map(cell_len, names), default=0)
    for name, model in zip(names, listed, strict=True):
        facts = model.facts
        window = tokens(facts.context_window) if facts.context_window else ""
        columns = f"{window:>6}  {price(facts.input_price):>8}  {price(facts.output_price):>8}"
        print(f"{name}{' ' * (width - cell_len(name))}  {columns}".rstrip())
