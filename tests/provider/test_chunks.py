"""Chunks as servers really send them: fields left out, null, doubled, or of another type."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.usage import Usage
from tui.provider.base import Event, ReasoningDelta, TextDelta, UsageReport
from tui.provider.chunks import ReplyReader


def delta(reason: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": reason}]}


def read(*payloads: dict[str, Any], done: bool = False) -> tuple[list[Event], str | None]:
    """The events of all payloads, and why the reply ended."""
    reader = ReplyReader()
    events = [event for payload in payloads for event in reader.read(payload)]
    reader.done = done
    return events, reader.finish_reason()


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"choices": None},
        {"choices": []},
        {"choices": [None]},
        {"choices": [{}]},
        {"choices": [{"delta": None}]},
        {"choices": [], "prompt_filter_results": [{"prompt_index": 0}]},
        delta(content=None),
        delta(content=""),
        delta(role="assistant"),
        delta(content=7),
        delta(tool_calls=[{"index": 0, "function": {"name": "f", "arguments": "{}"}}]),
        {"usage": None},
        {"usage": {}},
        {"usage": {"prompt_tokens": None, "completion_tokens": 2}},
        {"usage": {"prompt_tokens": True, "completion_tokens": -2}},
    ],
)
def test_nothing_in_it_is_nothing(payload: dict[str, Any]) -> None:
    assert read(payload) == ([], None)


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_reasoning_under_either_name(name: str) -> None:
    assert read(delta(**{name: "Hm."}))[0] == [ReasoningDelta("Hm.")]


def test_reasoning_under_both_names_counts_once() -> None:
    both = delta(reasoning="Hm.", reasoning_content="Hm.", content="Yes")
    assert read(both)[0] == [ReasoningDelta("Hm."), TextDelta("Yes")]


def test_content_as_a_list_of_parts() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "image"}, None, {"type": "text", "text": "b"}]
    assert read(delta(content=parts))[0] == [TextDelta("ab")]


def test_a_refusal_is_the_replys_text_and_no_plain_stop() -> None:
    refused = [delta(refusal="I can't "), delta(refusal="help."), delta("stop")]
    assert read(*refused) == ([TextDelta("I can't "), TextDelta("help.")], "content_filter")
    assert read(*refused[:2]) == ([TextDelta("I can't "), TextDelta("help.")], None)
    assert read(*refused[:2], done=True)[1] == "content_filter"


def test_usage_with_and_without_details() -> None:
    plain = {"prompt_tokens": 9, "completion_tokens": 3}
    detailed = plain | {
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }
    assert read({"usage": plain})[0] == [UsageReport(Usage(9, 3))]
    assert read({"usage": detailed})[0] == [UsageReport(Usage(9, 3, 4, 2))]
    assert read({"usage": plain | {"prompt_tokens_details": None}})[0] == [UsageReport(Usage(9, 3))]


def test_a_whole_completion_reads_like_one_chunk() -> None:
    whole = {
        "choices": [
            {
                "message": {"content": "Yes", "reasoning_content": "Hm.", "refusal": None},
                "finish_reason": "length",
            }
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2},
    }
    events, reason = read(whole, done=True)
    assert events == [ReasoningDelta("Hm."), TextDelta("Yes"), UsageReport(Usage(1, 2))]
    assert reason == "length"


def test_the_end_is_known_by_its_reason_or_by_done_after_some_text() -> None:
    assert read(delta("tool_calls"))[1] == "tool_calls"
    assert read(delta(content="x"))[1] is None
    assert read(delta(content="x"), done=True)[1] == "stop"
    assert read(delta(reasoning="x"), done=True)[1] == "stop"
    assert read(done=True)[1] is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just("x"),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("choices", "delta", "message", "content", "text", "reasoning", "refusal"),
                    *("finish_reason", "usage", "prompt_tokens", "prompt_tokens_details"),
                    "completion_tokens",
                ]
            ),
            inner,
        )
    ),
)


@given(st.lists(st.dictionaries(st.sampled_from(["choices", "usage"]), JSON), max_size=4))
def test_no_form_of_json_is_too_odd(payloads: list[dict[str, Any]]) -> None:
    events, _ = read(*payloads)
    assert all(event.text for event in events if isinstance(event, TextDelta | ReasoningDelta))
