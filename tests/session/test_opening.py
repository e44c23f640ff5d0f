"""Opening chats, and keeping up with other windows on the same library."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

import pytest

from tests.session.disk import slow_disk
from tests.session.scripted import MODEL, SETTINGS, RoundPrices, Scripted, says
from tests.waiting import until
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Status
from tui.core.models import ModelRef
from tui.provider.base import Finished, TextDelta
from tui.session.chat import Chat
from tui.session.pace import Pace
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.store.library import Library
from tui.store.thread import LibraryThread


async def one_chat(sessions: Sessions, question: str = "Moon?") -> Chat:
    chat = sessions.new(MODEL)
    await (await sessions.send(chat, question)).run()
    return chat


def is_whole(chat: Chat) -> bool:
    return chat.whole  # by a function: no type checker thinks then that it stays so


async def texts(sessions: Sessions, chat: Chat) -> list[str]:
    return [message.text for message in await sessions.load(chat, chat.path)]


@pytest.fixture
async def window(path: Path, pace: Pace) -> AsyncIterator[tuple[Sessions, Scripted]]:
    """Another window: sessions of their own, on the same library."""
    library, provider = LibraryThread(lambda: Library(path)), Scripted()
    yield Sessions(library, provider, RoundPrices(), SETTINGS, pace=pace), provider
    library.close()


class TestOpening:
    async def test_a_new_chat_can_be_found_while_somebody_holds_it(
        self, sessions: Sessions
    ) -> None:
        chat = await one_chat(sessions)
        assert await sessions.open(chat.id) is chat

    async def test_two_openings_at_once_give_the_same_chat(
        self, sessions: Sessions, window: tuple[Sessions, Scripted]
    ) -> None:
        other, _ = window
        chat_id = (await one_chat(other)).id
        first, second = await asyncio.gather(sessions.open(chat_id), sessions.open(chat_id))
        assert first is second

    async def test_a_chat_that_is_being_saved_for_the_first_time_is_not_made_twice(
        self, sessions: Sessions
    ) -> None:
        chat = sessions.new(MODEL)
        with slow_disk(sessions) as waiting:
            sending = asyncio.create_task(sessions.send(chat, "Moon?"))
            await until(lambda: waiting() == 1)
            opening = asyncio.create_task(sessions.open(chat.id))
            await until(lambda: waiting() == 2)
        turn = await sending
        assert await opening is chat
        await turn.run()

    async def test_nobody_who_holds_it_nothing_in_memory(self, sessions: Sessions) -> None:
        chat_id = (await one_chat(sessions)).id
        gc.collect()
        assert chat_id not in sessions._open
        again = await sessions.open(chat_id)
        assert again.messages == {}  # the shape of the tree, and no text
        assert await texts(sessions, again) == ["Moon?", "Well."]

    async def test_there_is_no_such_chat(self, sessions: Sessions) -> None:
        unsaved = sessions.new(MODEL)
        for chat_id in ("no such", unsaved.id):
            with pytest.raises(ChatError) as caught:
                await sessions.open(chat_id)
            assert caught.value.kind is ErrorKind.NO_SUCH_CHAT

    async def test_a_chat_that_remembers_no_branch_opens_on_the_newest(
        self, sessions: Sessions, elsewhere: Library
    ) -> None:
        chat = await one_chat(sessions)
        chat_id, path = chat.id, chat.path
        elsewhere.change(chat_id, active_leaf=None)
        del chat
        gc.collect()
        chat = await sessions.open(chat_id)
        assert chat.path == path
        assert not await sessions.refresh(chat)

    async def test_a_long_one_is_there_by_its_end_before_the_rest_is_read(
        self, sessions: Sessions
    ) -> None:
        chat = await one_chat(sessions)
        for number in range(9):
            await (await sessions.send(chat, f"And {number}?")).run()
        await (await sessions.retry(chat, chat.path[-1])).run()
        chat_id, path, place = chat.id, chat.path, chat.tree.place(chat.path[-1])
        del chat
        gc.collect()
        chat = await sessions.open_end(chat_id, 4)
        assert not is_whole(chat)
        assert chat.path == path[-4:]
        assert chat.tree.place(path[-1]) == place == (2, 2)
        assert await texts(sessions, chat) == ["And 7?", "Well.", "And 8?", "Well."]
        assert await sessions.refresh(chat)
        assert is_whole(chat)
        assert chat.path == path
        assert not await sessions.refresh(chat)

    async def test_whoever_writes_in_one_that_is_there_by_its_end_knows_it_all(
        self, sessions: Sessions, provider: Scripted
    ) -> None:
        chat = await one_chat(sessions)
        for number in range(3):
            await (await sessions.send(chat, f"And {number}?")).run()
        chat_id, path = chat.id, chat.path
        for act in ("send", "edit", "retry", "step"):
            del chat
            gc.collect()
            chat = await sessions.open_end(chat_id, 2)
            assert not is_whole(chat)
            if act == "send":
                await (await sessions.send(chat, "At last?")).run()
                assert len(provider.asked[-1].prompt) == 9  # all that was said goes with it
                assert chat.path[:-2] == path
            elif act == "edit":
                await (await sessions.edit(chat, chat.path[0], "Once more?")).run()
                assert len(provider.asked[-1].prompt) == 9
            elif act == "retry":
                await (await sessions.retry(chat, chat.path[-1])).run()
                assert len(provider.asked[-1].prompt) == 9
            else:
                assert await sessions.step(chat, chat.path[-1], -1)
            assert is_whole(chat)
            assert chat.path[: len(path)] == path

    async def test_a_short_one_is_whole_at_once(self, sessions: Sessions) -> None:
        chat_id = (await one_chat(sessions)).id
        gc.collect()
        chat = await sessions.open_end(chat_id, 4)
        assert is_whole(chat)
        assert not await sessions.refresh(chat)
        assert await sessions.open_end(chat_id, 1) is chat

    async def test_one_that_remembers_no_branch_is_read_whole(
        self, sessions: Sessions, elsewhere: Library
    ) -> None:
        chat = await one_chat(sessions)
        await (await sessions.send(chat, "And?")).run()
        chat_id, path = chat.id, chat.path
        elsewhere.change(chat_id, active_leaf=None)
        del chat
        gc.collect()
        chat = await sessions.open_end(chat_id, 1)
        assert is_whole(chat)
        assert chat.path == path

    async def test_what_is_kept_of_the_texts_is_bounded(
        self, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tui.session.chat.KEPT_MESSAGES", 6)
        chat = await one_chat(sessions)
        for number in range(9):
            await (await sessions.send(chat, f"And {number}?")).run()
        loaded = await sessions.load(chat, chat.path)
        assert [message.id for message in loaded] == chat.path  # all that was asked for
        assert list(chat.messages) == chat.path[-6:]
        first, second = chat.path[:2]
        await sessions.load(chat, [chat.path[-6], first, second])
        assert list(chat.messages) == [*chat.path[-3:], chat.path[-6], first, second]
        monkeypatch.setattr("tui.session.chat.KEPT_TEXT", 12)
        await sessions.load(chat, [second])
        assert list(chat.messages) == [first, second]

    async def test_a_reply_that_is_written_is_kept_whatever_else_is_read(
        self, sessions: Sessions, provider: Scripted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tui.session.chat.KEPT_MESSAGES", 1)
        chat = await one_chat(sessions)
        provider.live().put_nowait(TextDelta("Mo"))
        turn = await sessions.send(chat, "And?")
        await sessions.load(chat, chat.path)
        assert turn.reply.id in chat.messages
        turn.stop()
        await turn.run()

    async def test_only_texts_that_are_asked_for_are_read(
        self, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat_id = (await one_chat(sessions)).id
        gc.collect()
        read: list[str] = []
        messages = Library.messages

        def noting(library: Library, ids: list[str]) -> object:
            read.extend(ids)
            return messages(library, ids)

        monkeypatch.setattr(Library, "messages", noting)
        chat = await sessions.open(chat_id)
        question, reply = chat.path
        await sessions.load(chat, [reply])
        await sessions.load(chat, [reply])
        assert read == [reply]
        # In the order in which they are asked for, whatever was in memory.
        loaded = await sessions.load(chat, [reply, question])
        assert [message.id for message in loaded] == [reply, question]
        assert read == [reply, question]


class TestAnotherWindow:
    async def test_what_it_wrote_is_taken_in(
        self, sessions: Sessions, window: tuple[Sessions, Scripted]
    ) -> None:
        other, provider = window
        chat = await one_chat(sessions)
        theirs = await other.open(chat.id)
        provider.script(*says("Water."))
        await (await other.send(theirs, "Tides?")).run()
        assert await sessions.refresh(chat)
        assert len(chat.tree) == 4
        assert await texts(sessions, theirs) == ["Moon?", "Well.", "Tides?", "Water."]
        assert not await sessions.refresh(chat)

    async def test_the_branch_one_looks_at_is_one_s_own(
        self, sessions: Sessions, window: tuple[Sessions, Scripted]
    ) -> None:
        other, _ = window
        chat = await one_chat(sessions)
        mine = chat.path
        theirs = await other.open(chat.id)
        await (await other.retry(theirs, theirs.path[-1])).run()
        await sessions.refresh(chat)
        assert chat.path == mine
        assert theirs.path != mine
        assert not await sessions.refresh(chat)  # that they differ is nothing new

    async def test_so_is_the_draft(
        self, sessions: Sessions, window: tuple[Sessions, Scripted]
    ) -> None:
        """Or two windows would each write the other's draft over their own, for ever."""
        other, _ = window
        chat = await one_chat(sessions)
        theirs = await other.open(chat.id)
        await other.change(theirs, draft="theirs")
        await sessions.refresh(chat)
        assert chat.conversation.draft == ""
        await sessions.change(chat, draft="mine")
        await other.refresh(theirs)
        assert theirs.conversation.draft == "theirs"

    async def test_both_write_below_the_same_message(
        self, sessions: Sessions, window: tuple[Sessions, Scripted]
    ) -> None:
        other, _ = window
        chat = await one_chat(sessions)
        theirs = await other.open(chat.id)
        turns = await asyncio.gather(sessions.send(chat, "Mine"), other.send(theirs, "Theirs"))
        await asyncio.gather(*(turn.run() for turn in turns))
        await sessions.refresh(chat)
        await other.refresh(theirs)
        assert await texts(sessions, chat) == ["Moon?", "Well.", "Mine", "Well."]
        assert await texts(other, theirs) == ["Moon?", "Well.", "Theirs", "Well."]
        assert set(chat.tree.siblings(chat.path[2])) == {chat.path[2], theirs.path[2]}

    async def test_its_reply_in_flight_is_left_to_it(
        self, sessions: Sessions, window: tuple[Sessions, Scripted]
    ) -> None:
        other, provider = window
        theirs = other.new(MODEL)
        wire = provider.live()
        turn = await other.send(theirs, "Count")
        running = asyncio.create_task(turn.run())
        wire.put_nowait(TextDelta("One, "))
        await until(lambda: turn.text)
        await other.library.run(lambda library: library.flush(turn.reply.id, turn.text, ""))

        chat = await sessions.open(theirs.id)
        assert (await texts(sessions, chat)) == ["Count", "One, "]
        assert chat.messages[turn.reply.id].status is Status.STREAMING
        assert chat.conversation.streaming
        assert sessions.turns == {}

        wire.put_nowait(TextDelta("two"))
        await until(lambda: turn.text == "One, two")
        await other.library.run(lambda library: library.flush(turn.reply.id, turn.text, ""))
        assert await sessions.refresh(chat)
        assert turn.reply.id not in chat.messages  # whoever shows it reads it anew
        assert (await texts(sessions, chat)) == ["Count", "One, two"]

        wire.put_nowait(TextDelta("."))
        wire.put_nowait(Finished("stop"))
        await running
        assert await sessions.refresh(chat)
        (reply,) = await sessions.load(chat, [turn.reply.id])
        assert (reply.text, reply.status) == ("One, two.", Status.COMPLETE)
        assert not await sessions.refresh(chat)

    async def test_a_prompt_has_their_reply_as_it_is_by_then(
        self,
        sessions: Sessions,
        provider: Scripted,
        window: tuple[Sessions, Scripted],
    ) -> None:
        other, their_provider = window
        theirs = other.new(MODEL)
        wire = their_provider.live()
        turn = await other.send(theirs, "Count")
        running = asyncio.create_task(turn.run())
        chat = await sessions.open(theirs.id)
        await texts(sessions, chat)
        wire.put_nowait(TextDelta("One, two."))
        wire.put_nowait(Finished("stop"))
        await running
        # No refresh in between: the message is sent the moment their reply ends.
        await (await sessions.send(chat, "Go on")).run()
        assert provider.asked[0].prompt == [
            ("user", "Count"),
            ("assistant", "One, two."),
            ("user", "Go on"),
        ]

    async def test_refreshing_while_one_streams_oneself_changes_nothing_of_it(
        self, sessions: Sessions, provider: Scripted
    ) -> None:
        wire = provider.live()
        chat = sessions.new(MODEL)
        turn = await sessions.send(chat, "Count")
        running = asyncio.create_task(turn.run())
        wire.put_nowait(TextDelta("One, "))
        await until(lambda: turn.text)
        await sessions.refresh(chat)
        assert sessions.turns == {turn.reply.id: turn}
        assert chat.messages[turn.reply.id] is turn.reply
        wire.put_nowait(Finished("stop"))
        reply = await running
        assert await sessions.load(chat, [reply.id]) == [reply]

    async def test_an_end_is_not_undone_by_what_was_read_before_it(
        self, sessions: Sessions, provider: Scripted
    ) -> None:
        """The row is read, the reply ends, and only then does the reading come back."""
        chat = sessions.new(MODEL)
        turn = await sessions.send(chat, "Hello")
        del chat.messages[turn.reply.id]
        with slow_disk(sessions) as waiting:
            loading = asyncio.create_task(sessions.load(chat, [turn.reply.id]))
            await until(lambda: waiting() == 1)
            ending = asyncio.create_task(turn.run())
            await until(lambda: waiting() == 2)
        await asyncio.gather(loading, ending)
        assert await sessions.load(chat, [turn.reply.id]) == [turn.reply]

    @pytest.mark.parametrize("what", ["refresh", "send", "edit", "retry"])
    async def test_what_is_changed_meanwhile_is_not_undone(
        self, sessions: Sessions, elsewhere: Library, what: str
    ) -> None:
        chat = await one_chat(sessions)
        question, reply = chat.path
        ways: dict[str, Callable[[], Coroutine[object, object, Turn | bool]]] = {
            "refresh": lambda: sessions.refresh(chat),
            "send": lambda: sessions.send(chat, "Tides?"),
            "edit": lambda: sessions.edit(chat, question, "Sun?"),
            "retry": lambda: sessions.retry(chat, reply),
        }
        with slow_disk(sessions) as waiting:
            doing = asyncio.create_task(ways[what]())
            await until(lambda: waiting() == 1)
            changing = asyncio.create_task(sessions.change(chat, title="Sky", titled=True))
            await asyncio.sleep(0)
        done = await doing
        await changing
        assert chat.conversation.title == "Sky"
        assert elsewhere.conversation(chat.id).title == "Sky"
        if isinstance(done, Turn):
            await done.run()

    async def test_an_unsaved_chat_has_nothing_to_refresh(self, sessions: Sessions) -> None:
        assert not await sessions.refresh(sessions.new(MODEL))


