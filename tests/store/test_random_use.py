"""Any sequence of use, against a plain model in memory: nothing is lost, nothing overwritten."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.store.chats import MINUTE, NOON
from tui.core.conversation import Conversation
from tui.core.errors import ChatError
from tui.core.message import Message, Role, Status, utc_now
from tui.core.safe import storable
from tui.core.tree import Node, Tree
from tui.store.library import Library
from tui.store.liveness import Liveness

TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)  # lone surrogates included
ENDS = st.sampled_from([status for status in Status if not status.in_flight])


@dataclass
class ChatModel:
    """What a chat should be. `updated` is the least it may be: ends move it to the present.

    `deleted` are its branches in the trash, the last one last.
    """

    conversation: Conversation
    messages: list[Message] = field(default_factory=list)
    deleted: list[list[Message]] = field(default_factory=list)

    def tree(self) -> Tree:
        return Tree(Node(one.id, one.parent, one.role, len(one.text)) for one in self.messages)

    def of_role(self, role: Role) -> list[Message]:
        return [message for message in self.messages if message.role is role]

    def put(self, message: Message) -> None:
        at = next(n for n, one in enumerate(self.messages) if one.id == message.id)
        self.messages[at] = message


class Use(RuleBasedStateMachine):
    """Everything that may be done to a library, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.library = Library(self.folder / "chinwag.db")
        self.chats: dict[str, ChatModel] = {}
        self.made = 0

    def teardown(self) -> None:
        assert self.library.check() == []
        self.library.close()
        shutil.rmtree(self.folder)

    # Choices among what is there

    def new_id(self) -> str:
        self.made += 1
        return f"{self.made:016x}"

    def chosen(self, data: st.DataObject) -> ChatModel:
        return self.chats[data.draw(st.sampled_from(sorted(self.chats)))]

    def in_flight(self) -> list[Message]:
        return [
            message
            for chat in self.chats.values()
            for message in chat.messages
            if message.status.in_flight
        ]

    def begin(
        self,
        chat: ChatModel,
        *,
        after: str | None,
        text: str | None,
        answered: bool = True,
        new: bool = False,
    ) -> None:
        """Save a turn: a user message if there is a text, and a reply if it is answered."""
        at = NOON + self.made * MINUTE
        turn: list[Message] = []
        if text is not None:
            user = Message(self.new_id(), chat.conversation.id, after, Role.USER, text, at)
            after = user.id
            turn.append(user)
        if answered:
            turn.append(
                Message(
                    self.new_id(),
                    chat.conversation.id,
                    after,
                    Role.ASSISTANT,
                    "",
                    at,
                    Status.PENDING,
                )
            )
        self.library.begin_turn(turn, chat.conversation if new else None)
        chat.messages += [replace(message, text=storable(message.text)) for message in turn]
        chat.conversation = replace(
            chat.conversation,
            active_leaf=turn[-1].id,
            draft="" if text is not None else chat.conversation.draft,
            updated=max(at, chat.conversation.updated),
            deleted_at=None,
        )

    # What may be done

    @initialize(text=TEXTS)
    def start_the_first(self, text: str) -> None:
        self.start(text=text)

    @rule(text=TEXTS)
    def start(self, text: str) -> None:
        conversation = Conversation(self.new_id(), "New chat", NOON, NOON, "gpt-4o", "openai")
        self.chats[conversation.id] = ChatModel(conversation)
        self.begin(self.chats[conversation.id], after=None, text=text, new=True)

    @precondition(lambda self: self.chats)
    @rule(data=st.data(), text=TEXTS)
    def send(self, data: st.DataObject, text: str) -> None:
        chat = self.chosen(data)
        self.begin(chat, after=chat.conversation.active_leaf, text=text)

    @precondition(lambda self: self.chats)
    @rule(data=st.data(), text=TEXTS, answered=st.booleans())
    def edit(self, data: st.DataObject, text: str, answered: bool) -> None:
        chat = self.chosen(data)
        edited = data.draw(st.sampled_from(chat.of_role(Role.USER)))
        self.begin(chat, after=edited.parent, text=text, answered=answered)

    @precondition(lambda self: self.chats)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        chat = self.chosen(data)
        question = data.draw(st.sampled_from(chat.of_role(Role.USER)))
        self.begin(chat, after=question.id, text=None)

    @precondition(lambda self: self.in_flight())
    @rule(data=st.data(), text=TEXTS)
    def stream(self, data: st.DataObject, text: str) -> None:
        message = data.draw(st.sampled_from(self.in_flight()))
        more = message.text + storable(text)
        self.library.flush(message.id, more, text)
        self.chats[message.conversation].put(
            replace(message, text=more, reasoning=storable(text), status=Status.STREAMING)
        )

    @precondition(lambda self: self.in_flight())
    @rule(data=st.data(), text=TEXTS, status=ENDS)
    def finish(self, data: st.DataObject, text: str, status: Status) -> None:
        message = data.draw(st.sampled_from(self.in_flight()))
        done = replace(message, text=message.text + storable(text), status=status)
        before = utc_now()
        self.library.finish(done)
        chat = self.chats[message.conversation]
        chat.put(done)
        updated = max(before, chat.conversation.updated)
        chat.conversation = replace(chat.conversation, updated=updated)

    @precondition(lambda self: self.chats)
    @rule(data=st.data(), draft=TEXTS)
    def type(self, data: st.DataObject, draft: str) -> None:
        chat = self.chosen(data)
        self.library.change(chat.conversation.id, draft=draft)
        chat.conversation = replace(chat.conversation, draft=storable(draft))

    @precondition(lambda self: self.chats)
    @rule(data=st.data())
    def step_to_a_branch(self, data: st.DataObject) -> None:
        chat = self.chosen(data)
        leaf = chat.tree().leaf_under(data.draw(st.sampled_from(chat.messages)).id)
        self.library.change(chat.conversation.id, active_leaf=leaf)
        chat.conversation = replace(chat.conversation, active_leaf=leaf)

    @precondition(lambda self: self.chats)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        chat = self.chosen(data)
        self.library.delete(chat.conversation.id, NOON)
        chat.conversation = replace(chat.conversation, deleted_at=NOON)

    @precondition(lambda self: self.chats)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        chat = self.chosen(data)
        self.library.restore(chat.conversation.id)
        chat.conversation = replace(chat.conversation, deleted_at=None)

    @precondition(lambda self: self.chats)
    @rule(data=st.data())
    def delete_a_branch(self, data: st.DataObject) -> None:
        chat = self.chosen(data)
        first = data.draw(st.sampled_from(chat.messages)).id
        self.made += 1
        at = NOON + self.made * MINUTE
        tree = chat.tree()
        ids = set(tree.branch(first))
        branch = [message for message in chat.messages if message.id in ids]
        if len(ids) == len(tree) or any(message.status.in_flight for message in branch):
            with pytest.raises(ChatError):
                self.library.branches.delete(chat.conversation.id, first, at)
            return
        assert self.library.branches.delete(chat.conversation.id, first, at) == len(branch)
        chat.messages = [message for message in chat.messages if message.id not in ids]
        chat.deleted.append(branch)
        if chat.conversation.active_leaf in ids:
            leaf = tree.leaf_without(first)
            chat.conversation = replace(chat.conversation, active_leaf=leaf)

    @precondition(lambda self: self.chats)
    @rule(data=st.data())
    def undo_that(self, data: st.DataObject) -> None:
        chat = self.chosen(data)
        back = self.library.branches.restore_last(chat.conversation.id)
        if not chat.deleted:
            assert back is None
            return
        branch = chat.deleted.pop()
        assert back == (branch[0].id, len(branch))
        chat.messages = sorted([*chat.messages, *branch], key=lambda message: message.id)

    @rule()
    def empty_trash(self) -> None:
        for chat in self.chats.values():
            if not any(message.status.in_flight for message in chat.messages):
                chat.deleted.clear()
        gone = [
            chat.conversation.id
            for chat in self.chats.values()
            if chat.conversation.deleted_at
            and not any(message.status.in_flight for message in chat.messages)
        ]
        assert self.library.empty_trash(NOON + timedelta(days=30)) == len(gone)
        for chat_id in gone:
            del self.chats[chat_id]

    @rule(killed=st.booleans())
    def restart(self, killed: bool) -> None:
        if killed:  # nothing of what closing does, but what the system does by itself
            assert isinstance(self.library._liveness, Liveness)
            self.library._database.close()
            self.library._liveness._file.close()
        else:
            self.library.close()
        self.library = Library(self.folder / "chinwag.db")
        for message in self.in_flight():
            self.chats[message.conversation].put(replace(message, status=Status.INTERRUPTED))

    # What must hold after each

    @invariant()
    def every_message_is_as_it_was_left(self) -> None:
        for chat_id, chat in self.chats.items():
            nodes = self.library.nodes(chat_id)
            tree = Tree(nodes)  # raises if it is not whole
            assert [tree[message.id] for message in chat.messages] == nodes
            assert nodes == [chat.tree()[node.id] for node in nodes]
            assert self.library.messages([node.id for node in nodes]) == chat.messages

    @invariant()
    def every_chat_is_as_it_was_left(self) -> None:
        for chat_id, chat in self.chats.items():
            stored = self.library.conversation(chat_id)
            assert stored.updated >= chat.conversation.updated
            chat.conversation = replace(chat.conversation, updated=stored.updated)
            assert stored == replace(
                chat.conversation,
                message_count=len(chat.messages),
                streaming=any(message.status.in_flight for message in chat.messages),
            )

    @invariant()
    def the_list_is_what_is_not_in_the_trash(self) -> None:
        listed = self.library.conversations()
        wanted = [
            one.conversation for one in self.chats.values() if not one.conversation.deleted_at
        ]
        wanted.sort(key=lambda one: (one.updated, one.id), reverse=True)
        assert [one.id for one in listed] == [one.id for one in wanted]


TestUse = Use.TestCase
TestUse.settings = settings(max_examples=50, stateful_step_count=40)
