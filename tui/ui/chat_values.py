"""A chat's model, parameters and numbers in words: for the status line and `/set`. Pure."""

from __future__ import annotations

from dataclasses import asdict

from tui.core.conversation import Parameters
from tui.core.models import ModelRef
from tui.core.settings import parameter_from
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.ui.bars import Standing
from tui.ui.choosing import ModelChoice
from tui.ui.format import context_line, money


def standing(sessions: Sessions, chat: Chat, choice: ModelChoice, spent: float | None) -> Standing:
    """What the status line says of a chat that has cost `spent` US dollars (None: unknown)."""
    ref = ModelRef(chat.conversation.endpoint, chat.conversation.model)
    return Standing(
        model=choice.written(ref),
        parameters=" · ".join(_parameters(sessions.parameters(chat), sessions.system_prompt(chat))),
        context=_context(chat, choice.facts(ref).context_window),
        cost=money(spent) if spent is not None else "",
    )


def with_words(parameters: Parameters, words: str) -> Parameters:
    """`parameters` after `temperature 0.5`, `max_tokens 1000`, `stream off` or `stream default`.

    Raises:
        ValueError: it can't be understood; its text says what was expected.
    """
    name, _, value = words.replace("=", " ").partition(" ")
    name = name.strip().replace("-", "_")
    try:
        return Parameters(**{**asdict(parameters), name: parameter_from(name, value)})
    except ValueError as wrong:
        raise ValueError(f"{name or '/set'}: expected {wrong}.") from wrong


def _parameters(parameters: Parameters, system_prompt: str) -> list[str]:
    words = []
    if system_prompt.strip():
        words.append("system prompt")
    if parameters.temperature is not None:
        words.append(f"temperature {parameters.temperature:g}")
    if parameters.max_tokens is not None:
        words.append(f"max {parameters.max_tokens:,}")
    if parameters.stream is False:
        words.append("in one piece")
    return words


def _context(chat: Chat, window: int | None) -> str:
    """What the newest reply with numbers left in the context window."""
    for message_id in reversed(chat.path):
        message = chat.messages.get(message_id)
        if message is not None and message.usage is not None:
            return context_line(message.usage.total, window, exact=message.usage.exact)
    return ""
