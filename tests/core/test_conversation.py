"""A conversation's title and parameters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.conversation import TITLE_LENGTH, Parameters, fork_title, title_from


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Why two tides a day?", "Why two tides a day?"),
        ("\n\n  # Tides\nand more", "Tides"),
        ("> **Why** _two_ `tides`", "Why two tides"),
        ("> > - quoted", "quoted"),
        ("Explain C# and F#", "Explain C# and F#"),
        ("#hashtag 2*3*4 snake_case_name", "#hashtag 2*3*4 snake_case_name"),
        ("-v prints more", "-v prints more"),
        ("???", "???"),
        ("🌊", "🌊"),
        ("```python\nprint(1)", "print(1)"),
        ("- `tide`", "tide"),
        ("many   spaces\tin it", "many spaces in it"),
        ("```\nprint(1)\n```", "print(1)"),
        ("", "New chat"),
        ("  \n\t\n---\n***", "New chat"),
        ("word " * 30, "word word word word word word word word word word word word…"),
        ("x" * 100, "x" * 59 + "…"),
        ("x" * TITLE_LENGTH, "x" * TITLE_LENGTH),
        ("潮汐" * 50, "潮汐" * 29 + "潮…"),
    ],
)
def test_a_title_is_the_first_line_with_words(text: str, title: str) -> None:
    assert title_from(text) == title


@given(st.text())
def test_a_title_is_short_and_one_line(text: str) -> None:
    title = title_from(text)
    assert 0 < len(title) <= TITLE_LENGTH
    assert title.splitlines() == [title]


def test_parameters_over_defaults() -> None:
    assert Parameters(temperature=0.0).over(Parameters(0.7, 100, False)) == Parameters(
        0.0, 100, False
    )
    assert Parameters().over(Parameters()) == Parameters()


def test_a_fork_of_a_fork_is_counted() -> None:
    assert fork_title("Tides") == "Tides (fork)"
    assert fork_title("Tides (fork)") == "Tides (fork 2)"
    assert fork_title("Tides (fork 9)") == "Tides (fork 10)"
    assert fork_title("Tides (fork) and knives") == "Tides (fork) and knives (fork)"
