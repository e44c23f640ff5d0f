"""Numbers, honestly: exact where the endpoint counts, `~` where we estimate, else absent."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from tests.server import Server
from tests.ui.app.chatting import FACTS, chinwag
from tests.wire import DONE, Reply, failure, finish, says, text
from tui.core.settings import DEMO, LOCAL, Endpoint
from tui.core.usage import ModelFacts, Usage
from tui.provider.prices import KnownPrices


class NoPrices:
    """Nothing is known of any model."""

    def facts(self, endpoint: Endpoint, model: str) -> ModelFacts:
        return ModelFacts()

    def cost(self, endpoint: Endpoint, model: str, usage: Usage) -> float | None:
        return None


def numbers(seen: str) -> str:
    """The line of numbers under the newest reply."""
    return next(
        line.strip() for line in reversed(seen.split("\n")) if re.search(r"gpt-4o · [\d~]", line)
    )


async def test_the_endpoint_s_numbers_are_exact(tmp_path: Path, server: Server) -> None:
    server.script(says("fine", usage=(1200, 350)))
    async with chinwag(tmp_path, server) as chat:
        reply = await chat.ask("hi")
        assert reply.usage == Usage(1200, 350)
        assert reply.cost_usd == FACTS.cost(Usage(1200, 350))
        await chat.shows("1.2k in, 350 out")
        assert re.fullmatch(
            r".*gpt-4o · [\d.]+ s( to first token)?( · [\d.]+ tok/s)?"
            r" · 1\.2k in, 350 out · \$0\.0019",
            numbers(chat.seen),
        )


async def test_time_to_the_first_token_is_told_apart_from_the_rate(
    tmp_path: Path, server: Server
) -> None:
    more = asyncio.Event()
    server.script(Reply([text("begun "), more, text("and done"), finish(), DONE]))
    async with chinwag(tmp_path, server) as chat:
        await chat.send("hi")
        await chat.shows("begun")
        more.set()
        await chat.until(lambda: not chat.sessions.turns)
        await chat.shows("s to first token")
        reply = chat.replies[-1]
        assert reply.first_token_ms is not None
        assert reply.total_ms is not None
        assert reply.first_token_ms < reply.total_ms


async def test_what_is_estimated_says_so(tmp_path: Path, server: Server) -> None:
    server.script(Reply([text("four letters each"), finish(), DONE]))
    async with chinwag(tmp_path, server) as chat:
        reply = await chat.ask("hi")
        assert reply.usage is not None
        assert not reply.usage.exact
        await chat.shows("~5 in, ~5 out", "~<$0.0001")
        await chat.shows("~10 of 1k (1%)")  # and so does the status line


async def test_what_is_unknown_is_absent(tmp_path: Path, server: Server) -> None:
    server.script(says("fine", usage=(1200, 350)))
    async with chinwag(tmp_path, server, prices=NoPrices()) as chat:
        reply = await chat.ask("hi")
        assert reply.cost_usd is None
        await chat.shows("1.2k in, 350 out", "1.6k tokens")
        assert "$" not in chat.seen
        assert "free" not in chat.seen


async def test_the_status_line_tells_context_and_cost_of_the_chat(
    tmp_path: Path, server: Server
) -> None:
    server.script(says("one", usage=(100, 50)), says("two", usage=(200, 100)))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.shows("150 of 1k (15%) · $0.0002")
        await chat.ask("hi")
        await chat.shows("300 of 1k (30%) · $0.0006")


async def test_the_cost_of_a_chat_counts_all_its_branches(tmp_path: Path, server: Server) -> None:
    server.script(says("one", usage=(100, 50)), says("two", usage=(100, 50)))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.press("ctrl+r")
        await chat.shows("2/2")
        await chat.shows("150 of 1k (15%) · $0.0004")


async def test_a_local_model_and_the_tour_cost_nothing(tmp_path: Path, server: Server) -> None:
    extra = (
        Endpoint(LOCAL, server.base_url, models=("SmolLM2",)),
        Endpoint(DEMO, server.base_url, models=("guide",)),
    )
    for model in ("local/SmolLM2", "demo/guide"):
        home = tmp_path / model.replace("/", "-")
        async with chinwag(home, server, extra=extra, model=model, prices=KnownPrices()) as chat:
            reply = await chat.ask("hi")
            assert reply.cost_usd == 0
            await chat.shows("1 in, 1 out · free")


async def test_prices_and_windows_of_the_config_hold(tmp_path: Path, server: Server) -> None:
    config = f'''
model = "mine/my-model"
[[endpoints]]
name = "mine"
base_url = "{server.base_url}"
[endpoints.facts."my-model"]
context_window = 5000
input_price = 10
output_price = 20
'''
    server.script(says("fine", usage=(100, 50)))
    async with chinwag(tmp_path, config=config, prices=KnownPrices()) as chat:
        reply = await chat.ask("hi")
        assert reply.cost_usd == 0.002
        await chat.shows("150 of 5k (3%) · $0.0020")


async def test_a_reply_that_never_began_has_no_numbers(tmp_path: Path, server: Server) -> None:
    server.script(failure(400, "No."))
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        await chat.shows("did not accept the request")
        assert "gpt-4o ·" not in chat.seen


async def test_numbers_fit_on_one_line_of_a_narrow_screen(tmp_path: Path, server: Server) -> None:
    name = "gpt-4o-mini-2024-07-18-a-long-name"
    server.script(says("fine", usage=(1200, 350)))
    async with chinwag(tmp_path, server, size=(60, 16), model=name) as chat:
        await chat.ask("hi")
        await chat.shows("1.2k→350")
        await chat.pilot.resize_terminal(140, 40)
        await chat.shows("1.2k in, 350 out")
        await chat.pilot.resize_terminal(60, 16)
        await chat.shows("1.2k→350")
