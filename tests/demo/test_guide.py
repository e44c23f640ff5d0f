"""The tour answers by rule: what was said on this branch decides, and a retry is worded anew."""

from __future__ import annotations

import re

import pytest

from tui.core.message import Role
from tui.provider.demo.guide import answer
from tui.provider.demo.script import LOST, STEPS
from tui.ui.actions import all_actions

# How the script writes keys that Textual names otherwise.
NAMES = {
    "Esc": "escape",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "G": "G",
}


def tour(*messages: str, wording: int = 0) -> str:
    """The guide's last answer in a chat where the user said `messages`."""
    chat: list[tuple[Role, str]] = []
    said = ""
    for message in messages:
        chat.append((Role.USER, message))
        said = answer(chat, wording if message is messages[-1] else 0)
        chat.append((Role.ASSISTANT, said))
    return said


@pytest.mark.parametrize("first", ["hello", "What is the capital of France?", "", "models"])
def test_whatever_comes_first_the_guide_says_what_it_is(first: str) -> None:
    said = tour(first)
    assert "scripted guide, not a model" in said
    assert "\n- " in said, "a list"
    assert "```" in said, "code"
    assert "\n|---|" in said, "a table"


def test_next_walks_through_every_step_and_stays_at_the_last() -> None:
    for number, step in enumerate(STEPS):
        said = tour("hi", *["next"] * number)
        assert said.startswith(f"## {number + 1} of {len(STEPS)}: {step.title}")
    assert tour("hi", *["next"] * len(STEPS)).startswith(f"## {len(STEPS)} of")


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("stop", "Streaming, and stopping"),
        ("How do I stop this?", "Streaming, and stopping"),
        ("BRANCH", "Another try, and branches"),
        ("edit", "Saying it better"),
        ("models", "Who answers"),
        ("chats", "Where it is all kept"),
        ("keys", "A real model"),
        ("start", "Welcome"),
    ],
)
def test_a_keyword_jumps_to_its_step(asked: str, title: str) -> None:
    assert title in tour("hi", asked).partition("\n")[0]


def test_next_goes_on_from_where_a_keyword_led() -> None:
    assert "Who answers" in tour("hi", "edit", "next")


def test_what_it_does_not_understand_changes_nothing() -> None:
    said = tour("hi", "next", "Why is the sky blue?")
    assert "only a script" in said
    assert STEPS[2].title in tour("hi", "next", "Why is the sky blue?", "next")


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_a_retry_is_worded_differently(number: int) -> None:
    messages = ["hi", *["next"] * number]
    assert tour(*messages, wording=0) != tour(*messages, wording=1)
    assert tour(*messages, wording=0) == tour(*messages, wording=2)


def test_the_words_it_offers_are_words_it_knows() -> None:
    known = {word for step in STEPS for word in step.keywords} | {"next"}
    for text in LOST:
        assert set(re.findall(r"`(\w+)`", text)) <= known


def test_it_names_no_key_that_does_not_exist() -> None:
    keys = {key for action in all_actions() for key in action.keys.split(",")} | {"tab"}
    for step in STEPS:
        for wording in step.wordings:
            for named in re.findall(r"\*\*([^* ]+)\*\*", wording):
                assert NAMES.get(named, named.lower()) in keys, f"{named} in {step.title}"
