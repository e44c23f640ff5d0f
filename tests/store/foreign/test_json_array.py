"""Arrays of JSON are cut into their elements, however the bytes come."""

from __future__ import annotations

import io
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.errors import ChatError
from tui.store.foreign import json_array
from tui.store.foreign.json_array import elements

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(['"', "\\", "[{]}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.lists(VALUES, max_size=5), st.sampled_from([None, 1]), st.booleans())
def test_the_elements_are_those_of_json(
    values: list[object], indent: int | None, ascii_only: bool
) -> None:
    source = io.BytesIO(json.dumps(values, indent=indent, ensure_ascii=ascii_only).encode())
    found = [json.loads(one) for one in elements(source.read) if isinstance(one, bytes)]
    assert found == values


@given(st.lists(VALUES, max_size=3), st.integers(1, 7))
def test_whatever_the_pieces_they_come_in(values: list[object], size: int) -> None:
    source = io.BytesIO(json.dumps(values).encode())
    found = list(elements(lambda _: source.read(size)))
    assert [json.loads(one) for one in found if isinstance(one, bytes)] == values


def test_something_else_than_an_array_is_one_element() -> None:
    assert list(elements(io.BytesIO(b' {"mapping": [1, {}]} ').read)) == [b'{"mapping": [1, {}]}']


def test_what_is_broken_within_an_element_hides_no_other() -> None:
    source = io.BytesIO(b'[{"a": 1}, {"a" 1, [}], {nope}, {"a": "\\x"}, {"a": 2}]')
    assert list(elements(source.read))[-1] == b'{"a": 2}'


@pytest.mark.parametrize(
    "text", [b"[", b'[{"a": 1},', b'[{"a": "', b'[{"a": [[', b'["a', b"[1, tru"]
)
def test_a_file_that_breaks_off_says_so(text: bytes) -> None:
    found = list[object]()
    with pytest.raises(ChatError, match="breaks off"):
        found += elements(io.BytesIO(text).read)


def test_depth_costs_nothing() -> None:
    deep = b"[" * 200_000 + b"]" * 200_000
    assert list(elements(io.BytesIO(b"[" + deep + b", 1]").read)) == [deep, b"1"]


def test_one_that_is_too_large_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "ELEMENT_LIMIT", 1_000_000)
    monkeypatch.setattr(json_array, "CHUNK", 50_000)
    large = b'{"a": [' + b'"xxxxxxxxxx", {},' * 400_000 + b"1]}"
    source = io.BytesIO(b'[{"a": 1}, ' + large + b', {"a": 2}]')
    tracemalloc.start()
    try:
        first, refused, last = elements(source.read)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (first, last) == (b'{"a": 1}', b'{"a": 2}')
    assert isinstance(refused, ChatError)
    assert peak < 5_000_000


def test_one_of_too_many_values_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "VALUES_LIMIT", 1000)
    source = io.BytesIO(b"[[" + b"1," * 1000 + b"1], [2]]")
    refused, last = elements(source.read)
    assert isinstance(refused, ChatError)
    assert last == b"[2]"


def test_a_text_that_is_too_long_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "ELEMENT_LIMIT", 1_000_000)
    read: list[int] = []

    def endless(size: int) -> bytes:
        read.append(size)
        return b"x" * size if len(read) > 1 else b'[{"a": "'

    with pytest.raises(ChatError, match="longer than"):
        list(elements(endless))
    assert sum(read) < 10_000_000
