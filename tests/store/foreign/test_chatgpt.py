"""ChatGPT's chats: what people saw there is here, and what was done for it is folded."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.foreign.exports import NOON, chatgpt_chat, node, tides
from tui.core.errors import ChatError
from tui.core.json_values import time_value
from tui.core.message import Message, Role, Status
from tui.core.whole import WholeConversation
from tui.store.copies import Put
from tui.store.database import IN_MEMORY
from tui.store.foreign.chatgpt import chat, chat_from
from tui.store.library import Library


def one(*nodes: dict[str, Any], **fields: Any) -> WholeConversation:
    return chat(chatgpt_chat(*nodes, **fields))


def reply_of(whole: WholeConversation) -> Message:
    return whole.messages[-1]


def asked_and(*nodes: dict[str, Any]) -> WholeConversation:
    """A question and what followed."""
    return one(node("root", None), node("q", "root", "user", "Why?", at=NOON), *nodes)


def test_a_chat_with_an_edit_a_retry_a_tool_and_thoughts() -> None:
    whole = chat(tides())
    tree = whole.tree()
    assert [(m.role, m.text, m.model) for m in whole.messages] == [
        (Role.USER, "Why are there tides?", ""),
        (Role.ASSISTANT, "The moon.", "gpt-4o"),
        (Role.USER, "Why are there two tides a day?", ""),
        (Role.ASSISTANT, "Two bulges.", "o3"),
        (Role.ASSISTANT, "Sun and moon.", "gpt-4o"),
    ]
    thought = whole.messages[3]
    assert thought.reasoning.startswith("**Two bulges**\n\nOne on each side.\n\nAsked `python`:")
    assert "```python\n24.8 / 2\n```" in thought.reasoning
    assert "`python` answered:\n\n```\n12.4\n```" in thought.reasoning
    assert thought.reasoning_ms == 6000
    assert [tree.place(m.id) for m in whole.messages] == [(1, 2), (1, 1), (2, 2), (1, 2), (2, 2)]
    assert whole.branch(tree)[-1].text == "Sun and moon."


def test_its_values() -> None:
    conversation = chat(tides(is_archived=True, is_starred=True)).conversation
    assert conversation.title == "Tides"
    assert conversation.titled
    assert conversation.archived
    assert conversation.pinned
    assert conversation.system_prompt == "I am a sailor.\n\nBe short."
    assert time_value(conversation.created) == "2026-03-01T12:00:00.000Z"
    assert time_value(conversation.updated) == "2026-03-01T12:01:00.000Z"
    assert (conversation.model, conversation.endpoint) == ("gpt-4o", "chatgpt")


def test_the_same_chat_has_the_same_ids_whatever_its_order() -> None:
    first, value = chat(tides()), tides()
    value["mapping"] = dict(reversed(value["mapping"].items()))
    del value["id"]
    assert chat(value).messages == first.messages
    assert chat(tides(id="other", conversation_id="other")).conversation.id != first.conversation.id


def test_files_and_pictures_are_named() -> None:
    image = {"content_type": "image_asset_pointer"}
    pictures = [
        {**image, "asset_pointer": "sediment://file_1", "size_bytes": 9},
        {**image, "asset_pointer": "file-service://file-2?x=1"},
        {"content_type": "audio_transcription", "text": "said aloud"},
    ]  # fmt: skip
    whole = one(
        node(
            "q",
            None,
            "user",
            content={"content_type": "multimodal_text", "parts": [*pictures, "Look."]},
            metadata={
                "attachments": [
                    {"id": "file_1", "name": "../../sea.png", "mime_type": "image/png", "size": 9},
                    {"id": "file-3", "name": "C:\\notes.pdf", "mimeType": "application/pdf"},
                ]
            },
        )
    )
    (message,) = whole.messages
    assert message.text == "said aloud\n\nLook."
    assert [(a.name, a.media_type, a.size, a.text) for a in message.attachments] == [
        ("sea.png", "image/png", 9, None),
        ("notes.pdf", "application/pdf", 0, None),
        ("file-2", "image/*", 0, None),
    ]


def test_files_without_ids_are_as_many_as_there_are() -> None:
    files = [{"name": "a.txt"}, {"id": None, "name": "b.txt"}, {"id": "", "name": "c.txt"}, 5]
    whole = chat(chatgpt_chat(node("q", None, "user", "Look.", metadata={"attachments": files})))
    assert [a.name for a in whole.messages[0].attachments] == ["a.txt", "b.txt", "c.txt", "file"]


def test_a_picture_that_was_made_belongs_to_the_reply() -> None:
    picture = {"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_1"}
    whole = asked_and(
        node("c", "q", "assistant", '{"prompt": "sea"}', recipient="dalle.text2im"),
        node(
            "p",
            "c",
            "tool",
            name="dalle.text2im",
            content={"content_type": "multimodal_text", "parts": [picture]},
        ),
    )
    assert [a.name for a in reply_of(whole).attachments] == ["file_1"]
    assert reply_of(whole).role is Role.ASSISTANT
    assert 'Asked `dalle.text2im`:\n\n```\n{"prompt": "sea"}\n```' in reply_of(whole).reasoning


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"content_type": "text", "parts": ["a", "", "b", None, 5, {}]}, "a\n\nb"),
        ({"content_type": "code", "language": "python", "text": "x"}, "```python\nx\n```"),
        ({"content_type": "code", "language": "unknown", "text": "```"}, "````\n```\n````"),
        ({"content_type": "code", "text": "a ``` ````` c"}, "``````\na ``` ````` c\n``````"),
        ({"content_type": "code", "text": "`` `"}, "```\n`` `\n```"),
        ({"content_type": "tether_quote", "title": "T", "text": "t"}, "T\nt"),
        ({"content_type": "system_error", "name": "Err", "text": "no"}, "Err\nno"),
        ({"content_type": "of_next_year", "text": "new"}, "new"),
        ({"content_type": ["text"], "text": "new"}, "new"),
    ],
)
def test_kinds_of_content(content: dict[str, object], text: str) -> None:
    assert reply_of(asked_and(node("a", "q", "assistant", content=content))).text == text


def test_a_message_of_nothing_but_marks_of_code() -> None:
    marks = "`" * 2_000_000
    whole = asked_and(node("a", "q", "assistant", content={"content_type": "code", "text": marks}))
    assert reply_of(whole).text == f"{marks}`\n{marks}\n{marks}`"


def test_what_a_tool_answered_is_cut() -> None:
    page = {"content_type": "tether_browsing_display", "result": "x" * 1_000_000}
    whole = asked_and(
        node("p", "q", "tool", name="web", content=page), node("a", "p", "assistant", "So.")
    )
    assert 20_000 < len(reply_of(whole).reasoning) < 21_000


def test_a_canvas_is_shown() -> None:
    document = json.dumps({"name": "Poem", "type": "document", "content": "Waves."})
    program = json.dumps({"name": "p", "type": "code/python", "content": "x = 1"})
    whole = asked_and(
        node("d", "q", "assistant", document, recipient="canmore.create_textdoc"),
        node("e", "d", "assistant", program, recipient="canmore.create_textdoc"),
    )
    assert [m.text for m in whole.messages[1:]] == [
        "**Poem**\n\nWaves.",
        "**p**\n\n```python\nx = 1\n```",
    ]


def test_citations_are_links_or_nothing() -> None:
    mark = "\ue200cite\ue202turn0search1\ue201"
    references = [{"matched_text": mark, "alt": "([tides](https://x.test))"}]
    whole = asked_and(
        node(
            "a",
            "q",
            "assistant",
            f"So{mark} it\ue200cite\ue202turn0search2\ue201 is.",
            metadata={"content_references": references},
        )
    )
    assert reply_of(whole).text == "So([tides](https://x.test)) it is."


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        ({"metadata": {"finish_details": {"type": "stop"}}}, Status.COMPLETE, None),
        ({"metadata": {"finish_details": {"type": "max_tokens"}}}, Status.TRUNCATED, "length"),
        ({"metadata": {"finish_details": {"type": "interrupted"}}}, Status.STOPPED, None),
        ({"status": "in_progress"}, Status.INTERRUPTED, None),
        ({"status": "finished_partial_completion"}, Status.STOPPED, None),
    ],
)
def test_how_replies_ended(fields: dict[str, Any], status: Status, reason: str | None) -> None:
    found = reply_of(asked_and(node("a", "q", "assistant", "So", **fields)))
    assert (found.status, found.finish_reason) == (status, reason)


def test_what_nobody_saw_is_left_out() -> None:
    hidden = {"is_visually_hidden_from_conversation": True}
    memory = {"content_type": "model_editable_context", "model_set_context": "secret"}
    whole = asked_and(
        node("m", "q", "assistant", content=memory),
        node("h", "m", "assistant", "hidden", metadata=hidden),
        node("t", "h", "tool", "hidden", weight=0),
        node("o", "t", "critic", "hidden"),
        node("a", "o", "assistant", "So."),
    )
    assert [m.text + m.reasoning for m in whole.messages] == ["Why?", "So."]


@pytest.mark.parametrize(
    "at", [None, "yesterday", float("nan"), float("inf"), -1, 1e300, 10**400, 0, True, []]
)
def test_times_that_no_calendar_has(at: Any) -> None:
    whole = one(node("q", None, "user", "Why?", at=at), create_time=at, update_time=at)
    assert 1970 < whole.messages[0].created.year < 9999
    assert time_value(whole.conversation.created)


WRONG: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 0, -1, 1e308, "", "q", "\ud800", "\x1b[2J", [], [[]], {}, {"parts": 5}, "x" * 50]
)


@settings(max_examples=300)
@given(st.data())
def test_wrong_types_anywhere_are_refused_or_read_past(data: st.DataObject) -> None:
    value: Any = tides()
    for _ in range(data.draw(st.integers(1, 4))):
        place = value
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = data.draw(st.sampled_from(keys))
            if (
                data.draw(st.booleans())
                or not isinstance(place[key], dict | list)
                or not place[key]
            ):
                place[key] = deepcopy(data.draw(WRONG))
                break
            place = place[key]
        if not isinstance(value["mapping"], dict) or not value["mapping"]:
            break
    try:
        whole = chat_from(json.dumps(value).encode())
    except ChatError:
        return
    library = Library(IN_MEMORY)
    try:
        assert library.copies.add([whole, whole]) == [
            (Put.ADDED, len(whole.messages)),
            (Put.PRESENT, 0),
        ]
        assert library.check() == []
    finally:
        library.close()


@pytest.mark.parametrize(
    ("element", "said_of_it"),
    [
        (b"5", "no `mapping`"),
        (b'{"mapping": []}', "no `mapping`"),
        (b'{"mapping": {', "no JSON"),
        (b'{"mapping": {}, "x": "\xff"}', "no JSON"),
        (b'{"mapping": {}, "x": ' + b"9" * 10_000 + b"}", "no JSON"),
        (b'{"mapping": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "nested too deeply"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_is_no_chat_is_refused(element: bytes, said_of_it: str) -> None:
    with pytest.raises(ChatError, match=said_of_it):
        chat_from(element)


def test_a_circle_is_refused_with_the_title() -> None:
    value = tides()
    value["mapping"]["q1"]["parent"] = "a1"
    with pytest.raises(ChatError, match="“Tides”: Its messages answer each other in a circle"):
        chat(value)


def test_an_enormous_title_is_cut() -> None:
    title = chat(tides(title="x\n" * 1_000_000)).conversation.title
    assert len(title) == 200
    assert title.endswith("…")
