"""Trees of other programs become ours: nothing that was said is lost, and it stands once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.conversation import Conversation
from tui.core.errors import ChatError
from tui.core.message import Attachment, Role
from tui.core.whole import WholeConversation
from tui.store.foreign.branches import Chain, Said, assembled

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHAT = Conversation("c" * 16, "", NOON, NOON, "", "elsewhere")


def said(key: str, parent: str | None, role: Role | None, text: str = "", at: int = 0) -> Said:
    return Said(key, parent, role, text or key, NOON + timedelta(seconds=at) if at else None)


def user(key: str, parent: str | None = None, at: int = 0) -> Said:
    return said(key, parent, Role.USER, at=at)


def reply(key: str, parent: str, at: int = 0) -> Said:
    return said(key, parent, Role.ASSISTANT, at=at)


def step(key: str, parent: str) -> Said:
    return said(key, parent, Role.TOOL)


def drawn(whole: WholeConversation) -> list[str]:
    """Each message as `text < text of its parent`, and what was thought before it in brackets."""
    texts = {message.id: message.text or "-" for message in whole.messages}
    return [
        f"{texts[one.id]}"
        + (f" ({' '.join(one.reasoning.split())})" if one.reasoning else "")
        + (f" < {texts[one.parent]}" if one.parent else "")
        for one in whole.messages
    ]


def left_on(whole: WholeConversation) -> str:
    return {one.id: one.text for one in whole.messages}[whole.conversation.active_leaf or ""]


def test_what_says_nothing_is_passed_over() -> None:
    nodes = [said("root", None, None), said("hidden", "root", None), user("q", "hidden")]
    assert drawn(assembled(CHAT, [*nodes, reply("a", "q")])) == ["q", "a < q"]


def test_steps_begin_the_reasoning_of_the_reply_they_led_to() -> None:
    nodes = [user("q"), step("s1", "q"), step("s2", "s1"), reply("a", "s2"), step("s3", "a")]
    assert drawn(assembled(CHAT, nodes)) == ["q", "a (s1 s2) < q", "- (s3) < a"]


def test_steps_that_fork_are_said_once_before_the_fork() -> None:
    nodes = [user("q"), step("s", "q"), reply("a", "s"), reply("b", "s"), user("q2", "s")]
    assert drawn(assembled(CHAT, nodes)) == ["q", "- (s) < q", "a < -", "b < -", "q2 < -"]


def test_a_user_who_speaks_into_the_steps_ends_them() -> None:
    nodes = [user("q"), step("s", "q"), user("stop", "s"), reply("a", "stop")]
    assert drawn(assembled(CHAT, nodes)) == ["q", "- (s) < q", "stop < -", "a < stop"]


def test_several_roots_and_missing_parents_are_siblings() -> None:
    nodes = [user("q"), user("q2", "gone"), reply("a", "q2"), user("q3")]
    whole = assembled(CHAT, nodes)
    assert drawn(whole) == ["q", "q2", "a < q2", "q3"]
    assert whole.tree().place(whole.messages[1].id) == (2, 3)


def test_siblings_come_in_the_order_of_their_times_and_parents_before_children() -> None:
    nodes = [user("q", at=10), reply("late", "q", at=50), reply("early", "q", at=20)]
    # A clock that went wrong: a reply from before its question.
    nodes += [user("next", "late", at=5)]
    assert drawn(assembled(CHAT, nodes)) == ["q", "early < q", "late < q", "next < late"]


@pytest.mark.parametrize(
    ("leaf", "there"),
    [("a", "a"), ("b", "b"), ("s", "b"), ("root", "b"), ("nowhere", "b"), (None, "b")],
)
def test_the_leaf_it_was_left_on(leaf: str | None, there: str) -> None:
    nodes = [said("root", None, None), user("q", "root"), reply("a", "q"), step("s", "q")]
    whole = assembled(CHAT, [*nodes, reply("b", "s")], leaf)
    assert left_on(whole) == there


@pytest.mark.parametrize(
    "nodes",
    [
        [user("a", "b"), user("b", "a")],
        [user("a", "a")],
        [user("q"), reply("a", "b"), reply("b", "a")],
        [user("q"), user("q")],
    ],
)
def test_circles_and_doubles_are_refused(nodes: list[Said]) -> None:
    with pytest.raises(ChatError, match=r"in a circle|the same id"):
        assembled(CHAT, nodes)


def test_files_of_steps_go_with_the_reply() -> None:
    picture = Attachment("sea.png", "image/*", 5)
    made = Said("s", "q", Role.TOOL, attachments=(picture,))
    (_, answer) = assembled(CHAT, [user("q"), made, reply("a", "s")]).messages
    assert answer.attachments == (picture,)


def test_a_hundred_thousand_in_a_row() -> None:
    nodes = [user("0")]
    roles = (Role.TOOL, Role.ASSISTANT, Role.TOOL, Role.TOOL, Role.USER)
    nodes += [said(str(n), str(n - 1), roles[n % 5]) for n in range(1, 100_000)]
    whole = assembled(CHAT, nodes, "99999")
    assert len(whole.tree().path(whole.conversation.active_leaf)) == len(whole.messages) > 40_000


ROLES = st.sampled_from([*Role, None])


@st.composite
def trees(draw: st.DrawFn) -> list[Said]:
    count = draw(st.integers(0, 12))
    nodes = [
        said(str(n), draw(st.none() | st.integers(0, count + 1).map(str)), draw(ROLES), f"text{n}")
        for n in range(count)
    ]
    return draw(st.permutations(nodes))


@given(trees())
def test_any_tree_is_refused_or_comes_in_with_each_thing_once(nodes: list[Said]) -> None:
    try:
        whole = assembled(CHAT, nodes)
    except ChatError:
        return
    whole.tree()
    everything = "\n".join(f"{one.text}\n{one.reasoning}" for one in whole.messages).split()
    assert sorted(everything) == sorted(one.text for one in nodes if one.role is not None)
    again = assembled(CHAT, list(reversed(nodes)))
    assert {one.id for one in again.messages} == {one.id for one in whole.messages}
    assert {one.id: one.parent for one in again.messages} == {
        one.id: one.parent for one in whole.messages
    }


def test_a_chain_has_what_is_said_again_once_and_what_differs_beside_it() -> None:
    chain = Chain()
    question = chain.add(said("", None, Role.USER, "why"))
    answer = chain.add(said("", question, Role.ASSISTANT, "moon"))
    assert chain.add(said("", None, Role.USER, "why")) == question
    chain.add(said("", question, Role.ASSISTANT, "sun"))
    chain.add(said("", answer, Role.USER, "why"))
    assert drawn(assembled(CHAT, chain.said)) == ["why", "moon < why", "why < moon", "sun < why"]
