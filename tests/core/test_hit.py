"""The line of a message that shows what was found in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.core.hit import SNIPPET_LENGTH, Span, snippet
from tui.core.query import parse_query


def spans(text: str, typed: str) -> tuple[Span, ...]:
    found = parse_query(typed).look(text)
    return found.spans if found else ()


def test_a_short_message_is_shown_whole_on_one_line() -> None:
    assert snippet("High\n\n  tide\tnow", ((8, 12),)) == ("High tide now", ((5, 9),))


def test_a_long_one_is_cut_between_words_around_the_first_hit() -> None:
    text = "sand " * 100 + "tide " + "rock " * 100
    line, ranges = snippet(text, spans(text, "tide"))
    assert line.startswith("…sand ")
    assert line.endswith(" rock…")
    assert [line[start:end] for start, end in ranges] == ["tide"]
    assert ranges[0][0] <= 45


def test_it_is_cut_where_most_of_what_was_found_is_together() -> None:
    text = "the tide " + "sand " * 100 + "the moon and the tide " + "rock " * 100
    line, ranges = snippet(text, spans(text, "the moon tide"))
    assert [line[start:end] for start, end in ranges] == ["the", "moon", "the", "tide"]


def test_without_a_hit_its_beginning_is_shown() -> None:
    assert snippet("", ()) == ("", ())
    line, ranges = snippet("sand " * 100, ())
    assert (line[:9], ranges) == ("sand sand", ())


@given(
    st.text(st.sampled_from("ab \n\t潮"), max_size=600), st.sampled_from(["a", "b a", "潮", "ab"])
)
def test_what_is_marked_is_what_was_found(text: str, typed: str) -> None:
    line, ranges = snippet(text, spans(text, typed))
    assert len(line) <= SNIPPET_LENGTH + 2
    assert "\n" not in line
    for start, end in ranges:
        assert start < end <= len(line)
        assert set(line[start:end]) <= set(typed)
