"""Bars out of eighths of a cell, and columns that line up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.ui.charts import bar_widths, columns, lying_bar, standing_bars


def test_lying_bars_grow_by_eighths() -> None:
    assert lying_bar(0, 10, 4) == ""
    assert lying_bar(10, 10, 4) == "████"
    assert lying_bar(5, 10, 4) == "██"
    assert lying_bar(3, 10, 4) == "█▎"
    assert lying_bar(0.001, 10, 4) == "▏", "little is not nothing"


def test_standing_bars_grow_from_the_ground() -> None:
    assert standing_bars([0, 1, 8, 16], 16, 2) == ["   █", " ▁██"]
    assert standing_bars([16, 8], 16, 2, bar=2, between=1) == ["██   ", "██ ██"]
    assert standing_bars([], 1, 2) == ["", ""]
    assert standing_bars([0, 0], 0, 1) == ["  "]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20), st.integers(1, 8), st.integers(1, 3))
def test_a_larger_value_never_has_a_smaller_bar(values: list[float], height: int, bar: int) -> None:
    lines = standing_bars(values, max(values), height, bar, between=1)
    assert {len(line) for line in lines} == {len(values) * (bar + 1) - 1}
    heights = [
        sum(" ▁▂▃▄▅▆▇█".index(line[place * (bar + 1)]) for line in lines)
        for place in range(len(values))
    ]
    for one, tall in zip(values, heights, strict=True):
        assert (tall > 0) == (one > 0)
        assert all(
            tall <= other for value, other in zip(values, heights, strict=True) if value > one
        )
    if max(values) > 0:
        assert max(heights) == height * 8


@pytest.mark.parametrize(
    ("count", "cells", "widths"),
    [(30, 60, (2, 0)), (30, 66, (2, 0)), (30, 90, (2, 1)), (7, 66, (8, 1)), (24, 66, (2, 0)),
     (60, 60, (1, 0)), (61, 60, (0, 0)), (1, 60, (8, 1)), (0, 60, (0, 0))],
)  # fmt: skip
def test_bars_are_as_wide_as_there_is_room(count: int, cells: int, widths: tuple[int, int]) -> None:
    bar, between = bar_widths(count, cells)
    assert (bar, between) == widths
    assert count * bar + max(0, count - 1) * between <= cells


def test_columns_line_up_by_cells() -> None:
    lines = columns([("Model", "In"), ("潮汐", "4.1M"), ("gpt", "")])
    assert lines == ["Model    In", "潮汐   4.1M", "gpt"]
    assert cell_len(lines[0]) == cell_len(lines[1])
