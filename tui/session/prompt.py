"""What is sent: the messages of one branch, as a prompt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from tui.core.message import Message, Role
from tui.core.usage import Usage, estimate_tokens
from tui.provider.base import PromptMessage

# Chat templates put a few tokens around each message (OpenAI cookbook, "How to count tokens").
TOKENS_AROUND_MESSAGE = 4


def build_prompt(branch: Iterable[Message], system_prompt: str) -> tuple[PromptMessage, ...]:
    """The prompt for a reply at the end of `branch`, oldest message first.

    Replies that broke off are sent with the text they have; those without text are left out, as
    servers reject empty ones.
    """
    prompt = [PromptMessage(Role.SYSTEM, system_prompt)] if system_prompt.strip() else []
    prompt += [
        PromptMessage(message.role, message.text, message.attachments)
        for message in branch
        if message.text or message.attachments
    ]
    return tuple(prompt)


class PromptSize:
    """How long a prompt is, counted when asked for, once for all requests that send it."""

    def __init__(self, messages: Sequence[PromptMessage]) -> None:
        self._messages = messages

    @cached_property
    def tokens(self) -> int:
        """Its tokens, by estimate."""
        return sum(
            TOKENS_AROUND_MESSAGE
            + estimate_tokens(message.text)
            + sum(estimate_tokens(attachment.text or "") for attachment in message.attachments)
            for message in self._messages
        )


def estimate_usage(prompt: PromptSize, text: str, reasoning: str) -> Usage:
    """Tokens of a turn whose endpoint reported none; marked as an estimate."""
    thought = estimate_tokens(reasoning)
    return Usage(prompt.tokens, estimate_tokens(text) + thought, reasoning=thought, exact=False)
