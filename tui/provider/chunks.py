"""Reading a reply's JSON: chunks of a stream, or a completion in one piece, into events.

Servers leave out, null and repeat fields at will, so nothing is taken for granted: what is there
in the expected form counts, the rest is passed over. A whole completion reads like one chunk whose
`message` is its delta.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui.core.usage import Usage
from tui.provider.base import Event, ReasoningDelta, TextDelta, UsageReport

# DeepSeek and llama.cpp say `reasoning_content`, OpenRouter and Groq `reasoning`.
_REASONING = ("reasoning_content", "reasoning")


class ReplyReader:
    """Reads the payloads of one reply.

    Attributes:
        reason: the wire's finish reason, None until it came.
        spoke: some text or reasoning came.
        answered: at least one payload had the form of a chat reply.
        done: the server itself called the reply whole (by `[DONE]`, or by sending it in one piece);
            whoever reads the wire sets it.
    """

    def __init__(self) -> None:
        self.reason: str | None = None
        self.spoke = False
        self.answered = False
        self.done = False
        self._refused = False
        self._usage: Usage | None = None

    def read(self, payload: Mapping[str, object]) -> Iterator[Event]:
        """The events in one chunk, or in a whole completion."""
        choices = payload.get("choices")
        if isinstance(choices, list):
            self.answered = True
            if choices and isinstance(choices[0], dict):
                yield from self._choice(choices[0])
        usage = payload.get("usage")
        if isinstance(usage, dict):
            counted = _usage(usage)
            # Some servers count in every chunk: only news is worth an event.
            if counted is not None and counted != self._usage:
                self._usage = counted
                yield UsageReport(counted)

    def finish_reason(self) -> str | None:
        """Why the reply ended, None when it broke off.

        Some servers never send a reason: then `done` stands in for one, if there was any text.
        A refusal counts as `content_filter`: the wire says `stop`, but like filtered text it is
        no answer, and should not pass for one.
        """
        reason = self.reason or ("stop" if self.done and self.spoke else None)
        return "content_filter" if reason == "stop" and self._refused else reason

    def _choice(self, choice: Mapping[str, object]) -> Iterator[Event]:
        part = choice.get("delta") or choice.get("message")
        if isinstance(part, dict):
            for name in _REASONING:
                if thought := _text(part.get(name)):
                    self.spoke = True
                    yield ReasoningDelta(thought)
                    break
            if text := _text(part.get("content")):
                self.spoke = True
                yield TextDelta(text)
            if refusal := _text(part.get("refusal")):
                self.spoke = self._refused = True
                yield TextDelta(refusal)
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self.reason = reason


def _text(value: object) -> str:
    """A text, also where it comes as a list of parts (as Mistral's reasoning models send it)."""
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return ""
    texts = (part.get("text") for part in value if isinstance(part, dict))
    return "".join(text for text in texts if isinstance(text, str))


def _usage(usage: Mapping[str, object]) -> Usage | None:
    prompt, completion = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    if prompt is None or completion is None:
        return None
    return Usage(
        prompt,
        completion,
        cached_input=_count(usage.get("prompt_tokens_details"), "cached_tokens") or 0,
        reasoning=_count(usage.get("completion_tokens_details"), "reasoning_tokens") or 0,
    )


def _count(values: object, name: str) -> int | None:
    value = values.get(name) if isinstance(values, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
