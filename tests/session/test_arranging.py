"""What is done to chats and taken back, faster than it is written."""

from __future__ import annotations

import asyncio

import pytest

from tests.session.disk import slow_disk
from tests.session.scripted import MODEL
from tests.waiting import until
from tui.core.arranging import archive_toggled, pin_toggled
from tui.core.errors import ChatError, ErrorKind
from tui.session.arranging import Arranging
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.store.library import Library


async def _full(_work: object) -> None:
    raise ChatError(ErrorKind.LIBRARY, "The disk is full.")


@pytest.fixture
async def chat(sessions: Sessions) -> Chat:
    chat = sessions.new(MODEL)
    await (await sessions.send(chat, "Tides?")).run()
    return chat


async def test_what_is_undone_is_what_was_asked_for_last_written_or_not(
    sessions: Sessions, chat: Chat, elsewhere: Library
) -> None:
    arranging = Arranging(sessions)
    await arranging.do([chat.id], archive_toggled)
    with slow_disk(sessions) as waiting:
        doing = asyncio.create_task(arranging.do([chat.id], pin_toggled))
        undoing = asyncio.create_task(arranging.undo())
        await until(lambda: waiting() >= 1)
    undone = await undoing
    assert undone is not None
    assert undone.what == await doing == "Pinned “Tides?”"
    after = elsewhere.conversation(chat.id)
    assert (after.pinned, after.archived) == (False, True)


async def test_what_is_undone_at_once_is_in_the_order_in_which_it_was_done(
    sessions: Sessions, chat: Chat, elsewhere: Library
) -> None:
    arranging = Arranging(sessions)
    deleting = asyncio.create_task(arranging.delete([chat.id]))
    undoing = [asyncio.create_task(arranging.undo()) for _ in range(2)]
    await deleting
    first, second = await asyncio.gather(*undoing)
    assert first is not None
    assert first.restored
    assert second is None
    assert elsewhere.conversation(chat.id).deleted_at is None


async def test_what_could_not_be_undone_can_be_tried_again(
    sessions: Sessions, chat: Chat, elsewhere: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranging = Arranging(sessions)
    await arranging.do([chat.id], pin_toggled)
    with monkeypatch.context() as patched:
        patched.setattr(sessions.library, "run", _full)
        with pytest.raises(ChatError):
            await arranging.undo()
    assert await arranging.undo() is not None
    assert not elsewhere.conversation(chat.id).pinned
