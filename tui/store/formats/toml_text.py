"""Chats as TOML: the values of `tui.store.formats.values`, texts as they were written.

A chat is `[[conversations]]` with its `[[conversations.messages]]`; what is null is left out; times
are TOML's own. A text of several lines stands between triple quotes. Written here and not by
`tomli_w`, which makes short tables inline arrays, turns a carriage return with a line feed into the
latter, and holds the whole document. Read a chat at a time, so a large file takes no more memory
than its largest chat.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping

from tui.core.json_values import JsonObject
from tui.core.safe import shown
from tui.core.whole import WholeConversation
from tui.store.formats.fields import too_long, unreadable
from tui.store.formats.json_text import CHAT_LIMIT
from tui.store.formats.values import FORMAT, VERSION, check_head, whole_value

_MEMBER = "conversations"
_TIMES = {"created", "updated", "deleted_at"}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_START = re.compile(rf"[ \t]*\[\[[ \t]*{_MEMBER}[ \t]*\]\][ \t]*(?:#.*)?\r?\n?")
# In one line: the quotes of a long text, a short text (to its end, or the line's), a comment.
_QUOTES = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"?|\'[^\']*\'?|#.*')
# `a.a.a...` takes tomllib a time that grows with more than the square of its parts.
_DOTS = "." * 16
_NO_DOTS = re.compile(r"[\w\s-]+")
_AT_LINE = re.compile(r"\(at line ([0-9]+), column [0-9]+\)$")  # tomllib's words
_IN_LONG = {'"""': re.compile(r'\\.|"""'), "'''": re.compile(r"'''")}


def write(chats: Iterable[WholeConversation]) -> Iterator[str]:
    """The document, in pieces."""
    yield f'format = "{FORMAT}"\nversion = {VERSION}\n'
    for whole in chats:
        value = whole_value(whole)
        messages = value.pop("messages")
        yield "\n" + "".join(_table(_MEMBER, value))
        if isinstance(messages, list):
            for message in messages:
                yield "\n" + "".join(_table(f"{_MEMBER}.messages", message))


def read(chunks: Iterable[str]) -> Iterator[object]:
    """The values of the chats in a document that comes in chunks.

    Raises:
        ChatError: it is no such document, or is no TOML from some place on (kind FILE). Chats
            before that place have been given by then.
    """
    parts = _parts(chunks)
    first = next(parts, "")
    try:
        head = _parsed(first)
    except ValueError:
        raise unreadable("This is no export of chinwag's, neither JSON nor TOML") from None
    check_head(head)
    yield from _chats(head)
    line = 1 + first.count("\n")
    for part in parts:
        try:
            chat = _parsed(part)
        except ValueError as error:
            if found := _AT_LINE.search(str(error)):
                line += int(found[1]) - 1  # else it is known only in which chat it is
            raise unreadable(f"The file is no TOML from line {line:,} on") from None
        yield from _chats(chat)
        line += part.count("\n")


def _chats(document: Mapping[str, object]) -> Iterator[object]:
    found = document.get(_MEMBER, [])
    yield from found if isinstance(found, list) else [found]


def _parsed(text: str) -> JsonObject:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise unreadable("The file is nested too deeply") from None


def _parts(chunks: Iterable[str]) -> Iterator[str]:
    """What stands before the first chat, then each chat."""
    part: list[str] = []
    size = 0
    quotes = ""
    for line in _lines(chunks):
        if not quotes and _START.fullmatch(line):
            yield "".join(part)
            part, size = [], 0
        part.append(line)
        size += len(line)
        if size > CHAT_LIMIT:
            raise too_long("A chat in the file is", CHAT_LIMIT)
        quotes = _open_after(line, quotes)
    yield "".join(part)


def _lines(chunks: Iterable[str]) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for chunk in chunks:
        *whole, last = re.split(r"(?<=\n)", chunk)
        for line in whole:
            yield "".join((*held, line))
            held, size = [], 0
        held.append(last)
        size += len(last)
        if size > CHAT_LIMIT:
            raise too_long("A line in the file is", CHAT_LIMIT)
    yield "".join(held)


def _open_after(line: str, quotes: str) -> str:
    """The quotes of the long text that is open after `line`, as `quotes` were before it."""
    at = 0
    bare: list[str] = []
    while True:
        found = (_IN_LONG[quotes] if quotes else _QUOTES).search(line, at)
        if not quotes:
            bare.append(line[at : found.start() if found else None])
        if found is None:
            break
        at = found.end()
        if quotes and found[0] == quotes:
            # Up to two more belong to the text (toml.io/en/v1.0.0#string).
            at += len(line[at : at + 2]) - len(line[at : at + 2].lstrip(quotes[0]))
            quotes = ""
        elif not quotes and found[0] in _IN_LONG:
            quotes = found[0]
    if _DOTS in _NO_DOTS.sub("", "".join(bare)):
        raise unreadable("The file is nested too deeply")
    return quotes


def _table(name: str, fields: Mapping[str, object]) -> Iterator[str]:
    """A table in an array of tables: its own fields first, as TOML wants it, then those within."""
    yield f"[[{name}]]\n"
    within: list[tuple[str, object]] = []
    for key, value in fields.items():
        if isinstance(value, dict) or (isinstance(value, list) and value and _is_table(value[0])):
            within.append((key, value))
        elif value is not None:
            yield f"{key} = {_written(key, value)}\n"
    for key, value in within:
        if isinstance(value, dict):
            yield from _subtable(f"{name}.{key}", value)
        elif isinstance(value, list):
            for item in value:
                yield "\n"
                yield from _table(f"{name}.{key}", item)


def _subtable(name: str, fields: JsonObject) -> Iterator[str]:
    lines = [
        f"{key} = {_written(key, value)}\n" for key, value in fields.items() if value is not None
    ]
    if lines:
        yield f"\n[{name}]\n"
        yield from lines


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _written(key: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(_short(str(item)) for item in value)}]"
    text = str(value)
    if key in _TIMES:
        return text
    return _long(text) if "\n" in text else _short(text)


def _short(text: str) -> str:
    return f'"{_escaped(text)}"'


def _long(text: str) -> str:
    """A text of several lines; a quote is escaped where three would come together."""
    lines = (
        line if line == shown(line) and "\\" not in line else _escaped(line)
        for line in text.split("\n")
    )
    body = "\n".join(lines).replace('"""', '""\\"')
    if body.endswith('"') and not body.endswith('\\"'):
        body = body[:-1] + '\\"'
    return f'"""\n{body}"""'


def _escaped(text: str) -> str:
    """As it stands between quotes; what `shown` would replace is written as a number."""
    escaped = text.translate(_ESCAPES)
    safe = shown(escaped)
    if safe == escaped:
        return escaped
    return "".join(
        character if character == picture else f"\\u{ord(character):04x}"
        for character, picture in zip(escaped, safe, strict=True)
    )
