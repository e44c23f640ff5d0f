"""The arithmetic under the pane: heights, wrapping, columns of tables."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.ui.transcript.grammar import cells
from tui.ui.transcript.heights import Heights
from tui.ui.transcript.table import NARROWEST, column_widths
from tui.ui.transcript.wrap import graphemes, is_simple, width_of, wrap

SIGNS = ("a", "b", " ", "é", "-", "東", "京", "🙂", "👩‍👩‍👧", "e\u0301", "❤\ufe0f")
TEXTS = st.lists(st.sampled_from([*SIGNS, "\t", "\n"]), max_size=200).map("".join)


@given(st.lists(st.integers(0, 50), max_size=80), st.data())
def test_heights_add_up_through_any_changes(start: list[int], data: st.DataObject) -> None:
    heights, plain = Heights(start), list(start)
    for _ in range(data.draw(st.integers(0, 20))):
        match data.draw(st.sampled_from(["set", "append", "truncate"])):
            case "set" if plain:
                at = data.draw(st.integers(0, len(plain) - 1))
                plain[at] = data.draw(st.integers(0, 50))
                heights.set(at, plain[at])
            case "append":
                plain.append(data.draw(st.integers(0, 50)))
                heights.append(plain[-1])
            case "truncate":
                length = data.draw(st.integers(0, len(plain)))
                del plain[length:]
                heights.truncate(length)
    edges = [0, *accumulate(plain)]
    assert [heights.before(at) for at in range(len(plain) + 1)] == edges
    for row in range(heights.total):
        at, begin = heights.find(row)
        assert begin == edges[at]
        assert begin <= row < begin + plain[at]


@given(TEXTS, st.integers(4, 40), st.booleans())
def test_wrapping_loses_nothing_and_fits(text: str, width: int, words: bool) -> None:
    rows = wrap(text, width, words=words)
    at = 0
    for start, end in rows:
        assert text[at:start].strip(" \n") == ""  # between rows stand only line ends and spaces
        assert width_of(text[start:end]) <= width
        at = end
    assert at == len(text) or not text[at:].strip()


@given(st.text(alphabet="ab ", max_size=100).map(str.strip), st.integers(4, 20))
def test_words_that_fit_are_not_broken(text: str, width: int) -> None:
    shown = [word for start, end in wrap(text, width) for word in text[start:end].split()]
    whole = [word for word in text.split() if len(word) <= width]
    assert all(shown.count(word) >= whole.count(word) for word in set(whole))


@given(st.lists(st.sampled_from(SIGNS), max_size=60).map("".join))
def test_text_is_measured_as_the_terminal_shows_it(text: str) -> None:
    assert width_of(text) == cell_len(text)
    assert sum(size for _, _, size in graphemes(text)) == cell_len(text)
    if is_simple(text):
        assert cell_len(text) == len(text)


@given(st.lists(st.text(alphabet="ab 東", max_size=60), min_size=1, max_size=6))
def test_a_table_fits_where_it_can(texts: list[str]) -> None:
    row = "|" + "|".join(text or "x" for text in texts) + "|"
    columns = len(cells(row))
    widths = column_widths((row,), columns, 80)
    assert sum(widths) + 3 * (columns - 1) <= 80
    natural = [max(1, width_of(text)) for text in cells(row)]
    assert all(width >= min(NARROWEST, best) for width, best in zip(widths, natural, strict=True))
    if sum(natural) + 3 * (columns - 1) <= 80:
        assert widths == natural
