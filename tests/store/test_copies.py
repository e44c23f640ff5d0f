"""Whole chats out of a library and into one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.chats import chat, reply, said
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Message, Status
from tui.core.whole import WholeConversation, whole_conversation
from tui.store.copies import Put
from tui.store.library import Library


def talk(title: str = "Tides") -> WholeConversation:
    conversation = chat(title)
    question = said(conversation, "Why?")
    first = reply(question, "The moon.", Status.COMPLETE)
    second = reply(question, "The su", Status.STOPPED)
    conversation = replace(conversation, active_leaf=first.id, draft="And", tags=("sea",))
    return whole_conversation(conversation, [question, first, second])


def test_what_was_put_in_is_what_is_taken_out(library: Library) -> None:
    whole = talk()
    assert library.copies.put([whole]) == [(Put.ADDED, 3)]
    assert library.copies.take(whole.conversation.id) == whole
    assert library.conversations() == [whole.conversation]
    assert library.check() == []


def test_twice_adds_nothing_twice(library: Library) -> None:
    whole = talk()
    library.copies.put([whole])
    assert library.copies.put([whole]) == [(Put.PRESENT, 0)]
    assert library.size().messages == 3


def test_one_that_differs_is_left_as_it_was(library: Library) -> None:
    whole = talk()
    library.copies.put([whole])
    retitled = replace(whole, conversation=replace(whole.conversation, title="Other"))
    shorter = whole_conversation(whole.conversation, whole.messages[:2])
    assert library.copies.put([retitled]) == [(Put.DIFFERENT, 0)]
    assert library.copies.put([shorter]) == [(Put.DIFFERENT, 0)]
    assert library.copies.take(whole.conversation.id) == whole


def test_all_or_nothing_where_another_chat_has_such_a_message(library: Library) -> None:
    whole = talk()
    library.copies.put([whole])
    other = chat("Other")
    stolen = [
        said(other, "Mine."),
        replace(whole.messages[0], conversation=other.id),
    ]
    last = talk("Last")
    became = library.copies.put([whole_conversation(other, stolen), last, last])
    assert became == [(Put.REFUSED, 0), (Put.ADDED, 3), (Put.PRESENT, 0)]
    library.delete(last.conversation.id, last.conversation.updated)
    assert [one.title for one in library.conversations()] == ["Tides"]
    assert library.check() == []


def test_of_those_added_together_each_is_all_or_nothing(library: Library) -> None:
    first, last = talk("First"), talk("Last")
    other = chat("Other")
    stolen = [said(other, "Mine."), replace(first.messages[0], conversation=other.id)]
    became = library.copies.add([first, whole_conversation(other, stolen), last, first])
    assert became == [(Put.ADDED, 3), (Put.REFUSED, 0), (Put.ADDED, 3), (Put.PRESENT, 0)]
    assert sorted(one.title for one in library.conversations()) == ["First", "Last"]
    assert library.check() == []


def test_another_window_sees_it_come(library: Library, path: Path) -> None:
    other = Library(path)
    before = other.data_version()
    library.copies.put([talk()])
    assert other.data_version() != before
    assert [one.title for one in other.conversations()] == ["Tides"]
    other.close()


def test_one_that_is_not_there(library: Library) -> None:
    with pytest.raises(ChatError) as caught:
        library.copies.take("f" * 16)
    assert caught.value.kind is ErrorKind.NO_SUCH_CHAT


def test_what_is_no_tree_is_no_conversation() -> None:
    conversation = chat()
    question = said(conversation, "Why?")
    answer = reply(question)
    wrong: list[list[Message]] = [[answer, question], [question, question], [answer]]
    for messages in wrong:
        with pytest.raises(ValueError, match="message"):
            whole_conversation(conversation, messages)
    with pytest.raises(ValueError, match="there is no message"):
        whole_conversation(replace(conversation, active_leaf=answer.id), [question])
