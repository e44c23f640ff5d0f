"""What a line of Markdown can begin: the line-level rules of CommonMark and GitHub's tables.

Source: CommonMark 0.31.2, and markdown-it's table rule; `tests/ui/transcript/test_blocks.py`
holds the whole block grammar against markdown-it itself. Raw HTML is text here, so the rules for
HTML blocks are not needed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# A line with a letter (or most other characters) first can begin nothing but a paragraph.
PLAIN_START = re.compile(r"[^\W\d_]")
HEADING = re.compile(r"(#{1,6})(?:[ \t]+(?!#+[ \t]*$)(.*?))?(?:[ \t]+#+)?[ \t]*$")
CLOSING = re.compile(r"(?:[ \t]+#+)?[ \t]*$")  # what may end a heading's line
FENCE = re.compile(r"(`{3,})([^`]*)$|(~{3,})(.*)$")
RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$")
UNDERLINE = re.compile(r"(=+|-+)[ \t]*$")
ITEM = re.compile(r"(?:([*+-])|(\d{1,9})([.)]))(?=[ \t]|$)")
NOTE = re.compile(r"\[\^([^\]\s]+)\]:[ \t]*")
DELIMITERS = re.compile(r"[-:|][-:| \t]*$")
_DELIMITER = re.compile(r":?-+:?$")
_PREFIX = re.compile(r"[ \t>*+\-0-9.)]*")
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")
# Beginnings of lines that turn into something else with the next character: "-" under a
# paragraph is a heading until it becomes a list. While they stream they are held back.
UNDECIDED = re.compile(r"[ \t]*[-|:=*+`#~>_ \t]+$")


class ItemStart(NamedTuple):
    """The marker of a list item.

    Attributes:
        sign: what tells lists apart: "-", "*", "+", "." or ")".
        number: of an ordered item, else None.
        width: characters of the marker itself.
    """

    sign: str
    number: int | None
    width: int


def expanded(line: str) -> str:
    """`line` with tabs among its marks as spaces (stops of 4); tabs in its content stay."""
    if "\t" not in line:
        return line
    found = _PREFIX.match(line)
    end = found.end() if found else 0
    return line[:end].expandtabs(4) + line[end:]


def after(raw: str, text: str, at: int) -> tuple[str, int]:
    """What stands from `at` of `text = expanded(raw)` on, tabs as they were, and where in `raw`."""
    if "\t" not in raw:
        return text[at:], at
    found = _PREFIX.match(raw)
    end = found.end() if found else 0
    column = 0
    for index in range(end):
        if column >= at:
            return " " * (column - at) + raw[index:], index
        column += 4 - column % 4 if raw[index] == "\t" else 1
    if column > at:
        return " " * (column - at) + raw[end:], end
    return raw[end + at - column :], end + at - column


def indentation(text: str, start: int) -> int:
    """How many spaces stand at `start`."""
    end = start
    size = len(text)
    while end < size and text[end] == " ":
        end += 1
    return end - start


def item_start(text: str, at: int) -> ItemStart | None:
    """The list marker at `at`, if one stands there."""
    found = ITEM.match(text, at)
    if found is None:
        return None
    if found[1]:
        return ItemStart(found[1], None, 1)
    return ItemStart(found[3], int(found[2]), len(found[2]) + 1)


def cells(row: str) -> list[str]:
    """The cells of a table row; a pipe after a backslash does not divide."""
    parts = _UNESCAPED_PIPE.split(row.strip()) if "\\" in row else row.strip().split("|")
    if parts and parts[0] == "":
        parts.pop(0)
    if parts and parts[-1] == "":
        parts.pop()
    return [part.strip().replace("\\|", "|") for part in parts]


def closer(line: str) -> str:
    """What closes the display mathematics that `line` begins and leaves open; empty if none."""
    sign = {"$$": "$$", "\\[": "\\]"}.get(line[:2], "")
    return "" if sign in line[2:] else sign


def table_aligns(header: str, line: str) -> tuple[str, ...] | None:
    """The alignments that `line` gives to the columns of `header`; None if it begins no table."""
    if "|" not in header or len(line) < 2 or not DELIMITERS.match(line):
        return None
    if line[0] == "-" and line[1] in " \t":
        return None  # a list item
    aligns: list[str] = []
    columns = line.split("|")
    for index, column in enumerate(columns):
        text = column.strip()
        if not text:
            if index in (0, len(columns) - 1):
                continue
            return None
        if not _DELIMITER.match(text):
            return None
        left, right = text[0] == ":", text[-1] == ":"
        aligns.append("center" if left and right else "right" if right else "left" if left else "")
    return tuple(aligns) if aligns and len(cells(header)) == len(aligns) else None
