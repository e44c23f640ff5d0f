"""The body of a request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.conversation import Parameters
from tui.core.message import Attachment, Role
from tui.core.settings import OPENAI_URL, Endpoint
from tui.provider.base import PromptMessage, Request
from tui.provider.wire import (
    Dialect,
    Rejection,
    adapted,
    body,
    with_attachments,
    without_system,
)

OTHER = Endpoint("other", "http://127.0.0.1:1/v1")
OPENAI = Endpoint("openai", OPENAI_URL)
HELLO = (PromptMessage(Role.USER, "Hello"),)


def asked(endpoint: Endpoint = OTHER, parameters: Parameters | None = None) -> Request:
    return Request(endpoint, "m", HELLO, parameters or Parameters())


def attached(text: str | None, name: str = "notes.md") -> PromptMessage:
    file = Attachment(name, "text/plain", 1, text)
    return PromptMessage(Role.USER, "What is this?", (file,))


def test_only_what_is_set_is_sent() -> None:
    assert body(asked(), Dialect()) == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hello"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_zero_is_a_value() -> None:
    assert body(asked(parameters=Parameters(temperature=0.0)), Dialect())["temperature"] == 0.0


@pytest.mark.parametrize(
    ("endpoint", "name"), [(OPENAI, "max_completion_tokens"), (OTHER, "max_tokens")]
)
def test_the_longest_reply_goes_by_the_name_the_endpoint_knows(
    endpoint: Endpoint, name: str
) -> None:
    sent = body(asked(endpoint, Parameters(max_tokens=5)), Dialect())
    assert sent[name] == 5
    assert len({"max_tokens", "max_completion_tokens"} & sent.keys()) == 1


def test_without_a_stream_there_are_no_stream_options() -> None:
    sent = body(asked(parameters=Parameters(stream=False)), Dialect())
    assert sent["stream"] is False
    assert "stream_options" not in sent


def test_an_attached_text_stands_in_a_fence_with_its_name() -> None:
    text = with_attachments(attached("a\nb"))
    assert text == "``` notes.md\na\nb\n```\n\nWhat is this?"


def test_an_attachment_that_is_no_text_is_not_sent() -> None:
    assert with_attachments(attached(None)) == "What is this?"


def test_a_fence_inside_an_attachment_does_not_end_it() -> None:
    text = with_attachments(attached("```\ncode\n```\n````x\n"))
    assert text.startswith("````` notes.md\n")
    assert "\n`````\n\nWhat" in text


def test_a_name_cannot_break_out_of_its_line() -> None:
    assert with_attachments(attached("x", "a`b\nc")).startswith("``` a'b c\nx\n")


SYSTEM = PromptMessage(Role.SYSTEM, "Be brief.")


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ((SYSTEM, *HELLO), (PromptMessage(Role.USER, "Be brief.\n\nHello"),)),
        ((SYSTEM,), (PromptMessage(Role.USER, "Be brief."),)),
        (HELLO, HELLO),
    ],
)
def test_a_system_prompt_can_be_said_by_the_user(
    messages: tuple[PromptMessage, ...], expected: tuple[PromptMessage, ...]
) -> None:
    assert without_system(messages) == expected


REJECTIONS = st.builds(
    Rejection,
    st.sampled_from(
        ["temperature", "max_tokens", "max_completion_tokens", "stream", "stream_options", "system"]
    ),
    st.booleans(),
)
PARAMETERS = st.builds(
    Parameters,
    st.none() | st.floats(0, 2),
    st.none() | st.integers(1, 1000),
    st.none() | st.booleans(),
)


@given(PARAMETERS, st.booleans(), st.lists(REJECTIONS, max_size=30))
def test_adapting_changes_what_is_sent_and_comes_to_an_end(
    parameters: Parameters, system: bool, rejections: list[Rejection]
) -> None:
    request = asked(parameters=parameters)
    if system:
        request = replace(request, messages=(SYSTEM, *HELLO))
    dialect, changes = Dialect(), 0
    for rejection in rejections:
        changed = adapted(request, dialect, rejection)
        if changed is not None:
            assert body(request, changed) != body(request, dialect)
            dialect, changes = changed, changes + 1
    assert changes <= 6  # each parameter once, and the name of one
