"""The models that an endpoint lists."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.provider.asking import KEY, Asker
from tests.server import Server
from tests.wire import Reply, failure, page
from tui.core.errors import ChatError, ErrorKind


async def test_chat_models_come_first_in_natural_order(server: Server, ask: Asker) -> None:
    server.models = ("whisper-1", "llama-70b", "gpt-4o", "Llama-8b", "gpt-4o")
    listed = await ask.provider.models(ask.endpoint)
    assert listed == ("gpt-4o", "Llama-8b", "llama-70b", "whisper-1")
    assert server.listings[0].headers["authorization"] == f"Bearer {KEY}"


async def test_models_of_the_config_are_taken_as_they_are(server: Server, ask: Asker) -> None:
    ask.environ.clear()
    endpoint = replace(ask.endpoint, models=("b", "a"))
    assert await ask.provider.models(endpoint) == ("b", "a")
    assert not server.listings


async def test_entries_without_an_id_are_passed_over(server: Server, ask: Asker) -> None:
    listing = {"data": [{"id": "a"}, {"id": None}, {"id": ""}, "b", {}, None]}
    server.models_reply = page(json.dumps(listing), "application/json")
    assert await ask.provider.models(ask.endpoint) == ("a",)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (failure(401, "No."), ErrorKind.WRONG_KEY),
        (failure(503, "Busy."), ErrorKind.SERVER),
        (page("<html>"), ErrorKind.BAD_RESPONSE),
        (page('{"data": null}', "application/json"), ErrorKind.BAD_RESPONSE),
        (page("[]", "application/json"), ErrorKind.BAD_RESPONSE),
    ],
)
async def test_failures(server: Server, ask: Asker, reply: Reply, kind: ErrorKind) -> None:
    server.models_reply = reply
    with pytest.raises(ChatError) as raised:
        await ask.provider.models(ask.endpoint)
    assert raised.value.kind is kind


async def test_an_endpoint_without_an_address_is_sent_nothing(ask: Asker) -> None:
    with pytest.raises(ChatError, match="Nothing is sent") as caught:
        await ask.provider.models(replace(ask.endpoint, base_url=""))
    assert caught.value.kind is ErrorKind.CONFIG
