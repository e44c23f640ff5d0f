"""Tags as a person writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.tags import (
    LENGTH_MOST,
    common_tags,
    parse_tag_changes,
    parse_tags,
    tag_changes,
    with_tags,
    written_tags,
)

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", ()),
        ("work ideas", ("work", "ideas")),
        ("work, ideas,", ("work", "ideas")),
        ("#work #Work WORK", ("work",)),
        ('"two words" one', ("two words", "one")),
        ('"open end', ("open end",)),
        ("c++ a-b", ("c++", "a-b")),
    ],
)
def test_reading(text: str, tags: tuple[str, ...]) -> None:
    assert parse_tags(text) == tags


def test_some_are_added_and_some_taken_away() -> None:
    assert parse_tag_changes('work -old -"two words"') == (("work",), ("old", "two words"))
    assert with_tags(("Old", "kept"), ("work", "KEPT"), ("old",)) == ("kept", "work")
    assert tag_changes(("a", "b"), ("B", "c")) == (("c",), ("a",))
    assert common_tags([("a", "B"), ("b", "c"), ("b",)]) == ("B",)
    assert common_tags([]) == ()


@given(ANYTHING)
def test_what_is_written_is_read_again(text: str) -> None:
    tags = parse_tags(text)
    assert parse_tags(written_tags(tags)) == tags
    assert all(0 < len(tag) <= LENGTH_MOST for tag in tags)
