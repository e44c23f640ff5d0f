"""Editing, asking again, stepping between siblings: nothing is ever overwritten."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.session.scripted import MODEL, Scripted, says
from tests.waiting import until
from tui.core.conversation import Parameters
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Attachment, Message, Role, utc_now
from tui.core.models import ModelRef
from tui.provider.base import Finished, TextDelta
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.store.library import Library


@pytest.fixture
async def chat(sessions: Sessions, provider: Scripted) -> Chat:
    """A chat of two questions, each with its reply."""
    chat = sessions.new(MODEL)
    for question, answer in (("Moon?", "Rock."), ("Tides?", "Water.")):
        provider.script(*says(answer))
        await (await sessions.send(chat, question)).run()
    return chat


async def said(sessions: Sessions, chat: Chat) -> list[str]:
    """The branch one looks at."""
    return [message.text for message in await sessions.load(chat, chat.path)]


def all_said(library: Library, chat: Chat) -> list[str]:
    """Every message of every branch, as another process reads it."""
    nodes = library.nodes(chat.id)
    return [message.text for message in library.messages([node.id for node in nodes])]


async def test_asking_again_makes_a_sibling(
    sessions: Sessions, provider: Scripted, chat: Chat, elsewhere: Library
) -> None:
    first = chat.path[-1]
    provider.script(*says("The moon pulls."))
    second = (await (await sessions.retry(chat, first)).run()).id
    assert await said(sessions, chat) == ["Moon?", "Rock.", "Tides?", "The moon pulls."]
    assert chat.tree.siblings(second) == [first, second]
    assert chat.tree.place(second) == (2, 2)
    assert all_said(elsewhere, chat) == ["Moon?", "Rock.", "Tides?", "Water.", "The moon pulls."]


async def test_the_reply_asked_for_again_is_not_in_the_prompt(
    sessions: Sessions, provider: Scripted, chat: Chat
) -> None:
    await (await sessions.retry(chat, chat.path[-1])).run()
    assert provider.asked[-1].prompt == [
        ("user", "Moon?"),
        ("assistant", "Rock."),
        ("user", "Tides?"),
    ]


async def test_another_model_may_be_asked(
    sessions: Sessions, provider: Scripted, chat: Chat
) -> None:
    mini = ModelRef("loopback", "gpt-4o-mini")
    reply = await (await sessions.retry(chat, chat.path[-1], mini)).run()
    assert (provider.asked[-1].request.model, reply.model) == ("gpt-4o-mini", "gpt-4o-mini")
    # For this reply only: the chat's own model is what it was.
    assert chat.conversation.model == "gpt-4o"
    await (await sessions.send(chat, "And?")).run()
    assert provider.asked[-1].request.model == "gpt-4o"


async def test_a_question_may_be_answered_again(
    sessions: Sessions, provider: Scripted, chat: Chat
) -> None:
    """As after a reply that failed before it was there."""
    question, first = chat.path[-2:]
    second = (await (await sessions.retry(chat, question)).run()).id
    assert chat.tree.siblings(first) == [first, second]


async def test_an_earlier_reply_may_be_asked_for_again(
    sessions: Sessions, provider: Scripted, chat: Chat
) -> None:
    before = chat.path
    provider.script(*says("Cheese."))
    await (await sessions.retry(chat, before[1])).run()
    assert await said(sessions, chat) == ["Moon?", "Cheese."]
    assert provider.asked[-1].prompt == [("user", "Moon?")]
    assert await sessions.step(chat, chat.path[1], -1)
    assert chat.path == before


async def test_editing_makes_a_branch_beside_it(
    sessions: Sessions, provider: Scripted, chat: Chat, elsewhere: Library
) -> None:
    before = chat.path
    provider.script(*says("Green."))
    await (await sessions.edit(chat, before[2], "Cheese?")).run()
    assert await said(sessions, chat) == ["Moon?", "Rock.", "Cheese?", "Green."]
    assert chat.tree.siblings(before[2]) == [before[2], chat.path[2]]
    assert all_said(elsewhere, chat)[:4] == ["Moon?", "Rock.", "Tides?", "Water."]


async def test_editing_the_first_message_begins_another_conversation_in_the_same_chat(
    sessions: Sessions, provider: Scripted, chat: Chat
) -> None:
    await (await sessions.edit(chat, chat.path[0], "Sun?")).run()
    assert provider.asked[-1].prompt == [("user", "Sun?")]
    assert len(chat.path) == 2
    assert chat.conversation.title == "Moon?"


async def test_editing_keeps_the_files(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    chat = sessions.new(MODEL)
    notes = Attachment("notes.txt", "text/plain", 5, "Tides")
    await (await sessions.send(chat, "Read this", [notes])).run()
    await (await sessions.edit(chat, chat.path[0], "Read that")).run()
    assert elsewhere.messages(chat.path)[0].attachments == (notes,)
    assert provider.asked[-1].request.messages[0].attachments == (notes,)


async def test_only_one_s_own_messages_can_be_edited(sessions: Sessions, chat: Chat) -> None:
    with pytest.raises(ValueError, match="only the user's own"):
        await sessions.edit(chat, chat.path[1], "Cheese.")


async def test_a_reply_to_nothing_cannot_be_asked_for(
    sessions: Sessions, elsewhere: Library
) -> None:
    conversation = sessions.new(MODEL).conversation
    greeting = Message("0" * 16, conversation.id, None, Role.ASSISTANT, "Hello!", utc_now())
    elsewhere.begin_turn([greeting], conversation)
    chat = await sessions.open(conversation.id)
    with pytest.raises(ChatError, match="nothing to ask again here") as caught:
        await sessions.retry(chat, greeting.id)
    assert caught.value.kind is ErrorKind.BRANCH


async def test_stepping_comes_to_the_end_of_the_newest_branch_there(
    sessions: Sessions, provider: Scripted, chat: Chat
) -> None:
    long_branch = chat.path
    await (await sessions.edit(chat, long_branch[0], "Sun?")).run()
    short_branch = chat.path
    assert await sessions.step(chat, short_branch[0], -1)
    assert chat.path == long_branch
    assert await sessions.step(chat, long_branch[0], +1)
    assert chat.path == short_branch


async def test_past_the_last_sibling_there_is_no_step(sessions: Sessions, chat: Chat) -> None:
    before = chat.path
    assert not await sessions.step(chat, before[-1], +1)
    assert not await sessions.step(chat, before[-1], -1)
    assert chat.path == before


async def test_a_message_goes_to_the_end_of_the_branch_one_looks_at(
    sessions: Sessions, provider: Scripted, chat: Chat
) -> None:
    first = chat.path[-1]
    await (await sessions.retry(chat, first)).run()
    await sessions.step(chat, chat.path[-1], -1)
    await (await sessions.send(chat, "Go on")).run()
    assert chat.tree[chat.path[-2]].parent == first


async def test_a_chat_opens_on_the_branch_it_was_left_on(
    sessions: Sessions, chat: Chat, elsewhere: Library
) -> None:
    await (await sessions.retry(chat, chat.path[-1])).run()
    await sessions.step(chat, chat.path[-1], -1)
    left = chat.path
    chat_id = chat.id
    del chat
    sessions._open.clear()  # as in a new process
    again = await sessions.open(chat_id)
    assert again.path == left
    assert elsewhere.conversation(chat_id).active_leaf == left[-1]


async def test_one_may_look_elsewhere_while_a_reply_streams(
    sessions: Sessions, provider: Scripted, chat: Chat
) -> None:
    first = chat.path[-1]
    wire = provider.live()
    turn = await sessions.retry(chat, first)
    running = asyncio.create_task(turn.run())
    await sessions.step(chat, turn.reply.id, -1)
    wire.put_nowait(TextDelta("The moon pulls."))
    wire.put_nowait(Finished("stop"))
    await running
    assert chat.path[-1] == first
    await sessions.step(chat, first, +1)
    assert (await said(sessions, chat))[-1] == "The moon pulls."


async def test_two_messages_at_once_follow_each_other(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    """Also the first two of a new chat: neither is lost, neither pushes the other aside."""
    chat = sessions.new(MODEL)
    turns = await asyncio.gather(sessions.send(chat, "One"), sessions.send(chat, "Two"))
    await asyncio.gather(*(turn.run() for turn in turns))
    assert await said(sessions, chat) == ["One", "Well.", "Two", "Well."]
    assert elsewhere.conversation(chat.id).title == "One"


async def test_what_a_reply_in_flight_has_said_goes_into_a_prompt_below_it(
    sessions: Sessions, provider: Scripted
) -> None:
    wire = provider.live()
    chat = sessions.new(MODEL)
    first = await sessions.send(chat, "Count")
    running = asyncio.create_task(first.run())
    wire.put_nowait(TextDelta("One, "))
    await until(lambda: first.text)
    await (await sessions.send(chat, "Faster")).run()
    assert provider.asked[1].prompt[1] == ("assistant", "One, ")
    wire.put_nowait(Finished("stop"))
    await running


@pytest.mark.parametrize(
    ("own", "prompt"),
    [
        (None, [("system", "Be brief."), ("user", "Hello")]),
        ("Be kind.", [("system", "Be kind."), ("user", "Hello")]),
        ("", [("user", "Hello")]),
    ],
)
async def test_the_system_prompt_is_the_chat_s_or_else_the_config_s(
    sessions: Sessions, provider: Scripted, own: str | None, prompt: list[tuple[str, str]]
) -> None:
    sessions.settings = replace(sessions.settings, system_prompt="Be brief.")
    await (await sessions.send(sessions.new(MODEL, own), "Hello")).run()
    assert provider.asked[0].prompt == prompt


async def test_parameters_are_the_chat_s_over_the_config_s(
    sessions: Sessions, provider: Scripted
) -> None:
    sessions.settings = replace(
        sessions.settings, parameters=Parameters(temperature=0.7, max_tokens=100)
    )
    chat = sessions.new(MODEL)
    await sessions.change(chat, parameters=Parameters(max_tokens=5))
    await (await sessions.send(chat, "Hello")).run()
    assert provider.asked[0].request.parameters == Parameters(0.7, 5)
