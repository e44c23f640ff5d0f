"""Chats as Markdown: the branch each was left on, to be read as it stands or in any viewer.

Other branches are counted where they go off (`2 of 3`) and not shown: what reads as one talk should
be one; JSON and TOML hold all of them. Texts stand as they were written, except that a code block
that a reply left open is closed, or everything after it would be code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tui.core.conversation import Conversation
from tui.core.message import Message
from tui.core.safe import shown_line
from tui.core.sizes import written_size
from tui.core.tree import Tree
from tui.core.whole import WholeConversation
from tui.store.formats.words import about, ending, heading, numbers

_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})(.*)")


def write(chats: Iterable[WholeConversation]) -> Iterator[str]:
    """The document, in pieces; a rule stands between two chats."""
    separator = ""
    for whole in chats:
        yield separator
        separator = "\n---\n\n"
        tree = whole.tree()
        for part in readable(whole.conversation, whole.branch(tree), tree):
            yield f"{part}\n"


def readable(conversation: Conversation, branch: Sequence[Message], tree: Tree) -> Iterator[str]:
    """One branch of a chat, in parts that a line end follows."""
    yield f"# {shown_line(conversation.title)}"
    yield f"\n{about(conversation)}"
    if conversation.system_prompt:
        yield f"\n## System\n\n{closed(conversation.system_prompt)}"
    for message in branch:
        yield f"\n## {heading(message, tree)}"
        for attachment in message.attachments:
            yield f"\n[{shown_line(attachment.name)}, {written_size(attachment.size)}]"
        if message.reasoning.strip():
            yield "\n" + _quoted(f"*Reasoning*\n\n{message.reasoning.strip()}")
        if text := message.text.rstrip():
            yield f"\n{closed(text)}"
        if how := ending(message):
            yield f"\n*({how})*"
        if took := numbers(message):
            yield f"\n*{took}*"


def closed(text: str) -> str:
    """`text` with the code block closed that it leaves open (CommonMark 0.31.2, 4.5)."""
    indent = fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if found is None:
            continue
        marks, rest = found[2], found[3]
        if not fence:
            if marks[0] == "~" or "`" not in rest:
                indent, fence = found[1], marks
        elif marks[0] == fence[0] and len(marks) >= len(fence) and not rest.strip():
            fence = ""
    if not fence:
        return text
    return f"{text}\n{indent}{fence}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
