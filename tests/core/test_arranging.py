"""What is done to chats from the list, and undone again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.store.chats import MINUTE, NOON, chat
from tui.core.arranging import (
    Deed,
    Step,
    archive_toggled,
    deleted,
    pin_toggled,
    renamed,
    tagged,
    told,
    undone,
)
from tui.core.conversation import Conversation

TIDES, MOON = chat("Tides", chat_id="a"), chat("Moon", chat_id="b")


def steps(deed: Deed, *before: Conversation) -> list[Step]:
    after = deed(before)
    return [Step(*pair) for pair in zip(before, after, strict=True) if pair[0] != pair[1]]


def test_pinning_several_pins_those_that_are_not_and_then_unpins_all() -> None:
    pinned = replace(MOON, pinned=True)
    assert [one.pinned for one in pin_toggled([TIDES, pinned])] == [True, True]
    assert [one.pinned for one in pin_toggled([pinned])] == [False]
    assert [one.archived for one in archive_toggled([TIDES, MOON])] == [True, True]


def test_what_was_done_is_told() -> None:
    tagged_one = replace(TIDES, tags=("work",))
    for deed, chats, words in (
        (renamed("Sea"), [TIDES], "Renamed “Tides” to “Sea”"),
        (pin_toggled, [TIDES], "Pinned “Tides”"),
        (pin_toggled, [TIDES, MOON], "Pinned 2 chats"),
        (archive_toggled, [replace(MOON, archived=True)], "Took “Moon” out of the archive"),
        (
            tagged(["work"], ["sea"]),
            [replace(TIDES, tags=("sea",))],
            "Tagged “Tides”: work; took sea off",
        ),
        (tagged(["work", "two words"]), [TIDES], 'Tagged “Tides”: work "two words"'),
        (tagged([], ["work"]), [tagged_one], "Took work off “Tides”"),
        (deleted(NOON), [TIDES, MOON], "Deleted 2 chats"),
        (tagged(["work"]), [tagged_one], ""),
    ):
        assert told(steps(deed, *chats)) == words


def test_what_another_window_did_since_stays() -> None:
    (step,) = steps(renamed("Sea"), TIDES)
    (back,) = undone([step])([replace(step.after, pinned=True, tags=("new",), model="other")])
    assert back == replace(TIDES, pinned=True, tags=("new",), model="other")
    again = replace(step.after, title="Something else")
    assert undone([step])([again]) == [again]


def test_tags_of_another_window_stay() -> None:
    (step,) = steps(tagged(["work"], ["old"]), replace(TIDES, tags=("old", "kept")))
    (back,) = undone([step])([replace(step.after, tags=("kept", "theirs", "work"))])
    assert set(back.tags) == {"kept", "theirs", "old"}


DEEDS = st.sampled_from(
    [
        renamed("One"),
        renamed("Two"),
        pin_toggled,
        archive_toggled,
        tagged(["a", "b"]),
        tagged(["c"], ["a"]),
        deleted(NOON),
        deleted(NOON + MINUTE),
    ]
)


@given(st.lists(DEEDS, max_size=8))
def test_undoing_everything_leads_back(deeds: list[Deed]) -> None:
    done: list[list[Step]] = []
    chats: Sequence[Conversation] = [TIDES, replace(MOON, tags=("a",), pinned=True)]
    began = chats
    for deed in deeds:
        done.append(steps(deed, *chats))
        chats = deed(chats)
    for taken in reversed(done):
        ids = {step.before.id for step in taken}
        back = {one.id: one for one in undone(taken)([one for one in chats if one.id in ids])}
        chats = [back.get(one.id, one) for one in chats]
    assert chats == began
