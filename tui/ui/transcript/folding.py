"""What of a message is folded away, as a value.

A fold is kept by what it folds (a message, a code block's number in it), never by a row, so it
holds while text streams in, at any width, and while the message is out of sight and let go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

# The whole message, its reasoning, or the code block of that number.
Foldable = Literal["message", "reasoning"] | int


@dataclass(frozen=True, slots=True)
class Folds:
    """What is folded of one message.

    Attributes:
        message: all of it, to one line.
        reasoning: what the model thought; from the start, until it is asked for.
        codes: the numbers of its code blocks that are folded to their headers.
    """

    message: bool = False
    reasoning: bool = True
    codes: frozenset[int] = frozenset()

    def toggled(self, what: Foldable) -> Folds:
        """Folded what was open, or the other way round."""
        if what == "message":
            return replace(self, message=not self.message)
        if what == "reasoning":
            return replace(self, reasoning=not self.reasoning)
        return replace(self, codes=self.codes ^ {what})


AS_IT_COMES = Folds()


def lines_of(count: int) -> str:
    """How much is folded away."""
    return f"{count:,} line{'' if count == 1 else 's'}"
