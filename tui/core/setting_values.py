"""Values of the config: how each sort of them is read, and what is said of one that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

from tui.core.addresses import is_address


class WrongValueError(ValueError):
    """A value is not what was expected; its text says what was."""


def as_text(value: object) -> str:
    """Any text."""
    if not isinstance(value, str):
        raise WrongValueError("a text in quotes")
    return value


def as_variable(value: object) -> str:
    """The name of an environment variable, or nothing."""
    if not re.fullmatch(r"([A-Za-z_][A-Za-z0-9_]*)?", as_text(value)):
        raise WrongValueError("the name of a variable, such as OPENAI_API_KEY")
    return as_text(value)


def as_texts(value: object) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise WrongValueError('a list of texts, such as ["gpt-4o"]')
    return tuple(value)


def as_yes_no(value: object) -> bool:
    """`true` or `false`."""
    if not isinstance(value, bool):
        raise WrongValueError("true or false")
    return value


def as_number(low: float, high: float) -> Callable[[object], float]:
    """A number within these limits."""

    def read(value: object) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            raise WrongValueError(f"a number from {low:g} to {high:g}")
        return float(value)

    return read


def as_whole(low: int, high: int) -> Callable[[object], int]:
    """A whole number within these limits."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise WrongValueError(f"a whole number from {low} to {high}")
        return value

    return read


def as_address(value: object) -> str:
    """Where an endpoint is, without a slash at the end; no login, which every error would show."""
    if not (
        isinstance(value, str)
        and re.fullmatch(r"https?://[^\s/@]+(/\S*)?", value)
        and is_address(value)
    ):
        raise WrongValueError('an address such as "http://localhost:11434/v1"')
    return value.rstrip("/")


def as_model(value: object) -> str:
    """A model; whether there is one of that name is not known here."""
    if not isinstance(value, str) or not value.strip():
        raise WrongValueError('a model, such as "gpt-4o" or "ollama/llama3.2"')
    return value.strip()
