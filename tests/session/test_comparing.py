"""One message to several models at once: siblings, begun together, each on its own."""

from __future__ import annotations

import asyncio

import pytest

from tests.session.scripted import MODEL, HandClock, Scripted, says
from tests.waiting import until
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Attachment, Status
from tui.core.models import ModelRef
from tui.core.usage import ModelFacts, estimate_tokens
from tui.provider.base import Event, Finished, Request, Started, TextDelta
from tui.session import prompt
from tui.session.comparing import ask_all_again, send_to_all
from tui.session.counting import Counted
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.store.library import Library

MINI = ModelRef("loopback", "gpt-4o-mini")
BOTH = (MODEL, MINI)
ROUND = ModelFacts(input_price=1e6, output_price=1e6)  # a dollar a token
Wire = asyncio.Queue[Event | Exception]


async def arrives(turn: Turn, wire: Wire, text: str) -> None:
    """More of a reply comes in."""
    before = len(turn.parts)
    wire.put_nowait(TextDelta(text))
    await until(lambda: len(turn.parts) > before)


def run(turns: list[Turn]) -> list[asyncio.Task[object]]:
    return [asyncio.create_task(turn.run()) for turn in turns]


async def test_each_model_gets_the_same_prompt_and_answers_beside_the_others(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    chat = sessions.new(MODEL)
    await (await sessions.send(chat, "Moon?")).run()
    turns = await send_to_all(sessions, chat, "Tides?", BOTH)
    await asyncio.gather(*run(turns))
    assert [asked.request.model for asked in provider.asked[1:]] == ["gpt-4o", "gpt-4o-mini"]
    assert provider.asked[1].prompt == provider.asked[2].prompt
    assert provider.asked[1].prompt[-1] == ("user", "Tides?")
    first, second = (turn.reply for turn in turns)
    assert chat.tree.siblings(first.id) == [first.id, second.id]
    assert (first.model, second.model) == ("gpt-4o", "gpt-4o-mini")
    # One looks at the first, in memory and on disk.
    assert chat.leaf == first.id == elsewhere.conversation(chat.id).active_leaf


async def test_a_new_chat_may_begin_with_it(sessions: Sessions, elsewhere: Library) -> None:
    chat = sessions.new(MODEL)
    turns = await send_to_all(sessions, chat, "Moon?", (MINI, MINI, MODEL))  # one of them twice
    await asyncio.gather(*run(turns))
    assert elsewhere.conversation(chat.id).title == "Moon?"
    assert len(elsewhere.nodes(chat.id)) == 4


async def test_all_are_saved_before_anything_is_asked(
    sessions: Sessions, provider: Scripted, elsewhere: Library
) -> None:
    saved: list[int] = []
    chat = sessions.new(MODEL)

    def look(_request: Request) -> None:
        saved.append(len(elsewhere.nodes(chat.id)))

    provider.at_request = look
    await asyncio.gather(*run(await send_to_all(sessions, chat, "Moon?", BOTH)))
    assert saved == [3, 3]


async def test_what_cannot_be_saved_leaves_nothing(sessions: Sessions, provider: Scripted) -> None:
    chat = sessions.new(MODEL)
    with pytest.raises(ChatError) as caught:
        await send_to_all(sessions, chat, "Moon?", (MODEL, ModelRef("gone", "gpt-4o")))
    assert caught.value.kind is ErrorKind.CONFIG
    assert not len(chat.tree)
    assert not chat.saved
    assert not sessions.turns
    assert not provider.asked


async def test_one_is_stopped_alone(sessions: Sessions, provider: Scripted) -> None:
    wires = [provider.live(), provider.live()]
    chat = sessions.new(MODEL)
    turns = await send_to_all(sessions, chat, "Moon?", BOTH)
    running = run(turns)
    for turn, wire in zip(turns, wires, strict=True):
        await arrives(turn, wire, "Some")
    turns[0].stop()
    await running[0]
    assert not turns[1].done
    wires[1].put_nowait(TextDelta(" more"))
    wires[1].put_nowait(Finished("stop"))
    await running[1]
    assert [turn.reply.status for turn in turns] == [Status.STOPPED, Status.COMPLETE]
    assert [turn.reply.text for turn in turns] == ["Some", "Some more"]


async def test_one_fails_alone(sessions: Sessions, provider: Scripted) -> None:
    provider.script(ChatError(ErrorKind.WRONG_KEY, "No."))
    provider.script(*says("Rock."))
    turns = await send_to_all(sessions, sessions.new(MODEL), "Moon?", BOTH)
    await asyncio.gather(*run(turns))
    assert [turn.reply.status for turn in turns] == [Status.FAILED, Status.COMPLETE]


async def test_the_chat_goes_on_from_the_one_that_was_picked(
    sessions: Sessions, provider: Scripted
) -> None:
    provider.script(*says("Rock."))
    provider.script(*says("Cheese."))
    chat = sessions.new(MODEL)
    turns = await send_to_all(sessions, chat, "Moon?", BOTH)
    await asyncio.gather(*run(turns))
    await sessions.change(chat, active_leaf=turns[1].reply.id)
    await (await sessions.send(chat, "Really?")).run()
    assert [text for _, text in provider.asked[-1].prompt] == ["Moon?", "Cheese.", "Really?"]


async def test_a_reply_may_be_asked_for_again_of_several(
    sessions: Sessions, provider: Scripted
) -> None:
    chat = sessions.new(MODEL)
    reply = await (await sessions.send(chat, "Moon?")).run()
    turns = await ask_all_again(sessions, chat, reply.id, BOTH)
    await asyncio.gather(*run(turns))
    assert chat.tree.siblings(reply.id) == [reply.id, *(turn.reply.id for turn in turns)]
    assert provider.asked[-1].prompt == [("user", "Moon?")]


async def test_an_edit_may_go_to_several_with_its_files(
    sessions: Sessions, provider: Scripted
) -> None:
    chat = sessions.new(MODEL)
    notes = Attachment("notes.txt", "text/plain", 5, "Tides")
    await (await sessions.send(chat, "Read this", [notes])).run()
    edited = chat.path[0]
    await asyncio.gather(*run(await send_to_all(sessions, chat, "Read that", BOTH, edited)))
    assert chat.tree.siblings(edited) == [edited, chat.path[0]]
    assert all(one.request.messages[0].attachments == (notes,) for one in provider.asked[1:])


async def test_the_prompt_is_counted_once_for_all_of_them(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []

    def count(text: str) -> int:
        counted.append(text)
        return estimate_tokens(text)

    monkeypatch.setattr(prompt, "estimate_tokens", count)
    turns = await send_to_all(sessions, sessions.new(MODEL), "Moon?", BOTH)
    for turn in turns * 2:
        Counted(turn)
    await asyncio.gather(*run(turns))
    assert counted.count("Moon?") == 1


async def test_a_reply_in_flight_is_counted_by_estimate(
    sessions: Sessions, provider: Scripted, clock: HandClock
) -> None:
    wire = provider.live()
    turn = await sessions.send(sessions.new(MODEL), "Moon?")
    counted = Counted(turn)
    (running,) = run([turn])
    wire.put_nowait(Started())
    await until(lambda: turn.revision)
    clock.advance(0.5)
    waiting = counted.reply(ROUND)
    assert (waiting.first_token_ms, waiting.total_ms, waiting.usage) == (None, 500, None)
    for text in ("four", "eight characters"):
        await arrives(turn, wire, text)
        clock.advance(1.0)
    writing = counted.reply(ROUND)
    assert (writing.first_token_ms, writing.total_ms) == (500, 2500)
    assert writing.usage is not None
    assert (writing.usage.output, writing.usage.exact) == (1 + 4, False)
    assert writing.cost_usd == writing.usage.total
    assert counted.reply(ROUND).usage == writing.usage  # nothing is counted twice
    wire.put_nowait(Finished("stop"))
    await running
    assert counted.reply(ROUND) == turn.reply
