"""What a reply took: tokens and money, each exact, estimated or absent - never silently guessed."""

from __future__ import annotations

from dataclasses import dataclass

# OpenAI's rule of thumb for English (help.openai.com, "What are tokens"): 4 characters a token.
CHARACTERS_PER_TOKEN = 4
# From U+2E00 on (CJK, kana, hangul, emoji) tokenizers spend about a token on each character: by the
# upper byte of UTF-16, where of the two halves of a far one the second counts.
_DENSE = bytes([*range(0x2E, 0xD8), *range(0xDC, 0x100)])


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request and its reply.

    Attributes:
        input: tokens of the prompt, cached ones included.
        output: tokens of the reply, reasoning included.
        cached_input: those of `input` that the endpoint had cached.
        reasoning: those of `output` that were reasoning.
        exact: True when the endpoint counted them, False when we estimated.
    """

    input: int
    output: int
    cached_input: int = 0
    reasoning: int = 0
    exact: bool = True

    @property
    def total(self) -> int:
        """Tokens that this turn has put into the context window."""
        return self.input + self.output


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What is known of a model; None where it is not.

    Prices are US dollars per million tokens; `context_window` is in tokens.
    """

    context_window: int | None = None
    input_price: float | None = None
    output_price: float | None = None
    cached_input_price: float | None = None

    def cost(self, usage: Usage) -> float | None:
        """US dollars for `usage`, or None when a price is missing."""
        if self.input_price is None or self.output_price is None:
            return None
        cached_price = (
            self.input_price if self.cached_input_price is None else self.cached_input_price
        )
        fresh = max(0, usage.input - usage.cached_input)
        return (
            fresh * self.input_price
            + usage.cached_input * cached_price
            + usage.output * self.output_price
        ) / 1_000_000

    def over(self, other: ModelFacts) -> ModelFacts:
        """These facts, with gaps filled from `other`."""
        return ModelFacts(
            other.context_window if self.context_window is None else self.context_window,
            other.input_price if self.input_price is None else self.input_price,
            other.output_price if self.output_price is None else self.output_price,
            other.cached_input_price
            if self.cached_input_price is None
            else self.cached_input_price,
        )


def estimate_tokens(text: str) -> int:
    """Tokens of `text`, roughly: for an estimate that is shown as one."""
    if text.isascii():
        return -(-len(text) // CHARACTERS_PER_TOKEN)
    # A loop over the characters takes twenty times as long, and the event loop would wait for it.
    upper = text.encode("utf-16-le", "surrogatepass")[1::2]
    dense = len(upper) - len(upper.translate(None, _DENSE))
    return dense - (-(len(text) - dense) // CHARACTERS_PER_TOKEN)
