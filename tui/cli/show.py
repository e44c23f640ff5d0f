"""`chinwag show`: one chat, to read or (as JSON) whole."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from tui.cli.output import add_json_option, fit, print_json, written_size
from tui.cli.reading import library_to_read
from tui.cli.surroundings import surroundings
from tui.core.conversation import Conversation
from tui.core.json_values import time_value, whole_conversation_value
from tui.core.message import Message, Role, Status
from tui.core.safe import shown_line
from tui.core.tree import Tree

_ENDINGS = {
    Status.PENDING: "being written",
    Status.STREAMING: "being written",
    Status.STOPPED: "stopped",
    Status.FAILED: "failed",
    Status.TRUNCATED: "cut at the longest length",
    Status.FILTERED: "cut by a content filter",
    Status.INTERRUPTED: "interrupted",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.epilog = "The branch it was left on, as Markdown; --json has every branch."
    parser.add_argument("chat", metavar="ID", help="the chat (the start of its id will do)")
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the chat."""
    with library_to_read(surroundings().paths) as library:
        chat_id = library.resolve(arguments.chat)
        conversation, nodes = library.conversation(chat_id), library.nodes(chat_id)
        tree = Tree(nodes)
        leaf = conversation.active_leaf
        if leaf not in tree:
            leaf = tree.newest_leaf()
        shown_ids = [node.id for node in nodes] if arguments.json else tree.path(leaf)
        messages = library.messages(shown_ids)
    if arguments.json:
        print_json(whole_conversation_value(conversation, leaf, messages))
        return 0
    for line in readable(conversation, messages, tree):
        print(fit(line, sys.stdout))
    return 0


def readable(conversation: Conversation, messages: Sequence[Message], tree: Tree) -> Iterator[str]:
    """The branch of `messages` as Markdown, a part at a time."""
    yield f"# {shown_line(conversation.title)}"
    yield f"\n{conversation.id} · {time_value(conversation.created)}"
    if conversation.system_prompt:
        yield f"\n## System\n\n{conversation.system_prompt}"
    for message in messages:
        yield f"\n## {_heading(message, tree)}"
        for attachment in message.attachments:
            yield f"\n[{shown_line(attachment.name)}, {written_size(attachment.size)}]"
        if message.text:
            yield f"\n{message.text}"
        if ending := _ENDINGS.get(message.status):
            why = f": {shown_line(message.error.text)}" if message.error else ""
            yield f"\n*({ending}{why})*"


def _heading(message: Message, tree: Tree) -> str:
    who = "You" if message.role is Role.USER else shown_line(message.model) or message.role.value
    place, count = tree.place(message.id)
    return f"{who} ({place} of {count})" if count > 1 else who
