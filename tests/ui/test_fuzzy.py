"""Finding a name by some of its letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.fuzzy import match

NAMES = [
    "gpt-4o",
    "gpt-4o-mini",
    "gpt-4.1",
    "gpt-4.1-mini",
    "o3-mini",
    "chatgpt-4o-latest",
    "ollama/llama3.2",
    "openrouter/anthropic/claude-sonnet-4",
    "openrouter/openai/gpt-4o",
    "openrouter/cohere/command-r",
]


def best(query: str) -> str | None:
    found = [(hit.score, name) for name in NAMES if (hit := match(query, name))]
    return max(found)[1] if found else None


def marked(query: str, name: str) -> str:
    hit = match(query, name)
    assert hit is not None
    return "".join(
        letter.upper() if index in hit.positions else letter for index, letter in enumerate(name)
    )


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("gpt-4o", "gpt-4o"),
        ("4o", "gpt-4o"),
        ("g4m", "gpt-4o-mini"),
        ("mini 4o", "gpt-4o-mini"),
        ("41m", "gpt-4.1-mini"),
        ("o3", "o3-mini"),
        ("claude", "openrouter/anthropic/claude-sonnet-4"),
        ("or/gpt", "openrouter/openai/gpt-4o"),
        ("LLAMA", "ollama/llama3.2"),
        ("nothing", None),
    ],
)
def test_the_best_name_for_what_was_typed(query: str, name: str | None) -> None:
    assert best(query) == name


@pytest.mark.parametrize(
    ("query", "name", "where"),
    [
        ("cs", "access-code-style", "access-Code-Style"),
        ("mini", "model-mini", "model-MINI"),
        ("llama", "ollama/llama3.2", "ollama/LLAMA3.2"),
    ],
)
def test_which_letters_are_marked(query: str, name: str, where: str) -> None:
    assert marked(query, name) == where


def test_an_empty_query_matches_everything_alike() -> None:
    assert match("", "gpt-4o") == match("  ", "o3")


names = st.text(alphabet="abcABC-/ 1İß", max_size=12)


@given(names, names)
def test_it_matches_what_holds_the_letters_in_order(query: str, text: str) -> None:
    def holds(word: str) -> bool:
        at = -1
        for letter in word:
            at = next((i for i in range(at + 1, len(text)) if same(text[i], letter)), len(text))
        return at < len(text)

    def same(one: str, other: str) -> bool:
        return one == other or (one.lower() == other.lower())

    assert (match(query, text) is not None) == all(holds(word) for word in query.split())


@given(st.text(alphabet="ab-", min_size=1, max_size=4), st.text(alphabet="ab-", max_size=12))
def test_positions_spell_the_query(query: str, text: str) -> None:
    if hit := match(query, text):
        assert "".join(text[position] for position in hit.positions) == query
        assert list(hit.positions) == sorted(set(hit.positions))


@given(st.text(), st.text())
def test_any_text_is_taken(query: str, text: str) -> None:
    hit = match(query, text)
    assert hit is None or all(0 <= position < len(text) for position in hit.positions)