class TestTitles:
    async def test_from_the_first_message_at_once(
        self, sessions: Sessions, elsewhere: Library
    ) -> None:
        chat = sessions.new(MODEL)
        assert chat.conversation.title == "New chat"
        turn = await sessions.send(chat, "# Why is the sky blue?\nIn three words.")
        assert chat.conversation.title == "Why is the sky blue?"
        assert elsewhere.conversation(chat.id).title == "Why is the sky blue?"
        await turn.run()
        await (await sessions.send(chat, "And at night?")).run()
        assert chat.conversation.title == "Why is the sky blue?"

    async def test_a_person_s_own_is_kept(self, sessions: Sessions, elsewhere: Library) -> None:
        chat = sessions.new(MODEL)
        await sessions.change(chat, title="Sky", titled=True)
        await (await sessions.send(chat, "Why is it blue?")).run()
        assert elsewhere.conversation(chat.id).title == "Sky"

    async def test_given_while_the_first_message_is_saved_it_is_kept_too(
        self, sessions: Sessions, elsewhere: Library
    ) -> None:
        chat = sessions.new(MODEL)
        turn, _ = await asyncio.gather(
            sessions.send(chat, "Why is it blue?"),
            sessions.change(chat, title="Sky", titled=True),
        )
        await turn.run()
        assert chat.conversation.title == "Sky"
        assert elsewhere.conversation(chat.id).title == "Sky"


