"""What servers say when they refuse: real wordings, and the kinds they come to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.errors import ErrorKind
from tui.core.safe import shown
from tui.core.settings import OPENAI_URL, Endpoint
from tui.provider.keys import Key
from tui.provider.refusals import (
    LONGEST_QUOTE,
    Asked,
    Refusal,
    explained,
    quoted,
    rejection,
    retry_after,
    told,
)
from tui.provider.wire import Rejection

OPENAI = Asked(Endpoint("openai", OPENAI_URL, "OPENAI_API_KEY"), "gpt-4o")


def error(message: str, code: str | int | None = None, **more: str) -> dict[str, object]:
    return {"error": {"message": message, "code": code, **more}}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, error("Incorrect API key provided: sk-ab***yz."), ErrorKind.WRONG_KEY),
        (402, error("Insufficient Balance"), ErrorKind.QUOTA),
        (403, error("Country, region, or territory not supported"), ErrorKind.FORBIDDEN),
        (404, error("The model `x` does not exist", "model_not_found"), ErrorKind.UNKNOWN_MODEL),
        (404, error('model "x" not found, try pulling it first'), ErrorKind.UNKNOWN_MODEL),
        (400, error("x is not a valid model ID", 400), ErrorKind.UNKNOWN_MODEL),
        (404, {"detail": "Not Found"}, ErrorKind.CONFIG),
        (404, "<html>404</html>", ErrorKind.CONFIG),
        (408, "", ErrorKind.TIMEOUT),
        (413, "Request Entity Too Large", ErrorKind.CONTEXT_LENGTH),
        (429, error("Rate limit reached for gpt-4o"), ErrorKind.RATE_LIMIT),
        (429, error("You exceeded your current quota", "insufficient_quota"), ErrorKind.QUOTA),
        (429, error("x", None, type="insufficient_quota"), ErrorKind.QUOTA),
        (400, error("Too long", "context_length_exceeded"), ErrorKind.CONTEXT_LENGTH),
        (
            400,
            error("This model's maximum context length is 4096 tokens. However, your max_tokens"),
            ErrorKind.CONTEXT_LENGTH,
        ),
        (
            400,
            error("the request exceeds the available context size", type="exceed_context_size"),
            ErrorKind.CONTEXT_LENGTH,
        ),
        (400, error("bad", param="temperature"), ErrorKind.PARAMETER),
        (400, error("Invalid image"), ErrorKind.BAD_REQUEST),
        (418, None, ErrorKind.BAD_REQUEST),
        (500, error("The server had an error"), ErrorKind.SERVER),
        (503, error("Loading model"), ErrorKind.SERVER),
        (529, "overloaded", ErrorKind.SERVER),
        # Within a stream there is no status but what the error says.
        (0, error("Provider returned error", 502), ErrorKind.SERVER),
        (0, error("Slow down", 429), ErrorKind.RATE_LIMIT),
        (0, {"error": "overloaded"}, ErrorKind.SERVER),
        (0, [], ErrorKind.SERVER),
    ],
)
def test_kinds(status: int, body: object, kind: ErrorKind) -> None:
    assert explained(told(status, body), OPENAI).kind is kind


def test_the_words_say_what_happened_what_the_server_said_and_what_to_do() -> None:
    body = error("No such model.", "model_not_found")
    failure = explained(told(404, body, {"x-request-id": "req_1"}), OPENAI)
    assert failure.text == (
        "OpenAI has no model gpt-4o. It says: “No such model.” Pick another one."
    )
    assert failure.request_id == "req_1"


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        (Endpoint("a", "http://h/v1", "A_KEY"), "a refused the key in A_KEY."),
        (
            Endpoint("a", "http://h/v1", "A_KEY", "pass a"),
            "a refused the key that its api_key_command printed.",
        ),
        (Endpoint("a", "http://h/v1"), "a refused to answer without a key"),
    ],
)
def test_a_wrong_key_is_told_by_where_it_came_from(endpoint: Endpoint, said: str) -> None:
    assert explained(told(401, ""), Asked(endpoint)).text.startswith(said)


def test_a_secret_in_an_address_is_not_shown() -> None:
    asked = Asked(Endpoint("a", "http://me:secret@host:1/v1"))
    text = explained(told(404, ""), asked).text
    assert "host:1/v1" in text
    assert "secret" not in text


@pytest.mark.parametrize("status", [0, 301, 401, 404, 429, 500])
def test_an_address_that_is_none_is_no_reason_to_fail(status: int) -> None:
    asked = Asked(Endpoint("a", "http://[::1:8080/v1"))
    assert explained(told(status, "", {"location": "http://[::1"}), asked).text


@given(st.text() | st.just("\x1b]0;x\x07 {name} %s" * 100), st.text(min_size=4))
def test_a_servers_words_are_short_and_safe(message: str, key: str) -> None:
    quote = quoted(message, Key(key))
    assert quote == shown(quote)
    assert "\n" not in quote
    assert len(quote) <= LONGEST_QUOTE + len("It says: “”.")
    assert not message.strip() or explained(told(500, message), OPENAI).text


# --- waiting --------------------------------------------------------------------------------

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "20"}, 20.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "20", "retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "x", "retry-after": "2"}, 2.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 -0000"}, 30.0),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0.0),
    ],
)
def test_how_long_a_server_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


# --- parameters -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "message", "expected"),
    [
        (
            400,
            "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            "max_completion_tokens",
        ),
        (400, "Unrecognized request argument supplied: stream_options", "stream_options"),
        (400, "temperature must be less than 2", "temperature"),
        (400, "`temperature` is deprecated for this model.", "temperature"),
        (400, "Streaming is not supported for this model.", "stream"),
        (400, "Unsupported value: 'stream' does not support true", "stream"),
        (400, "Developer instruction is not enabled for models/gemma-3-1b-it", "system"),
        (400, "System role not supported", "system"),
        (500, "Conversation roles must alternate user/assistant/user/assistant/...", "system"),
        (500, "temperature must be less than 2", ""),
        (400, "The upstream connection was refused", ""),
        (400, "The temperature in this image", ""),
        (401, "temperature is not supported", ""),
    ],
)
def test_which_parameter_a_server_refuses(status: int, message: str, expected: str) -> None:
    found = rejection(told(status, error(message)))
    assert (found.parameter if found else "") == expected


def test_a_refused_value_is_not_an_unknown_name() -> None:
    large = Refusal(400, "max_tokens is too large: this model supports at most 16384", param="")
    assert rejection(large) == Rejection("max_tokens", unknown=False)
    unknown = Refusal(400, "x", frozenset({"unsupported_parameter"}), "max_tokens")
    assert rejection(unknown) == Rejection("max_tokens", unknown=True)
