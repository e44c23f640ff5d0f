"""Text from outside: shown it can only be text, stored it can always be encoded."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.safe import shown, shown_line, storable

ANY = st.text(st.characters(exclude_categories=()))  # with lone surrogates
# What could act on a terminal or on the order of characters: everything of these kinds.
ACTING = st.text(
    st.characters(categories=("Cc", "Cs"))
    | st.sampled_from("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    | st.sampled_from("\u2028\u2029\r\n\ta")
)


@given(ANY | ACTING)
def test_shown_keeps_the_place_of_every_character(text: str) -> None:
    assert len(shown(text)) == len(text)


@given(ANY | ACTING)
def test_shown_leaves_nothing_that_acts(text: str) -> None:
    for character in shown(text):
        assert character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
        # Bidirectional classes of the explicit controls (UAX #9), and the three marks.
        assert unicodedata.bidirectional(character) not in (
            *("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"),
        )
        assert character not in "\u061c\u200e\u200f\u2028\u2029"


@given(ANY | ACTING)
def test_what_is_shown_is_safe_already(text: str) -> None:
    assert shown(shown(text)) == shown(text)
    shown(text).encode()


@pytest.mark.parametrize(
    "text", ["plain", "two\nlines\tand tabs", "naïve 潮汐 🌊", "שלום", "e\u0301", "a\u200db", "[b]"]
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert shown(text) is text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[2J", "␛[2J"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("\x9b2J", "\ufffd2J"),
        ("a\r\nb", "a \nb"),
        ("\x00\x7f", "␀␡"),
        ("abc\u202etxt.exe", "abc\ufffdtxt.exe"),
    ],
)
def test_what_acts_is_seen_instead(text: str, seen: str) -> None:
    assert shown(text) == seen


@given(ANY | ACTING)
def test_a_shown_line_is_one_line(text: str) -> None:
    line = shown_line(text)
    assert line.splitlines() in ([], [line])
    assert line == line.strip()
    assert "\t" not in line
    assert "  " not in line


@given(ANY)
def test_storable_text_can_be_encoded_and_keeps_its_length(text: str) -> None:
    stored = storable(text)
    assert len(stored) == len(text)
    assert stored.encode().decode() == stored
    assert storable(stored) == stored


@given(st.text())
def test_storing_leaves_what_can_be_encoded(text: str) -> None:
    assert storable(text) == text
