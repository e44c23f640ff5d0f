"""What is due from time to time: the trash is emptied, the dead are seen to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.store.chats import chat
from tui.core.errors import ChatError
from tui.core.message import utc_now
from tui.store.library import TRASH_KEPT, Library


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
