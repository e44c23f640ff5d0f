"""The end of a branch, read without the rest of the chat."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.chats import NOON, chat, reply, said
from tui.core.message import Message, Role, Status
from tui.core.tree import Node, Tree
from tui.store.database import IN_MEMORY
from tui.store.library import Library


def grown(library: Library, seed: int, size: int) -> tuple[str, list[Message]]:
    """A chat that forks here and there, its beginning included."""
    rng = random.Random(seed)
    conversation = chat()
    made: list[Message] = []
    for number in range(size):
        before = rng.choice(made[-3:]) if made and rng.random() < 0.95 else None
        if before is None or before.role is Role.ASSISTANT:
            made.append(said(conversation, f"Question {number}?", before))
        else:
            made.append(reply(before, f"Answer {number}.", Status.COMPLETE))
    library.begin_turn(made, conversation)
    return conversation.id, made


def delete_some(library: Library, chat_id: str, made: list[Message], rng: random.Random) -> None:
    tree = Tree(library.nodes(chat_id))
    keep = set(tree.path(library.conversation(chat_id).active_leaf))
    spare = [one.id for one in made if one.id not in keep]
    for one in rng.sample(spare, min(2, len(spare))):
        if one in Tree(library.nodes(chat_id)):
            library.branches.delete(chat_id, one, NOON)


def expected(nodes: list[Node], leaf: str, count: int) -> list[Node]:
    """What `end_nodes` has to be, from the whole tree."""
    tree = Tree(nodes)
    path = tree.path(leaf)[-count:]
    beside = {other for one in path for other in tree.siblings(one)}
    return [
        node._replace(parent=node.parent if node.parent in beside else None)
        for node in nodes
        if node.id in beside
    ]


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 12))
def test_it_is_the_end_of_the_branch_with_all_that_stands_beside_it(
    seed: int, size: int, count: int
) -> None:
    library = Library(IN_MEMORY)
    chat_id, made = grown(library, seed, size)
    rng = random.Random(seed)
    delete_some(library, chat_id, made, rng)
    nodes = library.nodes(chat_id)
    leaf = rng.choice(nodes).id
    end = library.end_nodes(chat_id, leaf, count)
    assert end == expected(nodes, leaf, count)
    tree, whole = Tree(end), Tree(nodes)
    shown = tree.path(leaf)
    assert shown == whole.path(leaf)[-count:]
    assert [tree.place(one) for one in shown] == [whole.place(one) for one in shown]
    library.close()


def test_of_a_leaf_that_is_not_there_it_is_nothing(library: Library) -> None:
    chat_id, made = grown(library, 1, 6)
    other_id, _ = grown(library, 2, 6)
    assert library.end_nodes(chat_id, "0" * 16, 5) == []
    assert library.end_nodes(other_id, made[-1].id, 5) == []
