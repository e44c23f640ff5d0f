"""Export, import into an empty library, export again: the same text, whatever was said."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.chats import NOON, chat, reply, said
from tui.core.arranging import renamed
from tui.core.conversation import Conversation, Parameters
from tui.core.errors import ErrorInfo, ErrorKind
from tui.core.message import Attachment, Message, Role, Status
from tui.core.usage import Usage
from tui.core.whole import WholeConversation
from tui.store.copies import Put
from tui.store.database import IN_MEMORY
from tui.store.formats.fields import LARGEST
from tui.store.formats.reading import read_chats
from tui.store.formats.table import writer
from tui.store.library import Library

COMPLETE = ("json", "toml")  # the formats that hold all of a chat

# All of Unicode, lone surrogates too (the library replaces them), and what is special somewhere.
TEXTS = st.text(st.characters(exclude_categories=()), max_size=30) | st.lists(
    st.sampled_from(
        [
            *('"', '"""', "'''", "\\", "\n", "\r\n", "\r", "\t", "\0", "\x1b[2J", "\x7f", "\x85"),
            *("\u2028", "\u202e", "\ufeff", "[[conversations]]", "[[conversations]]\n", "# "),
            *("{", "}", "]", ",", "é", "漢", "🌊", "\ud800", " "),
        ]
    ),
    max_size=12,
).map("".join)
TIMES = st.datetimes(datetime(1970, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001 - hypothesis wants naive bounds
    lambda moment: moment - timedelta(microseconds=moment.microsecond % 1000)
)
COUNTS = st.integers(0, LARGEST)
DOLLARS = st.floats(0, 1e9)
# A backslash may be in a name, where it does not lead anywhere.
NAMES = TEXTS.map(lambda text: "a " + text.replace("/", "").replace("..", ""))


IDS = st.integers(0, 16**16 - 1).map(lambda number: f"{number:016x}")
ATTACHMENTS = st.builds(Attachment, NAMES, TEXTS, COUNTS, st.none() | TEXTS)
ERRORS = st.builds(ErrorInfo, st.sampled_from(ErrorKind), TEXTS)
USAGES = st.builds(Usage, COUNTS, COUNTS, COUNTS, COUNTS, st.booleans())
ENDS = st.sampled_from([status for status in Status if not status.in_flight])


@st.composite
def chats(draw: st.DrawFn) -> tuple[Conversation, list[Message]]:
    """A conversation and a tree of messages."""
    ids = draw(st.lists(IDS, max_size=6, unique=True))
    chat_id = draw(IDS)
    messages: list[Message] = []
    for at, message_id in enumerate(ids):
        parent = draw(st.none() | st.sampled_from(ids[:at])) if at else None
        messages.append(
            Message(
                message_id,
                chat_id,
                parent,
                draw(st.sampled_from(Role)),
                draw(TEXTS),
                draw(TIMES),
                draw(ENDS),
                reasoning=draw(TEXTS),
                model=draw(TEXTS),
                endpoint=draw(TEXTS),
                error=draw(st.none() | ERRORS),
                notices=tuple(draw(st.lists(TEXTS, max_size=2))),
                finish_reason=draw(st.none() | TEXTS),
                usage=draw(st.none() | USAGES),
                cost_usd=draw(st.none() | DOLLARS),
                first_token_ms=draw(st.none() | COUNTS),
                reasoning_ms=draw(st.none() | COUNTS),
                total_ms=draw(st.none() | COUNTS),
                request_id=draw(st.none() | TEXTS),
                attachments=tuple(draw(st.lists(ATTACHMENTS, max_size=2))),
                branch_name=draw(st.just("") | TEXTS),
            )
        )
    conversation = Conversation(
        chat_id,
        draw(TEXTS),
        draw(TIMES),
        draw(TIMES),
        draw(TEXTS),
        draw(TEXTS),
        titled=draw(st.booleans()),
        system_prompt=draw(st.none() | TEXTS),
        parameters=Parameters(
            draw(st.none() | st.floats(0, 2)),
            draw(st.none() | COUNTS),
            draw(st.none() | st.booleans()),
        ),
        pinned=draw(st.booleans()),
        archived=draw(st.booleans()),
        deleted_at=draw(st.none() | TIMES),
        tags=tuple(draw(st.lists(TEXTS, max_size=3))),
        draft=draw(TEXTS),
        active_leaf=draw(st.none() | st.sampled_from(ids)) if ids else None,
        unread=draw(st.booleans()),
    )
    return conversation, messages


def kept(conversation: Conversation, messages: Sequence[Message]) -> WholeConversation:
    """The chat as a library gives it back."""
    library = Library(IN_MEMORY)
    library.copies.put([WholeConversation(conversation, tuple(messages))])
    whole = library.copies.take(conversation.id)
    library.close()
    return whole


def written(ending: str, *wholes: WholeConversation) -> str:
    return "".join(writer(ending)(wholes))


def read(text: str) -> list[WholeConversation]:
    found = list(read_chats(io.BytesIO(text.encode())))
    assert all(isinstance(one, WholeConversation) for one in found), found
    return [one for one in found if isinstance(one, WholeConversation)]


@pytest.mark.parametrize("ending", COMPLETE)
@settings(max_examples=150)
@given(drawn=chats())
def test_export_import_export_is_the_same(
    ending: str, drawn: tuple[Conversation, list[Message]]
) -> None:
    whole = kept(*drawn)
    text = written(ending, whole)
    (back,) = read(text)
    assert back == whole
    other = Library(IN_MEMORY)
    assert other.copies.put([back]) == [(Put.ADDED, len(back.messages))]
    assert written(ending, other.copies.take(back.conversation.id)) == text
    assert other.copies.put([back]) == [(Put.PRESENT, 0)]
    assert other.check() == []
    other.close()


@pytest.mark.parametrize("ending", COMPLETE)
@settings(max_examples=30)
@given(drawn=st.lists(chats(), max_size=4), size=st.integers(1, 200))
def test_several_chats_come_one_after_the_other_in_chunks_of_any_size(
    ending: str, drawn: list[tuple[Conversation, list[Message]]], size: int
) -> None:
    wholes = [kept(*one) for one in drawn]
    text = written(ending, *wholes)
    assert read(text) == wholes

    class InChunks(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    assert list(read_chats(InChunks(text.encode()))) == wholes


@pytest.mark.parametrize("ending", COMPLETE)
def test_a_reply_in_flight_is_an_interrupted_one_in_a_copy(ending: str) -> None:
    library = Library(IN_MEMORY)
    conversation = chat()
    question = said(conversation, "Why?")
    answer = reply(question)
    library.begin_turn([question, answer], conversation)
    library.flush(answer.id, "The mo", "")
    (back,) = read(written(ending, library.copies.take(conversation.id)))
    assert (back.messages[1].text, back.messages[1].status) == ("The mo", Status.INTERRUPTED)
    library.close()


@pytest.mark.parametrize("ending", COMPLETE)
def test_the_longest_titles_and_names_come_back(ending: str) -> None:
    library = Library(IN_MEMORY)
    conversation = chat()
    question = said(conversation, "Why?")
    library.begin_turn([question], conversation)
    library.listing.arrange([conversation.id], renamed("t" * 20_000))
    library.branches.rename(question.id, "n" * 20_000)
    fork = library.branches.fork(conversation.id, question.id, NOON)
    for chat_id in (conversation.id, fork):
        whole = library.copies.take(chat_id)
        assert read(written(ending, whole)) == [whole]
    assert library.conversation(fork).title.endswith("t (fork)")
    library.close()


def test_toml_is_written_for_people() -> None:
    conversation = chat("Tides")
    question = said(conversation, 'Why\n\n"two" \\ three?\x1b')
    text = written("toml", kept(conversation, [question]))
    assert 'text = """\nWhy\n\n\\"two\\" \\\\ three?\\u001b"""\n' in text
    assert "created = 2026-03-01T12:00:00.000Z\n" in text
    assert "parent" not in text


@pytest.mark.parametrize("ending", COMPLETE)
def test_an_export_can_be_shown_on_a_terminal(ending: str) -> None:
    conversation = chat("\x1b[2J\u202e\x9b")
    text = written(ending, kept(conversation, [said(conversation, "\x07\x7f\u2066\r")]))
    assert not set(text) & set("\x1b\u202e\x9b\x07\x7f\u2066\r")
