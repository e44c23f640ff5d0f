"""Replies of any length in six shapes, the same on every run."""

from __future__ import annotations

import random

_TEXT = """
the model answers in plain words and then goes on to explain why a virtual list of blocks stays
fast while text arrives because only the last open block is read again and everything settled
keeps its rows between two frames naïve café résumé 東京 emoji 🙂 done
"""
WORDS = _TEXT.split()
SHAPES = ("prose", "list", "fence", "table", "quotes", "mixed")


def _sentence(rng: random.Random) -> str:
    words = [rng.choice(WORDS) for _ in range(rng.randint(6, 16))]
    at = rng.randrange(len(words) - 1)
    words[at] = rng.choice(["**{}**", "*{}*", "`{}`", "[{}](https://example.org/x)", "{}"]).format(
        words[at]
    )
    return " ".join(words).capitalize() + "."


def _paragraph(rng: random.Random) -> str:
    return " ".join(_sentence(rng) for _ in range(rng.randint(2, 5)))


def _items(rng: random.Random) -> str:
    lines: list[str] = []
    for number in range(rng.randint(3, 6)):
        lines.append(f"{number + 1}. {_sentence(rng)}")
        lines += [f"   - {_sentence(rng)}" for _ in range(rng.randint(0, 3))]
    return "\n".join(lines)


def _code(rng: random.Random, lines: int) -> str:
    body = [
        rng.choice(
            [
                "def step(state: State, text: str) -> State:",
                '    """Take one more piece of text."""',
                f"    total = state.total + {rng.randint(1, 999)}  # counted once",
                "    if not text and state.open:",
                '        raise ValueError(f"nothing to add to {state!r}")',
                "    return replace(state, total=total)",
                "",
            ]
        )
        for _ in range(lines)
    ]
    return "\n".join(body)


def _row(rng: random.Random) -> str:
    return f"| {rng.choice(WORDS)} | {_sentence(rng)} | {rng.randint(1, 10_000)} |"


def reply(shape: str, size: int, seed: int = 1) -> str:
    """About `size` characters of Markdown of one of `SHAPES`."""
    rng = random.Random(seed)
    parts: list[str] = []
    length = 0
    head, glue, close = "", "\n\n", ""
    if shape == "fence":
        head, glue, close = "```python\n", "\n", "\n```\n"
    elif shape == "table":
        head, glue = "| word | what it says | count |\n|:--|---|--:|\n", "\n"
    elif shape == "list":
        glue = "\n"
    elif shape == "quotes":
        glue = "\n>\n"
    while length < size:
        if shape == "prose":
            part = _paragraph(rng)
        elif shape == "list":
            part = _items(rng)
        elif shape == "fence":
            part = _code(rng, 20)
        elif shape == "table":
            part = _row(rng)
        elif shape == "quotes":
            part = "> " + _paragraph(rng)
        else:
            part = rng.choice(
                [
                    f"## {_sentence(rng)}",
                    _paragraph(rng),
                    _paragraph(rng),
                    _items(rng),
                    "```python\n" + _code(rng, rng.randint(5, 25)) + "\n```",
                    "| a | b | c |\n|---|---|---|\n" + "\n".join(_row(rng) for _ in range(5)),
                    "> " + _sentence(rng),
                ]
            )
        parts.append(part)
        length += len(part) + len(glue)
    return head + glue.join(parts) + close


def tokens(text: str, seed: int = 1) -> list[str]:
    """`text` in pieces of the size that models stream: about four characters."""
    rng = random.Random(seed)
    pieces: list[str] = []
    at = 0
    while at < len(text):
        step = rng.choice((1, 2, 3, 4, 4, 5, 6, 7))
        pieces.append(text[at : at + step])
        at += step
    return pieces
