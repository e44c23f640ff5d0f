"""What is due from time to time: the trash is emptied, the dead are seen to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.chats import MINUTE, NOON, chat, reply, said
from tests.waiting import until
from tui.core.conversation import Conversation
from tui.core.errors import ChatError
from tui.core.message import Message, Status, utc_now
from tui.core.query import parse_query
from tui.store import emptying
from tui.store.library import TRASH_KEPT, Library
from tui.store.thread import LibraryThread


def test_the_trash_keeps_a_chat_for_thirty_days(library: Library) -> None:
    now = utc_now()
    kept, gone = chat(), chat()
    for one, age in ((kept, TRASH_KEPT - timedelta(hours=1)), (gone, TRASH_KEPT * 2)):
        library.create(one)
        library.delete(one.id, now - age)
    library.tend(now)
    assert library.conversation(kept.id).deleted_at is not None
    with pytest.raises(ChatError):
        library.conversation(gone.id)


def long_chat(library: Library, title: str, length: int) -> tuple[Conversation, list[Message]]:
    """A chat of so many messages, with a retry in the middle of it."""
    one = chat(title)
    messages: list[Message] = []
    for number in range(length):
        if number % 2:
            messages.append(reply(messages[-1], f"{title} {number}", Status.COMPLETE))
        else:
            messages.append(said(one, f"{title} {number}", messages[-1] if messages else None))
    retry = reply(messages[length // 2], f"{title} again", Status.COMPLETE)
    library.begin_turn([*messages, retry], one, leaf=messages[-1].id)
    return one, messages


class TestALotInTheTrash:
    @pytest.fixture(autouse=True, params=[(7, 100_000), (500, 40)])
    def small_steps(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        messages, characters = request.param
        monkeypatch.setattr(emptying, "BATCH_MESSAGES", messages)
        monkeypatch.setattr(emptying, "BATCH_CHARACTERS", characters)

    def test_it_goes_step_by_step_and_others_write_in_between(self, library: Library) -> None:
        kept, there = long_chat(library, "Kept", 10)
        gone = [long_chat(library, "Gone", length)[0] for length in (3, 30, 1)]
        empty = [chat() for _ in range(20)]
        for one in empty:
            library.create(one)
        for one in (*gone, *empty):
            library.delete(one.id, NOON)
        library.branches.delete(kept.id, there[4].id, NOON)
        library.tend(NOON + TRASH_KEPT + MINUTE)
        steps = 1
        while library.catch_up():
            steps += 1
            assert library.check() == []
            assert not library._database._connection.in_transaction
        assert steps > 5
        assert (library.size().deleted, library.size().messages) == (0, 4)
        assert library.branches.restore_last(kept.id) is None
        assert library.search(parse_query("gone"), limit=5) == []
        assert {hit.message for hit in library.search(parse_query("kept"), limit=50)} >= {
            one.id for one in there[:4]
        }

    def test_a_chat_that_is_begun_does_not_come_back(self, library: Library, path: Path) -> None:
        one, messages = long_chat(library, "Gone", 30)
        library.delete(one.id, NOON)
        library.tend(NOON + TRASH_KEPT + MINUTE)
        assert 0 < len(library.nodes(one.id)) < len(messages)
        with pytest.raises(ChatError, match="There is no chat"):
            library.restore(one.id)
        with pytest.raises(ChatError, match="There is no chat"):
            library.begin_turn([said(one, "Still there?", messages[0])])
        again = Library(path)  # as after a crash
        assert again.empty_trash(NOON + MINUTE) == 1
        assert (again.size().messages, again.check()) == (0, [])
        again.close()

    async def test_the_thread_does_it_while_nothing_is_asked_for(self, path: Path) -> None:
        thread = LibraryThread(lambda: Library(path))
        one, _ = await thread.run(lambda library: long_chat(library, "Gone", 40))
        await thread.run(lambda library: library.delete(one.id, NOON))
        await thread.run(lambda library: library.tend(NOON + TRASH_KEPT + MINUTE))
        other = Library(path)
        await until(lambda: other.size().messages == 0)
        other.close()
        thread.close()