class TestDrafts:
    async def test_a_draft_is_kept(
        self, sessions: Sessions, window: tuple[Sessions, Scripted]
    ) -> None:
        chat = await one_chat(sessions)
        await sessions.change(chat, draft="And what about")
        other, _ = window
        assert (await other.open(chat.id)).conversation.draft == "And what about"

    async def test_sending_takes_it_away(self, sessions: Sessions, elsewhere: Library) -> None:
        chat = await one_chat(sessions)
        await sessions.change(chat, draft="Tides?")
        await (await sessions.send(chat, "Tides?")).run()
        assert chat.conversation.draft == ""
        assert elsewhere.conversation(chat.id).draft == ""

    async def test_what_is_typed_while_a_message_is_saved_is_the_next_draft(
        self, sessions: Sessions, elsewhere: Library
    ) -> None:
        chat = sessions.new(MODEL)
        turn, _ = await asyncio.gather(
            sessions.send(chat, "Tides?"), sessions.change(chat, draft="An")
        )
        await turn.run()
        assert chat.conversation.draft == "An"
        assert elsewhere.conversation(chat.id).draft == "An"

    async def test_asking_again_leaves_it_alone(
        self, sessions: Sessions, elsewhere: Library
    ) -> None:
        chat = await one_chat(sessions)
        await sessions.change(chat, draft="And")
        await (await sessions.retry(chat, chat.path[-1])).run()
        assert chat.conversation.draft == "And"
        assert elsewhere.conversation(chat.id).draft == "And"


async def test_a_model_switch_holds_for_the_next_message(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    chat = await one_chat(sessions)
    mini = ModelRef("loopback", "gpt-4o-mini")
    await sessions.change(chat, model=mini.model, endpoint=mini.endpoint)
    reply = await (await sessions.send(chat, "Tides?")).run()
    assert provider.asked[-1].request.model == "gpt-4o-mini"
    assert [message.model for message in elsewhere.messages(chat.path)] == [
        "",
        "gpt-4o",
        "",
        "gpt-4o-mini",
    ]
    assert reply.model == "gpt-4o-mini"
