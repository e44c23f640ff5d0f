"""The list of chats, any part of it, narrowed; and what is done to many chats at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.chats import MINUTE, NOON, chat, said
from tui.core.arranging import deleted, pin_toggled, renamed, tagged, undone
from tui.core.chat_filter import ChatFilter, listed_text, parse_filter
from tui.core.conversation import Conversation
from tui.core.errors import ChatError
from tui.core.listing import ListedChat, Part, Seen, Wanted
from tui.store.database import IN_MEMORY
from tui.store.library import Library
from tui.store.schema import MIGRATIONS, migrate

ALL = ChatFilter()


def filled(library: Library, *chats: Conversation) -> list[Conversation]:
    """Add chats; the later, the newer."""
    made = [replace(one, updated=NOON + place * MINUTE) for place, one in enumerate(chats)]
    for one in made:
        library.create(one)
    return made


def wanted(typed: str = "", first: int = 0, count: int = 50) -> Wanted:
    return Wanted(parse_filter(typed), (NOON + 2 * MINUTE,), first, count)


def titles(part: Part) -> list[str]:
    return [one.title for one in part.chats]


def found(library: Library, typed: str) -> list[str]:
    return titles(library.listing.part(wanted(typed)))


def test_pinned_ones_come_first_and_the_others_are_counted_by_group(library: Library) -> None:
    filled(library, replace(chat("a"), pinned=True), chat("b"), chat("c"), chat("d"))
    part = library.listing.part(wanted())
    assert titles(part) == ["a", "d", "c", "b"]
    assert (part.pinned, part.counts, part.total) == (1, (2, 1), 4)


def test_any_part_of_it(library: Library) -> None:
    filled(library, *(chat(str(number)) for number in range(9)))
    assert titles(library.listing.part(wanted(first=3, count=2))) == ["5", "4"]
    beyond = library.listing.part(wanted(first=100, count=4))
    assert (beyond.first, titles(beyond)) == (5, ["3", "2", "1", "0"])


def test_the_archive_and_the_trash_are_apart(library: Library) -> None:
    a, b, _ = filled(library, chat("a"), replace(chat("b"), archived=True), chat("c"))
    library.delete(a.id, NOON)
    part = library.listing.part(replace(wanted(), marked=frozenset({a.id, b.id})))
    assert (titles(part), part.archived) == (["c"], 1)
    assert part.gone == {a.id}
    assert found(library, "is:archived") == ["b"]


def test_narrowed_by_title_and_tags(library: Library) -> None:
    filled(
        library,
        replace(chat("Über die Gezeiten"), tags=("Work", "sea")),
        replace(chat("Tides"), pinned=True),
        replace(chat("Tax"), archived=True, tags=("work",)),
    )
    assert found(library, "uber gezei") == ["Über die Gezeiten"]
    assert found(library, "tag:work") == ["Über die Gezeiten"]
    assert library.listing.part(wanted("tag:work")).archived == 1
    assert found(library, "is:archived tag:work") == ["Tax"]
    assert found(library, "is:pinned") == ["Tides"]
    assert found(library, "-is:pinned -tax") == ["Über die Gezeiten"]
    assert found(library, "100%_[") == []


def test_a_new_title_and_new_tags_are_what_it_is_found_by(library: Library) -> None:
    (one,) = filled(library, chat("before"))
    library.change(one.id, title="after")
    library.change(one.id, tags=("mine",))
    assert found(library, "before") == []
    assert found(library, "after #mine") == ["after"]


def test_the_view_moves_with_what_is_on_screen(library: Library) -> None:
    chats = filled(library, *(chat(str(number)) for number in range(20)))
    newest = chats[::-1]
    seen = tuple(Seen(newest[rank].id, rank, newest[rank].updated, False) for rank in (10, 11))
    late = chat("new", updated=NOON + 99 * MINUTE)
    library.create(late)
    library.begin_turn([said(newest[10], "hi", at=NOON + 100 * MINUTE)])  # it goes to the top
    held = library.listing.part(replace(wanted(first=10, count=3), seen=seen))
    assert held.first == 11  # one new above, one that came from within
    assert newest[11].id in [one.id for one in held.chats]


def test_a_chat_in_the_middle(library: Library) -> None:
    chats = filled(library, *(chat(str(number)) for number in range(30)))
    part = library.listing.part(replace(wanted(count=5), around=chats[10].id))
    assert titles(part) == ["12", "11", "10", "9", "8"]
    assert part.ranks == {chats[10].id: 19}
    missing = library.listing.part(replace(wanted("zzz"), around=chats[10].id))
    assert (missing.ranks, missing.chats) == ({}, ())


def test_what_is_done_to_several_is_done_to_all_or_to_none(library: Library) -> None:
    a, b = filled(library, chat("a"), chat("b"))
    with pytest.raises(ChatError, match="Nothing was changed"):
        library.listing.arrange([a.id, "0" * 16, b.id], pin_toggled)
    assert library.listing.part(wanted()).pinned == 0
    steps = library.listing.arrange([a.id, b.id], pin_toggled)
    assert library.listing.part(wanted()).pinned == 2
    assert [step.after.pinned for step in steps] == [True, True]


def test_undoing_leaves_alone_what_another_window_changed(path: Path, library: Library) -> None:
    a, b = filled(library, chat("a"), chat("b"))
    other = Library(path)
    steps = library.listing.arrange([a.id, b.id], tagged(["work"]))
    other.change(a.id, title="theirs", pinned=True)
    other.change(b.id, tags=("work", "theirs"))
    back = library.listing.take_back([a.id, b.id], undone(steps))
    assert back == 2
    assert library.conversation(a.id) == replace(a, title="theirs", pinned=True)
    assert library.conversation(b.id).tags == ("theirs",)
    other.close()


def test_deleting_and_undoing_one_that_was_removed_for_good_meanwhile(library: Library) -> None:
    a, b = filled(library, chat("a"), chat("b"))
    steps = library.listing.arrange([a.id, b.id], deleted(NOON))
    assert found(library, "") == []
    library.restore(b.id)
    library.empty_trash(NOON + MINUTE)
    assert library.listing.take_back([a.id, b.id], undone(steps)) == 0
    assert found(library, "") == ["b"]


def test_a_renamed_chat_is_titled_by_a_person(library: Library) -> None:
    (one,) = filled(library, chat("a"))
    (step,) = library.listing.arrange([one.id], renamed("b"))
    assert (step.after.title, step.after.titled) == ("b", True)
    library.listing.take_back([one.id], undone([step]))
    assert library.conversation(one.id) == one


def test_chats_of_an_older_library_are_found(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        before = [one.__name__ for one in MIGRATIONS].index("add_listed")
        migrate(connection, path, MIGRATIONS[:before])
        connection.execute(
            """
            INSERT INTO conversations (id, title, titled, created, updated, model, endpoint,
                pinned, archived, unread, draft)
            VALUES ('a1', 'Über alles', 0, 0, 0, 'gpt-4o', 'openai', 0, 0, 0, '')
            """
        )
        connection.execute("INSERT INTO tags VALUES ('a1', 'Work', 0)")
        connection.commit()
    library = Library(path)
    assert found(library, "uber tag:work") == ["Über alles"]
    assert library.check() == []
    library.close()


def test_everything_is_read_from_the_index(library: Library) -> None:
    plan = library._database._connection.execute(
        """
        EXPLAIN QUERY PLAN
        SELECT id FROM conversations INDEXED BY conversations_listed
        WHERE deleted_at IS NULL AND archived = 0 AND instr(listed, 'a') > 0
        ORDER BY pinned DESC, updated DESC, id DESC LIMIT 9 OFFSET 9
        """
    ).fetchall()
    assert [row["detail"] for row in plan] == [
        "SEARCH conversations USING COVERING INDEX conversations_listed (archived=?)"
    ]


WORDS = st.sampled_from(["tide", "Moon", "über", "work", "sea"])
CHATS = st.lists(
    st.tuples(
        st.lists(WORDS, max_size=2).map(" ".join),
        st.booleans(),
        st.booleans(),
        st.lists(WORDS, max_size=2, unique=True),
    ),
    max_size=8,
)
TYPED = st.lists(
    st.one_of(WORDS, WORDS.map("tag:{}".format), WORDS.map("-{}".format), st.just("is:archived")),
    max_size=3,
).map(" ".join)


@settings(max_examples=40)
@given(CHATS, TYPED, st.integers(0, 9), st.integers(1, 5))
def test_a_part_is_a_part_of_the_whole(
    chats: list[tuple[str, bool, bool, list[str]]], typed: str, first: int, count: int
) -> None:
    library = Library(IN_MEMORY)
    made = filled(
        library,
        *(
            replace(chat(title), pinned=pinned, archived=archived, tags=tuple(tags))
            for title, pinned, archived, tags in chats
        ),
    )
    sought = parse_filter(typed)
    expected = [
        one
        for one in sorted(made, key=lambda one: (one.pinned, one.updated), reverse=True)
        if one.archived is sought.archived
        and all(text in listed_text(one.title, one.tags) for text in sought.holds)
        and not any(text in listed_text(one.title, one.tags) for text in sought.lacks)
    ]
    part = library.listing.part(wanted(typed, first, count))
    assert part.total == len(expected)
    assert list(part.chats) == [
        ListedChat(
            one.id, one.title, one.updated, pinned=one.pinned, unread=one.unread, tags=one.tags
        )
        for one in expected[part.first : part.first + count]
    ]
    assert library.listing.ids(sought, 0, 99) == [one.id for one in expected]
    library.close()
