"""Looks: what a stretch of text is, as bits that combine; the theme says what each looks like.

Text is rendered once into (text, look) and painted with whatever palette the theme gives, so a
fresh theme never parses again.
"""

from __future__ import annotations

from typing import Final

PLAIN: Final = 0
# Each name is a component class of the widget: bit n is NAMES[n]; later bits win over earlier.
NAMES: Final = (
    "user",
    "surface",
    "dim",
    "quiet",
    "accent",
    "heading",
    "title",
    "strong",
    "em",
    "strike",
    "code",
    "link",
    "math",
    "error",
    "warning",
    "success",
    "keyword",
    "function",
    "string",
    "number",
    "comment",
    "operator",
    "builtin",
    "chip",
)
(
    USER,  # the tint behind what the user wrote
    SURFACE,  # the tint behind code
    DIM,  # bars, rules, marks
    QUIET,  # numbers, labels, reasoning
    ACCENT,
    HEADING,
    TITLE,  # a heading of the first level
    STRONG,
    EM,
    STRIKE,
    CODE,
    LINK,
    MATH,
    ERROR,
    WARNING,
    SUCCESS,
    KEYWORD,
    FUNCTION,
    STRING,
    NUMBER,
    COMMENT,
    OPERATOR,
    BUILTIN,
    CHIP,  # something to click
) = (1 << bit for bit in range(len(NAMES)))
