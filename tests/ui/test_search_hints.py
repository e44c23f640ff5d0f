"""What is said of a filter while it is typed, and what Tab makes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.query import parse_query
from tui.ui.search_hints import completed, hint_for


@pytest.mark.parametrize(
    ("typed", "hint", "by_tab"),
    [
        ("moon is:", "is:archived  is:pinned   Tab completes", "moon is:archived "),
        ("-role:u", "role:user   Tab completes", "-role:user "),
        ("has:i", "has:image   Tab completes", "has:image "),
        ("tag:", 'tag:work or "two words": a tag of the chat', None),
        ("before:2026-", "before:2026-01-31, 2026-01 or 2026: said before that began", None),
        ("role:user", None, None),
        ("role: moon", None, None),
        ("status:perfect", None, None),
        ("std::vec", None, None),
    ],
)
def test_of_the_filter_at_the_end(typed: str, hint: str | None, by_tab: str | None) -> None:
    assert (hint_for(typed), completed(typed)) == (hint, by_tab)


@pytest.mark.parametrize("typed", ["moon role:", "moon -role:us", "moon before:2026-", "moon tag:"])
def test_what_is_begun_is_not_looked_for_yet(typed: str) -> None:
    assert parse_query(typed, typing=True) == parse_query("moon")
    assert parse_query(typed) != parse_query("moon")


def test_a_tag_may_go_on() -> None:
    (going_on,) = parse_query("tag:wo", typing=True).filters
    (ended,) = parse_query("tag:wo ", typing=True).filters
    assert [going_on.names("Work"), ended.names("work"), ended.names(" WO")] == [True, False, True]


@given(st.text(st.sampled_from('-:" irolestagbefnd2ſİ') | st.characters(), max_size=30))
def test_any_text_may_be_typed(typed: str) -> None:
    hint_for(typed)
    parse_query(typed, typing=True)
    if (longer := completed(typed)) is not None:
        assert hint_for(longer) is None
        assert parse_query(longer, typing=True).filters
