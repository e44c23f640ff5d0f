"""A parameter that a model refuses is left out, told, and not tried again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from tests.provider.asking import Asker
from tests.server import Server
from tests.waiting import until
from tests.wire import Received, Reply, failure, page, says
from tui.core.conversation import Parameters
from tui.core.errors import ErrorKind
from tui.core.message import Role
from tui.provider.base import Notice, PromptMessage, Request, TextDelta

WARM = Parameters(temperature=0.7, max_tokens=100)


def refuses(name: str, message: str = "", **fields: Any) -> Reply:
    """A refusal as OpenAI words it."""
    text = message or f"Unsupported parameter: '{name}' is not supported with this model."
    return failure(400, text, param=name, code="unsupported_parameter", **fields)


async def told(ask: Asker, request: Request) -> list[str]:
    """The notices of a reply that ended well."""
    events = await ask.events(request)
    assert any(isinstance(event, TextDelta) for event in events)
    return [event.text for event in events if isinstance(event, Notice)]


def sent(server: Server) -> Received:
    return server.requests[-1]


async def test_a_refused_temperature_is_left_out_with_a_notice(server: Server, ask: Asker) -> None:
    server.script(
        failure(
            400,
            "Unsupported value: 'temperature' does not support 0.7 with this model. "
            "Only the default (1) value is supported.",
            param="temperature",
            code="unsupported_value",
        )
    )
    request = ask.request(model="o1-mini", parameters=WARM)
    notice = "temperature 0.7 is not accepted by o1-mini: sent without it"
    assert await told(ask, request) == [notice]
    assert "temperature" not in sent(server).body
    # The next request goes right at once, and its reply tells the same.
    assert await told(ask, request) == [notice]
    assert len(server.requests) == 3


async def test_another_value_is_tried(server: Server, ask: Asker) -> None:
    server.script(refuses("temperature"))
    await told(ask, ask.request(parameters=WARM))
    assert await told(ask, ask.request(parameters=Parameters(temperature=1.0))) == []
    assert sent(server).body["temperature"] == 1.0


async def test_what_one_model_refuses_another_may_take(server: Server, ask: Asker) -> None:
    server.script(refuses("temperature"))
    await told(ask, ask.request(parameters=WARM))
    await told(ask, ask.request(model="other", parameters=WARM))
    assert sent(server).body["temperature"] == 0.7


async def test_max_tokens_goes_by_its_other_name_without_a_notice(
    server: Server, ask: Asker
) -> None:
    server.script(refuses("max_tokens", "Use 'max_completion_tokens' instead: not supported."))
    assert await told(ask, ask.request(parameters=WARM)) == []
    assert sent(server).body["max_completion_tokens"] == 100
    assert "max_tokens" not in sent(server).body


async def test_max_tokens_under_neither_name_is_left_out(server: Server, ask: Asker) -> None:
    server.script(refuses("max_tokens"), refuses("max_completion_tokens"))
    (notice,) = await told(ask, ask.request(parameters=WARM))
    assert notice == "max_tokens 100 is not accepted by gpt-4o: sent without it"
    assert not {"max_tokens", "max_completion_tokens"} & sent(server).body.keys()


async def test_too_large_a_max_tokens_is_left_out_under_its_own_name(
    server: Server, ask: Asker
) -> None:
    large = Parameters(max_tokens=100_000)
    message = "max_tokens is too large: 100000. This model supports at most 16384."
    server.script(failure(400, message, param="max_tokens", code="invalid_value"))
    (notice,) = await told(ask, ask.request(parameters=large))
    assert "max_tokens 100000" in notice
    assert await told(ask, ask.request(parameters=WARM)) == []
    assert sent(server).body["max_tokens"] == 100


async def test_what_a_long_chat_has_no_room_for_a_shorter_one_asks_for_again(
    server: Server, ask: Asker
) -> None:
    """As vLLM words it: it is about this chat, not about the model."""
    message = (
        "'max_tokens' or 'max_completion_tokens' is too large: 100. This model's maximum context "
        "length is 4096 tokens and your request has 4000 input tokens (100 > 4096 - 4000)."
    )
    server.script(failure(400, message), refuses("temperature"))
    assert await told(ask, ask.request(parameters=WARM)) == [
        "temperature 0.7 is not accepted by gpt-4o: sent without it",
        "max_tokens 100 is not accepted by gpt-4o: sent without it",
    ]
    assert not {"max_tokens", "max_completion_tokens", "temperature"} & sent(server).body.keys()
    await told(ask, ask.request(parameters=WARM))
    assert sent(server).body["max_tokens"] == 100
    assert "temperature" not in sent(server).body, "that is about the model"


async def test_a_chat_that_is_too_long_by_itself_is_an_error(server: Server, ask: Asker) -> None:
    message = "max_tokens is too large: this model's maximum context length is 4096 tokens."
    server.script(failure(400, message), failure(400, message))
    _, error = await ask.failure(ask.request(parameters=WARM))
    assert error.kind is ErrorKind.CONTEXT_LENGTH
    assert len(server.requests) == 2


async def test_stream_options_are_left_out_silently(server: Server, ask: Asker) -> None:
    server.script(failure(400, "Unrecognized request argument supplied: stream_options"))
    assert await told(ask, ask.request()) == []
    assert "stream_options" not in sent(server).body
    assert sent(server).body["stream"] is True


async def test_a_form_of_refusal_that_lists_each_field(server: Server, ask: Asker) -> None:
    detail = (
        '{"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"],'
        ' "msg": "Extra inputs are not permitted"}]}'
    )
    server.script(page(detail, "application/json", status=422))
    assert await told(ask, ask.request()) == []
    assert "stream_options" not in sent(server).body


async def test_a_model_that_does_not_stream(server: Server, ask: Asker) -> None:
    server.script(
        failure(
            400,
            "Unsupported value: 'stream' does not support true with this model.",
            param="stream",
            code="unsupported_value",
        ),
        says("Hello"),
    )
    (notice,) = await told(ask, ask.request(model="o1-pro"))
    assert notice == "o1-pro does not stream here: the reply comes in one piece"
    assert sent(server).body["stream"] is False


async def test_a_model_without_a_system_role(server: Server, ask: Asker) -> None:
    server.script(
        failure(
            400,
            "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
            param="messages[0].role",
            code="unsupported_value",
        )
    )
    request = ask.request(PromptMessage(Role.SYSTEM, "Be brief."), PromptMessage(Role.USER, "Hi"))
    assert await told(ask, request) == []
    assert sent(server).body["messages"] == [{"role": "user", "content": "Be brief.\n\nHi"}]


async def test_several_refusals_in_a_row(server: Server, ask: Asker) -> None:
    names = ("temperature", "max_tokens", "max_completion_tokens", "stream_options", "stream")
    server.script(*map(refuses, names))
    assert len(await told(ask, ask.request(parameters=WARM))) == 3
    assert set(sent(server).body) == {"model", "messages", "stream"}


async def test_two_requests_that_are_refused_at_once(server: Server, ask: Asker) -> None:
    gate = asyncio.Event()
    refusal = replace(refuses("temperature"), hold=gate)
    server.script(refusal, refusal)
    both = [asyncio.create_task(told(ask, ask.request(parameters=WARM))) for _ in range(2)]
    await until(lambda: len(server.requests) == 2)
    gate.set()
    assert [len(await notices) for notices in both] == [1, 1]


async def test_a_refusal_that_nothing_can_avoid_is_an_error(server: Server, ask: Asker) -> None:
    server.script(refuses("temperature"))
    _, error = await ask.failure(ask.request())  # none was sent
    assert error.kind is ErrorKind.PARAMETER
    assert "does not accept temperature as it is set" in error.text
    assert len(server.requests) == 1
