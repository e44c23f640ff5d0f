"""A session of aichat's: `sessions/NAME.yaml` in its config folder.

The fields are those of sigoden/aichat (src/config/session.rs and src/client/message.rs at 82976d3;
pictures are in them since 0.10, calls of tools since 0.25): `model` is `client:model`; a message's
`content` is a text, a list of texts and pictures, or the calls of tools with what they answered.
What was compressed comes first, then the rest after a summary of it.

It keeps no times and no ids: messages are dated by when the file was last written, and a session's
identity is its name and its first message.

YAML can do far more than these files do. Everything is read as text, list or table and nothing
else; a reference to what stands elsewhere in the file is refused: aichat writes none, and a few
nested in each other would be more than any memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from types import ModuleType

from tui.core.conversation import Conversation, Parameters
from tui.core.ids import derived_id
from tui.core.message import Attachment, Role
from tui.core.whole import WholeConversation
from tui.store.foreign.branches import Chain, Said, assembled, in_turn, step
from tui.store.foreign.values import items, name, number, table, text, title
from tui.store.formats.fields import unreadable

NAME = "aichat"
FILE_LIMIT = 32 * 1024 * 1024  # bytes
DEPTH_LIMIT = 50  # an answer of a tool may be nested as JSON is; all else is 6 deep
_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM, "tool": Role.TOOL}


def session(content: bytes, called: str, at: datetime) -> WholeConversation:
    """The chat of a session's file.

    Args:
        content: what is in the file.
        called: its name without the ending; empty where it has none.
        at: when it was written.

    Raises:
        ChatError: it is none, or PyYAML is not installed (kind FILE).
    """
    fields = table(_loaded(content))
    if not isinstance(fields.get("messages"), list):
        raise unreadable("This is no session of aichat's: it has no list of `messages`")
    chain, last, system = Chain(), None, None
    files = table(fields.get("data_urls"))
    before, colon, after = text(fields.get("model")).partition(":")
    endpoint, model = (before, after) if colon else ("", before)
    messages = [*items(fields.get("compressed_messages")), *items(fields.get("messages"))]
    for place, message in enumerate(map(table, messages)):
        role, when = _ROLES.get(text(message.get("role"))), in_turn(at, place)
        words = _text(message.get("content"))
        attached = tuple(_pictures(message.get("content"), files))
        if role is Role.SYSTEM and last is None and system is None:
            system = words
            continue
        for done in _calls(message.get("content")):
            last = chain.add(Said("", last, Role.TOOL, done, when))
        if role not in (None, Role.TOOL) and (words.strip() or attached):
            by = model if role is Role.ASSISTANT else ""
            last = chain.add(Said("", last, role, words, when, model=by, attachments=attached))
    first = chain.said[0].key if chain.said else ""
    temperature = number(fields.get("temperature"))
    return assembled(
        Conversation(
            id=derived_id(NAME, called, first),
            title=title(called),
            created=at,
            updated=in_turn(at, len(messages)),
            model=model,
            endpoint=endpoint or NAME,
            titled=bool(called),
            system_prompt=system or None,
            parameters=Parameters(
                temperature if temperature is not None and 0 <= temperature <= 2 else None
            ),
        ),
        chain.said,
        last,
    )


def _text(content: object) -> str:
    if isinstance(content, str):
        return text(content)
    if isinstance(content, dict):  # calls of tools, and what was said with them
        return text(content.get("text"))
    return "\n\n".join(filter(None, (text(table(part).get("text")) for part in items(content))))


def _pictures(content: object, files: object) -> Iterator[Attachment]:
    """The names of pictures: the session has them by the hashes of what was sent."""
    for part in items(content):
        url = text(table(table(part).get("image_url")).get("url"))
        if url.startswith("data:"):
            path = table(files).get(hashlib.sha256(url.encode()).hexdigest())
            media_type, _, data = url[5:].partition(";base64,")
            yield Attachment(name(path) or "image", media_type[:100], len(data) * 3 // 4)
        elif url:
            yield Attachment(name(url.partition("?")[0]) or "image", "image/*", 0)


def _calls(content: object) -> Iterator[str]:
    for result in map(table, items(table(content).get("tool_results"))):
        call = table(result.get("call"))
        called = f"`{text(call.get('name'))}`"
        yield step(f"Asked {called}:", json.dumps(call.get("arguments")), "json")
        answered = result.get("output")
        told = answered if isinstance(answered, str) else json.dumps(answered)
        yield step(f"{called} answered:", text(told))


def _loaded(content: bytes) -> object:
    """What a document of YAML says: texts, lists and tables."""
    yaml = _yaml()
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        depth = 0
        # The events come without anything being built, so this much is safe to look at.
        for event in yaml.parse(content, Loader=loader):
            if isinstance(event, yaml.AliasEvent):
                raise unreadable("The session refers to parts of itself, which aichat's never do")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEPTH_LIMIT:
                raise unreadable("The session is nested too deeply")
        value: object = yaml.load(content, Loader=loader)
    except (yaml.YAMLError, RecursionError, ValueError) as wrong:
        # libyaml has a limit of its own (1,000 since 0.2.6), which it may meet before an event.
        if "nesting depth" in str(wrong):
            raise unreadable("The session is nested too deeply") from None
        raise unreadable("The session is no YAML from some place on") from None
    return value


def _yaml() -> ModuleType:
    try:
        import yaml
    except ImportError:
        raise unreadable(
            "Sessions of aichat's are YAML. Install PyYAML to read them: "
            "python -m pip install pyyaml"
        ) from None
    return yaml
