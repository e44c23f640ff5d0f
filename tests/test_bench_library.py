"""The library that is measured on: healthy, and the same each time."""

from __future__ import annotations

from pathlib import Path

from tests.bench.library import longest, make
from tui.core.query import parse_query
from tui.store.library import Library


def test_it_is_a_healthy_library_and_the_same_each_time(tmp_path: Path) -> None:
    paths = [tmp_path / "one.db", tmp_path / "two.db"]
    for path in paths:
        make(path, 2000)
    one, two = (Library(path) for path in paths)
    assert one.check() == []
    assert (one.size().conversations + one.size().deleted, one.size().messages) == (20, 2000)
    chats = one.conversations()
    assert chats == two.conversations()
    assert all(chat.active_leaf in {node.id for node in one.nodes(chat.id)} for chat in chats)
    some = one.nodes(longest(paths[0]))
    ids = [node.id for node in some]
    assert one.messages(ids) == two.messages(ids)
    assert {node.parent for node in some} - {None} < set(ids)
    assert one.search(parse_query("the"), limit=5)
    for library in (one, two):
        library.close()
