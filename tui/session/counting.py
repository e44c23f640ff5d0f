"""What a reply in flight has come to so far: its times, and its tokens and price by estimate.

The endpoint counts tokens at the end of a reply. Until then they are estimated, each piece of text
once, so that looking costs the same however long the reply has become.
"""

from __future__ import annotations

from dataclasses import replace

from tui.core.message import Message
from tui.core.usage import ModelFacts, Usage, estimate_tokens
from tui.session.prompt import estimate_usage
from tui.session.turn import Turn


class Counted:
    """Counts along with a turn."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._seen = 0
        self._thoughts_seen = 0
        self._usage = estimate_usage(turn.prompt_size, "", "")

    def reply(self, facts: ModelFacts) -> Message:
        """The reply with its numbers, without its text; its final value once it has ended.

        Args:
            facts: prices of its model, for what it costs so far.
        """
        turn = self._turn
        if turn.done:
            return turn.reply
        first_token_ms, total_ms = turn.times
        usage = self._count() if first_token_ms is not None else None
        return replace(
            turn.reply,
            text="",
            usage=usage,
            cost_usd=None if usage is None else facts.cost(usage),
            first_token_ms=first_token_ms,
            total_ms=total_ms,
        )

    def _count(self) -> Usage:
        turn, before = self._turn, self._usage
        written = estimate_tokens("".join(turn.parts[self._seen :]))
        thought = estimate_tokens("".join(turn.reasoning_parts[self._thoughts_seen :]))
        self._seen, self._thoughts_seen = len(turn.parts), len(turn.reasoning_parts)
        self._usage = replace(
            before,
            output=before.output + written + thought,
            reasoning=before.reasoning + thought,
        )
        return self._usage
