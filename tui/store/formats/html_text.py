"""Chats as one HTML page that stands alone: to keep, send, read in any browser or print.

Invariant: nothing of a chat acts. Its text is escaped, HTML in it included; links lead to http,
https and mailto addresses only; pictures are named and never loaded; there is no script and no
style attribute. The page's content security policy forbids all of it once more, and whatever else
would reach out: it allows one thing, the style sheet of this text, by its hash.

Shows the branch each chat was left on, as Markdown exports do. Imported when a page is made.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from tui.core.conversation import Conversation
from tui.core.message import Message, Role
from tui.core.safe import shown, shown_line
from tui.core.sizes import written_size
from tui.core.tree import Tree
from tui.core.whole import WholeConversation
from tui.store.formats.html_look import style
from tui.store.formats.html_markdown import as_html
from tui.store.formats.words import about, ending, heading, numbers


def write(chats: Iterable[WholeConversation]) -> Iterator[str]:
    """The page, in pieces; the first chat's title is the page's."""
    title = "chinwag"
    begun = False
    for whole in chats:
        if not begun:
            title, begun = shown_line(whole.conversation.title), True
            yield _head(title)
        tree = whole.tree()
        yield from _chat(whole.conversation, whole.branch(tree), tree)
    if not begun:
        yield _head(title)
    yield "</body>\n</html>\n"


def _head(title: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return f"""<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="chinwag">
<title>{escape(title)}</title>
<style>{style()}</style>
</head>
<body>
"""


def _chat(conversation: Conversation, branch: Sequence[Message], tree: Tree) -> Iterator[str]:
    yield f'<article class="chat">\n<h1 dir="auto">{_line(conversation.title)}</h1>\n'
    yield f'<p class="about">{_line(about(conversation))}</p>\n'
    if conversation.system_prompt:
        yield '<section class="message system">\n<h2>System</h2>\n'
        yield f"{_plain(conversation.system_prompt)}</section>\n"
    for message in branch:
        yield from _message(message, tree)
    yield "</article>\n"


def _message(message: Message, tree: Tree) -> Iterator[str]:
    yield f'<section class="message {message.role.value}">\n'
    yield f"<h2>{_line(heading(message, tree))}</h2>\n"
    if message.attachments:
        files = (f"{_line(one.name)}, {written_size(one.size)}" for one in message.attachments)
        yield f'<ul class="files">{"".join(f"<li>{file}</li>" for file in files)}</ul>\n'
    if message.reasoning.strip():
        yield f"<details><summary>Reasoning</summary>\n{_plain(message.reasoning)}</details>\n"
    if message.text:
        # What a person typed reads as it was typed; what models write is Markdown.
        yield _plain(message.text) if message.role is Role.USER else _rendered(message.text)
    if how := ending(message):
        yield f'<p class="ending">{_line(how)}</p>\n'
    if took := numbers(message):
        yield f'<p class="numbers">{_line(took)}</p>\n'
    yield "</section>\n"


def _line(text: str) -> str:
    return escape(shown_line(text))


def _plain(text: str) -> str:
    return f'<p class="plain" dir="auto">{escape(_clean(text).strip())}</p>\n'


def _rendered(text: str) -> str:
    return f'<div dir="auto">\n{as_html(_clean(text))}</div>\n'


def _clean(text: str) -> str:
    return shown(text.replace("\r\n", "\n"))
