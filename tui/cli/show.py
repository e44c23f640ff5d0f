"""`chinwag show`: one chat, to read or (as JSON) whole."""

from __future__ import annotations

import argparse
import sys

from tui.cli.output import add_json_option, fit, print_json
from tui.cli.reading import library_to_read
from tui.cli.surroundings import surroundings
from tui.core.json_values import whole_conversation_value
from tui.core.tree import Tree
from tui.store.formats.markdown_text import readable


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
