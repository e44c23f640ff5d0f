"""What a person types, read as a query, and what it finds in a text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.query import LENGTH_MOST, Field, Filter, parse_query
from tui.core.words import folded, words

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)
# Made of the pieces that mean something, so that they meet.
PIECES = st.lists(
    st.sampled_from(
        [
            '"',
            "-",
            ":",
            "*",
            "in",
            "role",
            "before",
            "is",
            "user",
            "this",
            " ",
            "潮",
            "a",
            "é",
            "#",
            "(",
        ]
    )
).map("".join)


def finds(typed: str, text: str) -> bool:
    return parse_query(typed).matches(text)


@pytest.mark.parametrize(
    ("typed", "found", "not_found"),
    [
        ("tide", ["tide", "Tides", "the TIDE.", "(tide)", "low_tide"], ["tid", "eventide"]),
        ("tide moon", ["moon and tide"], ["tide", "moon"]),
        ("tid*", ["tides"], ["ti"]),
        ('"high tide"', ["High tide!", "high\n  tide"], ["high tides", "tide high", "nigh high"]),
        ('"high ti', ["high ti"], ["high tide"]),  # not closed yet
        ("tide -moon", ["tide"], ["tide, moon", "moon"]),
        ('tide -"new moon"', ["tide moon new"], ["tide at new moon"]),
        ("foo_bar(", ["x = foo_bar(1)"], ["foo_bar", "foo bar("]),
        ("C++", ["in C++17", "c++"], ["C", "c +"]),
        ("a.b.c", ["x a.b.c", "a.b.cd"], ["a.b", "za.b.c", "a b c"]),
        ("#123", ["see #123", "#1234"], ["123"]),
        ("--flag", ["use --flag"], ["flag"]),
        ("C", ["C is", "in c"], ["cat", "abc"]),  # a letter alone is a word
        ("#", ["a # b"], ["a b"]),
        ("潮", ["高潮", "潮汐"], ["月球"]),
        ("潮汐", ["有潮汐的", "潮汐"], ["潮 汐", "汐潮"]),
        ("用python", ["我用Python写"], ["用 python"]),
        ("潮は一日", ["なぜ潮は一日に"], ["潮は"]),
        ("조석", ["조석은 달의"], ["조 석"]),
        ("cafe", ["café", "CAFÉ", "cafe\u0301"], ["caf"]),
        ("café", ["cafe"], []),
        ("cafe\u0301", ["café", "cafe"], []),
        ("Ａ１", ["a1"], []),
        ("σοφος", ["ΣΟΦΟΣ", "σοφός"[:3] + "ος"], []),
        ("🌊", ["waves 🌊"], ["waves"]),
        ("role:nobody", ["role:nobody"], ["role nobody"]),
    ],
)
def test_what_is_found(typed: str, found: list[str], not_found: list[str]) -> None:
    assert [text for text in found if not finds(typed, text)] == []
    assert [text for text in not_found if finds(typed, text)] == []


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("model:gpt-4o-mini", [Filter(Field.MODEL, "gpt-4o-mini")]),
        ("Role:USER", [Filter(Field.ROLE, "user")]),
        ("-role:user", [Filter(Field.ROLE, "user", negated=True)]),
        ('tag:"my work" tag:sea', [Filter(Field.TAG, "my work"), Filter(Field.TAG, "sea")]),
        ("in:this is:pinned", [Filter(Field.IN, "this"), Filter(Field.IS, "pinned")]),
        ("before:2026-1-9", [Filter(Field.BEFORE, "2026-01-09")]),
        ("after:2026", [Filter(Field.AFTER, "2026-01-01")]),
        ("has:code has:image", [Filter(Field.HAS, "code"), Filter(Field.HAS, "image")]),
        ("is:archived", [Filter(Field.IS, "archived")]),
        ("status:stopped", [Filter(Field.STATUS, "stopped")]),
    ],
)  # fmt: skip
def test_filters(typed: str, filters: list[Filter]) -> None:
    query = parse_query(typed)
    assert (list(query.filters), query.terms, query.excluded) == (filters, (), ())


@pytest.mark.parametrize(
    "typed",
    ["is:odd", "role:", "before:yesterday", "after:2026-02-30", "before:0001-01-01", "std::vector",
     "https://example.org", 'in:"that"', "status:streaming", "a:b"],
)  # fmt: skip
def test_what_is_no_filter_is_words(typed: str) -> None:
    query = parse_query(typed)
    assert query.filters == ()
    assert [term.text for term in query.terms] == [typed]


def test_nothing_is_asked_for() -> None:
    assert [typed for typed in ("", "  \n", '""', '" "') if not parse_query(typed).empty] == []


def test_only_the_beginning_of_a_novel_is_looked_at() -> None:
    assert parse_query("a" * 10 * LENGTH_MOST).terms == parse_query("a" * LENGTH_MOST).terms


@given(ANYTHING | PIECES, ANYTHING)
def test_any_text_is_a_query(typed: str, text: str) -> None:
    query = parse_query(typed)
    found = query.look(text)
    assert (found is not None) == query.matches(text)
    spans = found.spans if found else ()
    assert all(start < end <= len(text) for start, end in spans)
    assert all(last < start for (_, last), (start, _) in pairwise(spans))


@given(ANYTHING)
def test_folding_moves_nothing_and_is_done_once(text: str) -> None:
    assert len(folded(text)) == len(text)
    assert folded(folded(text)) == folded(text)


def test_spans_are_those_of_all_terms_made_one_where_they_meet() -> None:
    found = parse_query('tide "the tide" moon').look("Moon: the  TIDE")
    assert found == (((0, 4), (6, 15)), True)


@pytest.mark.parametrize(
    ("typed", "text", "whole"),
    [
        ("tid", "tides", False),
        ("tid", "tides tid.", True),
        ("潮", "潮汐", True),
        ("a.b(", "a.b(c", True),
    ],
)
def test_a_whole_word_is_told_from_a_beginning(typed: str, text: str, whole: bool) -> None:
    found = parse_query(typed).look(text)
    assert found is not None
    assert found.whole is whole


def test_words_of_a_text() -> None:
    assert words("Café: foo_bar(2) 潮汐です x") == [
        *("cafe", "foo", "bar", "2"),
        *("潮汐", "汐で", "です", "す", "x"),
    ]
