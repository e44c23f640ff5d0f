"""The branches of an open chat: deleting the one looked at, and what others do meanwhile."""

from __future__ import annotations

import pytest

from tests.session.scripted import MODEL, Scripted, says
from tests.store.chats import NOON
from tui.core.branches import BranchRow
from tui.core.errors import ChatError
from tui.session.branching import Branching
from tui.session.chat import Chat
from tui.session.comparing import send_to_all
from tui.session.sessions import Sessions
from tui.store.library import Library


@pytest.fixture
async def chat(sessions: Sessions, provider: Scripted) -> Chat:
    """A question with three replies, the last of them talked on."""
    chat = sessions.new(MODEL)
    provider.script(*says("Whales."))
    first = await (await sessions.send(chat, "Tides?")).run()
    for answer in ("The wind.", "The moon."):
        provider.script(*says(answer))
        await (await sessions.retry(chat, first.id)).run()
    provider.script(*says("Yes."))
    await (await sessions.send(chat, "Only?")).run()
    return chat


async def said(sessions: Sessions, chat: Chat) -> list[str]:
    """The branch one looks at."""
    return [message.text for message in await sessions.load(chat, chat.path)]


async def row(branches: Branching, text: str) -> BranchRow:
    """The row of the branch that begins so."""
    rows, _ = await branches.rows()
    glimpses = await branches.glimpses([one.id for one in rows])
    return next(one for one in rows if glimpses[one.id].text == text)


async def test_the_one_looked_at_goes_and_comes_back(
    sessions: Sessions, chat: Chat, elsewhere: Library
) -> None:
    branches = Branching(sessions, chat)
    assert await branches.delete(await row(branches, "The moon.")) == 3
    assert await said(sessions, chat) == ["Tides?", "The wind."]
    assert elsewhere.conversation(chat.id).active_leaf == chat.leaf
    assert chat.conversation.message_count == 3
    back = await branches.restore()
    assert back is not None
    assert back[1] == 3
    assert await said(sessions, chat) == ["Tides?", "The moon.", "Only?", "Yes."]
    assert [len(chat.tree.siblings(one)) for one in chat.path] == [1, 3, 1, 1]
    assert elsewhere.conversation(chat.id).active_leaf == chat.leaf
    assert await branches.restore() is None


async def test_stepping_between_siblings_passes_the_deleted_one(
    sessions: Sessions, chat: Chat
) -> None:
    branches = Branching(sessions, chat)
    await branches.delete(await row(branches, "The wind."))
    assert chat.tree.place(chat.path[1]) == (2, 2)
    assert await sessions.step(chat, chat.path[1], -1)
    assert await said(sessions, chat) == ["Tides?", "Whales."]


async def test_a_branch_is_looked_at_where_its_newest_ends(sessions: Sessions, chat: Chat) -> None:
    branches = Branching(sessions, chat)
    await branches.look_at(await row(branches, "Whales."))
    assert await said(sessions, chat) == ["Tides?", "Whales."]
    await branches.look_at(await row(branches, "Tides?"))  # on it already: nothing moves
    assert await said(sessions, chat) == ["Tides?", "Whales."]
    await branches.look_at(await row(branches, "The moon."))
    assert await said(sessions, chat) == ["Tides?", "The moon.", "Only?", "Yes."]


async def test_a_fork_is_a_chat_of_its_own(sessions: Sessions, chat: Chat) -> None:
    branches = Branching(sessions, chat)
    fork = await sessions.open(await branches.fork(await row(branches, "The moon.")))
    assert fork.conversation.title == "Tides? (fork)"
    assert await said(sessions, fork) == ["Tides?", "The moon.", "Only?", "Yes."]
    turn = await sessions.send(fork, "And ebb?")
    await turn.run()
    assert (len(fork.tree), len(chat.tree)) == (6, 6)


async def test_a_name_is_read_back(sessions: Sessions, chat: Chat) -> None:
    branches = Branching(sessions, chat)
    wind = await row(branches, "The wind.")
    await branches.rename(wind.id, "wrong")
    assert (await branches.rows())[1] == {wind.id: "wrong"}


class TestAnotherProcess:
    async def test_it_deletes_what_is_looked_at(
        self, sessions: Sessions, chat: Chat, elsewhere: Library
    ) -> None:
        moon, only, _ = chat.path[1:]
        await sessions.refresh(chat)
        elsewhere.branches.delete(chat.id, only, NOON)
        assert await sessions.refresh(chat)
        assert await said(sessions, chat) == ["Tides?", "The moon."]
        for message_id in list(chat.tree.siblings(moon))[::2]:  # its neighbour stays
            elsewhere.branches.delete(chat.id, message_id, NOON)
        assert await sessions.refresh(chat)
        assert await said(sessions, chat) == ["Tides?", "The wind."]
        elsewhere.branches.restore_last(chat.id)
        assert await sessions.refresh(chat)
        assert await said(sessions, chat) == ["Tides?", "The wind."]

    async def test_what_is_asked_of_a_message_that_has_gone_is_refused_in_words(
        self, sessions: Sessions, chat: Chat, elsewhere: Library
    ) -> None:
        moon, only, _ = chat.path[1:]
        branches = Branching(sessions, chat)
        gone = await row(branches, "The moon.")
        elsewhere.branches.delete(chat.id, moon, NOON)
        await sessions.refresh(chat)
        with pytest.raises(ChatError, match="deleted meanwhile"):
            await sessions.edit(chat, only, "Only that?")
        with pytest.raises(ChatError, match="deleted meanwhile"):
            await send_to_all(sessions, chat, "Only that?", [MODEL], editing=only)
        with pytest.raises(ChatError, match="deleted meanwhile"):
            await sessions.retry(chat, moon)
        for work in (branches.look_at, branches.fork, branches.delete):
            with pytest.raises(ChatError, match="deleted meanwhile"):
                await work(gone)
        assert not await sessions.step(chat, moon, 1)

    async def test_what_is_said_to_it_before_that_is_known_brings_it_back(
        self, sessions: Sessions, provider: Scripted, chat: Chat, elsewhere: Library
    ) -> None:
        elsewhere.branches.delete(chat.id, chat.path[1], NOON)
        provider.script(*says("And the sun."))
        await (await sessions.send(chat, "Really?")).run()
        await sessions.refresh(chat)
        assert await said(sessions, chat) == [
            *("Tides?", "The moon.", "Only?", "Yes.", "Really?", "And the sun.")
        ]
        assert elsewhere.check() == []
