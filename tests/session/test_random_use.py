"""Any sequence of use: the tree stays whole, and each text ever sent or received is still there."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.session.scripted import MODEL, SETTINGS, HandClock, RoundPrices, Scripted
from tests.waiting import until
from tui.core.branches import branch_rows
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Message, Role, Status
from tui.core.safe import storable
from tui.core.tree import Tree
from tui.provider.base import Event, Finished, TextDelta
from tui.session.branching import Branching
from tui.session.chat import Chat
from tui.session.pace import Pace
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.store.library import Library
from tui.store.thread import LibraryThread

T = TypeVar("T")
TEXTS = st.text(st.characters(exclude_categories=()), min_size=1, max_size=12)
MESSAGES = TEXTS.filter(str.strip)


@dataclass
class Living:
    """A reply in flight, and the wire that it comes by."""

    turn: Turn
    wire: asyncio.Queue[Event | Exception]
    running: asyncio.Task[Message]


@dataclass
class Expected:
    """What a message should be, from the moment it was sent."""

    conversation: str
    parent: str | None
    text: str
    status: Status = Status.COMPLETE


class Use(RuleBasedStateMachine):
    """Up to three chats in one window, used in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.expected: dict[str, Expected] = {}
        self.leaves: dict[str, str] = {}
        self.deleted: dict[str, list[dict[str, Expected]]] = {}  # branches, the last one last
        self.living: dict[str, Living] = {}
        self.chats: dict[str, Chat] = {}
        self.start()

    def start(self) -> None:
        self.provider, self.clock = Scripted(), HandClock()
        self.library = LibraryThread(lambda: Library(self.folder / "chinwag.db"))
        pace = Pace(self.clock, self.clock.sleep, 1.0)
        self.sessions = Sessions(self.library, self.provider, RoundPrices(), SETTINGS, pace=pace)

    def quit(self) -> None:
        """As the app does: what is in flight is stopped and saved."""
        for reply_id in list(self.living):
            self.end(reply_id, lambda living: living.turn.stop(), Status.STOPPED)
        self.library.close()

    def teardown(self) -> None:
        self.quit()
        self.runner.close()
        library = Library(self.folder / "chinwag.db")
        assert library.check() == []
        library.close()
        shutil.rmtree(self.folder)

    def do(self, work: Coroutine[object, object, T]) -> T:
        return self.runner.run(work)

    # What happens to replies

    def began(self, turn: Turn, parent: str | None, sent: str | None = None) -> None:
        """`sent` by the user below `parent`, or a reply alone to what stands there."""
        reply = turn.reply
        chat_id = reply.conversation
        if sent is not None:
            assert reply.parent is not None
            text = storable(sent.replace("\r\n", "\n"))
            self.expected[reply.parent] = Expected(chat_id, parent, text)
            parent = reply.parent
        self.expected[reply.id] = Expected(chat_id, parent, "")
        self.leaves[chat_id] = reply.id
        wire = self.provider.live()

        async def run() -> None:
            running = asyncio.create_task(turn.run())
            self.living[reply.id] = Living(turn, wire, running)
            asked = self.provider.asked
            await until(lambda: asked and asked[-1].request is turn.request)

        self.do(run())

    def end(self, reply_id: str, how: Callable[[Living], object], status: Status) -> None:
        living = self.living.pop(reply_id)

        async def finish() -> Message:
            how(living)
            return await living.running

        assert self.do(finish()).status is status
        self.expected[reply_id].status = status

    # Chosen by the order of their making: their ids are random, and a failure must be repeatable.

    def chosen(self, data: st.DataObject) -> Chat:
        return self.chats[data.draw(st.sampled_from(list(self.chats)))]

    def in_flight(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(list(self.living)))

    # Use

    @initialize(text=MESSAGES)
    def first(self, text: str) -> None:
        self.send_in_new_chat(text)

    @rule(text=MESSAGES)
    @precondition(lambda self: len(self.chats) < 3)
    def send_in_new_chat(self, text: str) -> None:
        chat = self.sessions.new(MODEL)
        self.chats[chat.id] = chat
        self.began(self.do(self.sessions.send(chat, text)), None, text)

    @rule(data=st.data(), text=MESSAGES)
    def send(self, data: st.DataObject, text: str) -> None:
        chat = self.chosen(data)
        self.began(self.do(self.sessions.send(chat, text)), self.leaves[chat.id], text)

    @rule(data=st.data(), text=MESSAGES)
    def edit(self, data: st.DataObject, text: str) -> None:
        chat = self.chosen(data)
        mine = [item for item in chat.path if chat.tree[item].role is Role.USER]
        edited = data.draw(st.sampled_from(mine))
        turn = self.do(self.sessions.edit(chat, edited, text))
        self.began(turn, self.expected[edited].parent, text)

    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        chat = self.chosen(data)
        again = data.draw(st.sampled_from(chat.path))
        asked = again if chat.tree[again].role is Role.USER else self.expected[again].parent
        self.began(self.do(self.sessions.retry(chat, again)), asked)

    @rule(data=st.data(), step=st.sampled_from([-1, 1]))
    def step(self, data: st.DataObject, step: int) -> None:
        chat = self.chosen(data)
        at = data.draw(st.sampled_from(chat.path))
        if self.do(self.sessions.step(chat, at, step)):
            assert chat.leaf is not None
            self.leaves[chat.id] = chat.leaf

    @rule(data=st.data())
    def delete_a_branch(self, data: st.DataObject) -> None:
        chat = self.chosen(data)
        rows = [row for row in branch_rows(chat.tree, chat.leaf) if row.has_siblings]
        if not rows:
            return
        row = data.draw(st.sampled_from(rows))
        ids = chat.tree.branch(row.id)
        deleting = Branching(self.sessions, chat).delete(row)
        if self.living.keys() & ids:
            with pytest.raises(ChatError, match="is being written"):
                self.do(deleting)
            return
        assert self.do(deleting) == len(ids)
        self.deleted.setdefault(chat.id, []).append({one: self.expected.pop(one) for one in ids})
        if self.leaves[chat.id] in ids:
            assert chat.leaf is not None
            self.leaves[chat.id] = chat.leaf

    @rule(data=st.data())
    def undo_that(self, data: st.DataObject) -> None:
        chat = self.chosen(data)
        back = self.do(Branching(self.sessions, chat).restore())
        if branches := self.deleted.get(chat.id):
            branch = branches.pop()
            assert back == (next(iter(branch)), len(branch))
            self.expected |= branch
        else:
            assert back is None

    @rule(data=st.data(), deltas=st.lists(TEXTS, min_size=1, max_size=3))
    @precondition(lambda self: self.living)
    def arrive(self, data: st.DataObject, deltas: list[str]) -> None:
        living = self.living[self.in_flight(data)]
        for delta in deltas:
            living.wire.put_nowait(TextDelta(delta))
        expected = self.expected[living.turn.reply.id]
        expected.text += "".join(deltas)
        self.do(until(lambda: living.turn.text == expected.text))

    @rule(data=st.data(), truncated=st.booleans())
    @precondition(lambda self: self.living)
    def finish(self, data: st.DataObject, truncated: bool) -> None:
        end = Finished("length" if truncated else "stop")
        status = Status.TRUNCATED if truncated else Status.COMPLETE
        self.end(self.in_flight(data), lambda living: living.wire.put_nowait(end), status)

    @rule(data=st.data())
    @precondition(lambda self: self.living)
    def stop(self, data: st.DataObject) -> None:
        self.end(self.in_flight(data), lambda living: living.turn.stop(), Status.STOPPED)

    @rule(data=st.data(), kind=st.sampled_from([ErrorKind.BROKEN_STREAM, ErrorKind.WRONG_KEY]))
    @precondition(lambda self: self.living)
    def fail(self, data: st.DataObject, kind: ErrorKind) -> None:
        failure = ChatError(kind, "It failed.")
        self.end(
            self.in_flight(data), lambda living: living.wire.put_nowait(failure), Status.FAILED
        )

    @rule()
    @precondition(lambda self: self.living)
    def a_second_passes(self) -> None:
        """And then whatever has arrived is on disk, should the next moment be the last one."""
        self.clock.advance(1.0)
        arrived = {reply_id: self.expected[reply_id].text for reply_id in self.living}

        def saved(library: Library) -> bool:
            return all(
                message.text == storable(arrived[message.id])
                for message in library.messages(list(arrived))
            )

        self.do(until(lambda: self.library.run_sync(saved)))

    @rule()
    def quit_and_start_again(self) -> None:
        self.quit()
        self.start()

        async def open_all() -> None:
            self.chats = {chat_id: await self.sessions.open(chat_id) for chat_id in self.chats}

        self.do(open_all())

    # What always holds

    @invariant()
    def every_word_is_in_memory(self) -> None:
        for chat in self.chats.values():
            ids = [
                item for item, message in self.expected.items() if message.conversation == chat.id
            ]
            assert len(chat.tree) == len(ids)
            for message in self.do(self.sessions.load(chat, ids)):
                self.check(message)

    @invariant()
    def every_branch_is_whole(self) -> None:
        for chat in self.chats.values():
            path = chat.path
            assert path[-1] == self.leaves[chat.id]
            for above, below in zip([None, *path], path, strict=False):
                assert self.expected[below].parent == above

    @invariant()
    def every_message_is_on_disk(self) -> None:
        def read(library: Library) -> list[tuple[str | None, Tree, list[Message]]]:
            found = []
            for chat_id in self.chats:
                nodes = library.nodes(chat_id)
                messages = library.messages([node.id for node in nodes])
                found.append((library.conversation(chat_id).active_leaf, Tree(nodes), messages))
            return found

        stored = self.do(self.library.run(read))
        assert sum(len(messages) for _, _, messages in stored) == len(self.expected)
        for leaf, tree, messages in stored:
            assert leaf == self.leaves[messages[0].conversation]
            assert tree.path(leaf)
            for message in messages:
                self.check(message)

    def check(self, message: Message) -> None:
        expected = self.expected[message.id]
        assert (message.conversation, message.parent) == (expected.conversation, expected.parent)
        if message.id in self.living:
            assert storable(expected.text).startswith(message.text)
        else:
            assert message.text == storable(expected.text)
            assert message.status is expected.status


TestUse = Use.TestCase
TestUse.settings = settings(max_examples=25, stateful_step_count=25)
