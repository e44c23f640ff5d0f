"""Files that were never chinwag's, or were made to do harm: each is refused in a plain sentence."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.store.chats import chat, reply, said
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Status
from tui.core.whole import WholeConversation, whole_conversation
from tui.store.formats import json_text, toml_text
from tui.store.formats.reading import read_chats
from tui.store.formats.values import whole_value

Value = dict[str, Any]
HEAD = '{"format": "chinwag", "version": 1, "conversations": ['
TOML_HEAD = 'format = "chinwag"\nversion = 1\n'


def value() -> Value:
    """A good chat of two messages, as values."""
    conversation = chat("Good")
    question = said(conversation, "Why?")
    answer = reply(question, "Because.", Status.COMPLETE)
    made: Value = whole_value(whole_conversation(conversation, [question, answer]))
    return made


def document(*chats: object) -> str:
    return json.dumps({"format": "chinwag", "version": 1, "conversations": chats})


def outcomes(text: str | bytes) -> list[str]:
    """A chat's title, or why it can't be read."""
    content = text.encode() if isinstance(text, str) else text
    found = []
    for one in read_chats(io.BytesIO(content)):
        if isinstance(one, ChatError):
            assert one.kind is ErrorKind.FILE
            assert "\x1b" not in one.text
            assert len(one.text) < 400
            found.append(one.text)
        else:
            found.append(one.conversation.title)
    return found


def setting(*place: str | int, to: object) -> Callable[[Value], None]:
    def change(chat_value: Any) -> None:
        for step in place[:-1]:
            chat_value = chat_value[step]
        chat_value[place[-1]] = to

    return change


def cycle(chat_value: Value) -> None:
    first, second = chat_value["messages"]
    first["parent"], second["parent"] = second["id"], first["id"]


def own_parent(chat_value: Value) -> None:
    chat_value["messages"][0]["parent"] = chat_value["messages"][0]["id"]


def backwards(chat_value: Value) -> None:
    chat_value["messages"].reverse()


def twice(chat_value: Value) -> None:
    chat_value["messages"].append(chat_value["messages"][1])


NOT_A_TREE = "does not stand before it"


@pytest.mark.parametrize(
    ("change", "said_of_it"),
    [
        (setting("id", to=5), "`id` of the chat should be an id (16 hexadecimal digits), but is 5"),
        (setting("id", to="../../../etc/passwd"), "`id` of the chat"),
        (setting("id", to=None), "`id` of the chat"),
        (setting("title", to=["x"]), "`title` of the chat should be text, but is a list"),
        (setting("title", to="x" * 10_001), "title is longer"),
        (setting("tags", to=["x" * 6000, "y" * 6000]), "tags are longer than 10,000 characters"),
        (setting("model", to="x" * 1001), "`model` of the chat is longer than 1,000"),
        (setting("messages", 1, "endpoint", to="x" * 1001), "`endpoint` of message 2 of the chat"),
        (setting("messages", 0, "branch_name", to="x" * 10_001), "`branch_name` of message 1 of"),
        (setting("created", to="yesterday"), '`created` of the chat should be a time such as'),
        (setting("created", to=1e9), "`created` of the chat"),
        (setting("updated", to="0001-01-01T00:00:00+23:59"), "`updated` of the chat"),
        (setting("updated", to="0001-01-01T00:00:00Z"), "a time from 1970 to 9998"),
        (
            setting("messages", 1, "created", to="9999-12-31T23:59:59Z"),
            "`created` of message 2 of the chat should be a time from 1970 to 9998",
        ),
        (setting("pinned", to="no"), "`pinned` of the chat should be true or false"),
        (setting("tags", to=[{}]), "`tags` of the chat should be a list of texts"),
        (setting("parameters", to=[]), "`parameters` of the chat should be a table"),
        (setting("parameters", "temperature", to=float("inf")), "a number of ordinary size"),
        (setting("parameters", "temperature", to=10**400), "a number of ordinary size"),
        (setting("parameters", "max_tokens", to=-1), "a whole number from 0 on"),
        (setting("parameters", "max_tokens", to=2**63), "a whole number from 0 on"),
        (setting("parameters", "max_tokens", to=True), "a whole number from 0 on, but is true"),
        (setting("active_leaf", to="f" * 16), "`active_leaf` of the chat is none of its messages"),
        (setting("messages", to={}), "`messages` of the chat should be a list"),
        (setting("messages", to=["x"]), "message 1 of the chat should be a table of fields"),
        (setting("messages", 1, "role", to="root"), "`role` of message 2 of the chat"),
        (setting("messages", 1, "status", to="\x1b[2J"), "`status` of message 2 of the chat"),
        (setting("messages", 1, "error", to={"kind": "x"}), "`kind` of `error` of message 2"),
        (setting("messages", 1, "usage", to={"input": "1"}), "`input` of `usage` of message 2"),
        (setting("messages", 1, "attachments", to=[{"size": -1}]), "`size` of attachment 1 of"),
        (setting("messages", 1, "parent", to="f" * 16), NOT_A_TREE),
        (cycle, NOT_A_TREE),
        (own_parent, NOT_A_TREE),
        (backwards, NOT_A_TREE),
        (twice, "is that of another message too"),
    ],
)  # fmt: skip
def test_one_wrong_chat_is_refused_whole_and_the_others_come_in(
    change: Callable[[Value], None], said_of_it: str
) -> None:
    wrong = value()
    change(wrong)
    first, refused, last = outcomes(document(value(), wrong, value()))
    assert (first, last) == ("Good", "Good")
    assert refused.startswith("Chat 2: ")
    assert said_of_it in refused


def test_what_is_not_known_is_passed_over_and_what_is_null_may_be_missing() -> None:
    plain = value()
    for fields in (plain, *plain["messages"]):
        for name in [name for name, found in fields.items() if found is None]:
            del fields[name]
        fields["of_a_later_chinwag"] = {"deep": [1, 2, 3]}
    assert outcomes(document(plain)) == ["Good"]


def test_a_path_becomes_a_name() -> None:
    names = ["../../.ssh/id_rsa", "C:\\Windows\\x.dll", "/", "..", "..\\x", "\\\\host\\share\\x"]
    wrong = value()
    wrong["messages"][0]["attachments"] = [{"name": name} for name in names]
    (whole,) = read_chats(io.BytesIO(document(wrong).encode()))
    assert isinstance(whole, WholeConversation)
    assert [one.name for one in whole.messages[0].attachments] == [
        *("id_rsa", "x.dll", "", "..", "x", "x"),
    ]


@pytest.mark.parametrize(
    ("text", "said_of_it"),
    [
        (b"", "no export of chinwag's"),
        (b"\xff\xfe\x00", "not text"),
        (b"# Tides\n\nWhy?", "no export of chinwag's"),
        (b"[1, 2]", "no export of chinwag's"),
        (b"{}", "breaks off in the middle"),
        (b'{"format": "chatgpt", "version": 1, "conversations": []}', "no export of chinwag's"),
        (b'{"conversations": []}', "no export of chinwag's"),
        (b'{"format": "chinwag", "version": 2, "conversations": []}', "Get a newer chinwag"),
        (b'{"format": "chinwag", "conversations": []}', "does not say which version"),
        (b'{"format": "chinwag", "version": 1, "conversations": 5}', "no JSON from some place"),
        (b'{"format": "chinwag", "version": 1, "conversations": [5]}', "Chat 1: the chat should"),
        (b'format = "chinwag"\nversion = 2\n', "Get a newer chinwag"),
        (b'format = "chinwag"\nversion = 1\nconversations = 5\n', "Chat 1: the chat should be"),
        (b'format = "chinwag"\nversion = 1\n[[conversations]]\nid = \n', "no TOML from line 4 on"),
        (
            b'format = "chinwag"\nversion = 1\n[[conversations]]\nid = """\n\n',
            "no TOML from line 3 on",
        ),
        ((HEAD + "[" * 200_000).encode(), "nested too deeply"),
        ((HEAD + '{"a":' * 200_000).encode(), "nested too deeply"),
        ((TOML_HEAD + "[[conversations]]\na = " + "[" * 200_000).encode(), "nested too deeply"),
        (
            (TOML_HEAD + "[[conversations]]\n" + "a." * 20_000 + "a = 1").encode(),
            "nested too deeply",
        ),
        ((TOML_HEAD + "[conversations" + ' . "a"' * 20_000 + "]").encode(), "nested too deeply"),
        (
            (TOML_HEAD + 'x = {b = """\n""", ' + "a." * 20_000 + "a=1}").encode(),
            "nested too deeply",
        ),
        ((HEAD + '{"cost_usd": ' + "9" * 10_000 + "}]}").encode(), "breaks off in the middle, or"),
    ],
    ids=lambda text: text[:40] if isinstance(text, str) else "",
)
def test_what_is_no_export_is_refused(text: bytes, said_of_it: str) -> None:
    (refused,) = outcomes(text)
    assert said_of_it in refused


@pytest.mark.parametrize("cut", [0.15, 0.55, 0.95])
def test_a_file_that_is_cut_off_gives_the_chats_before_that_place(cut: float) -> None:
    whole = document(*(value() for _ in range(10)))
    *came, refused = outcomes(whole[: int(len(whole) * cut)])
    assert came == ["Good"] * int(10 * cut)
    assert "breaks off in the middle" in refused


def test_a_file_larger_than_memory_may_hold_is_given_up_at_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_text, "CHAT_LIMIT", 100_000)
    monkeypatch.setattr(toml_text, "CHAT_LIMIT", 100_000)
    read: list[int] = []

    def endless(head: str) -> Iterator[str]:
        yield head
        while True:
            read.append(10_000)
            yield "x" * 10_000

    for source, head in (
        (json_text, HEAD + '{"title": "'),
        (toml_text, TOML_HEAD + '[[conversations]]\ntitle = "'),
        (toml_text, TOML_HEAD + '[[conversations]]\ntitle = """\n'),
    ):
        with pytest.raises(ChatError, match="longer than 100,000 characters"):
            list(source.read(endless(head)))
        assert sum(read) < 500_000
        read.clear()


def test_what_stands_before_the_chats_is_not_held() -> None:
    def chunks() -> Iterator[str]:
        yield '{"format": "chinwag", "version": 1, '
        for number in range(200):
            yield f'"of a later chinwag {number}": "{"x" * 100_000}", '
        yield f'"conversations": [{json.dumps(value())}]}}'

    tracemalloc.start()
    try:
        assert len(list(json_text.read(chunks()))) == 1
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


def test_what_stands_in_a_long_text_begins_no_chat() -> None:
    text = (
        TOML_HEAD
        + """
[[conversations]] # one
id = "0000000000000001"
title = '''
[[conversations]]
"""
        + '""" # """'
        + """
''' # '''
draft = ""  # "
created = 2026-01-01T00:00:00Z
updated = "2026-01-01"

[[ conversations ]]
id = "0000000000000002"
title = "two"
created = 2026-01-01T00:00:00
updated = 2026-01-01T01:00:00+01:00
"""
    )
    assert outcomes(text) == ['[[conversations]]\n""" # """\n', "two"]
