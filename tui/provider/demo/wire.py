"""The part of OpenAI's chat format that the guide speaks: reading a request, shaping a reply."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tui.core.ids import new_id
from tui.core.message import Role
from tui.provider.demo.http import BadRequestError

MODEL = "guide"
_WORD = re.compile(r"\S+\s*|\s+")  # with the space behind it: joined again they are the text

Chat = tuple[tuple[Role, str], ...]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What is asked.

    Attributes:
        chat: what was said, oldest first, instructions to the model left out.
        stream: word by word, or in one piece.
        usage: whether a stream ends with the counts.
        longest: words of the reply at most; None: all.
    """

    chat: Chat
    stream: bool
    usage: bool
    longest: int | None


def read_chat(content: bytes) -> ChatRequest:
    """The request in a body.

    Raises:
        BadRequestError: there is none.
    """
    try:
        body = json.loads(content)
    except ValueError:
        raise BadRequestError from None
    messages = body.get("messages") if isinstance(body, dict) else None
    if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
        raise BadRequestError
    options = body.get("stream_options")
    longest = body.get("max_tokens") or body.get("max_completion_tokens")
    return ChatRequest(
        chat=tuple(
            (Role(one["role"]), _text(one.get("content")))
            for one in messages
            if one.get("role") in (Role.USER, Role.ASSISTANT)
        ),
        stream=body.get("stream") is True,
        usage=isinstance(options, dict) and options.get("include_usage") is True,
        longest=longest if isinstance(longest, int) else None,
    )


def _text(content: object) -> str:
    """The text of a message, whose content may come in parts."""
    if isinstance(content, list):
        return "\n".join(_text(part.get("text")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply in words; the guide's tokens are its words, so its counts are exact.

    Attributes:
        words: each with the space behind it.
        finish_reason: `length` where it was cut short, else `stop`.
        prompt_words: of the chat so far.
    """

    words: tuple[str, ...]
    finish_reason: str
    prompt_words: int

    @property
    def usage(self) -> dict[str, int]:
        """The counts as the wire has them."""
        return {
            "prompt_tokens": self.prompt_words,
            "completion_tokens": len(self.words),
            "total_tokens": self.prompt_words + len(self.words),
        }

    def completion(self) -> dict[str, object]:
        """The reply in one piece."""
        message = {"role": "assistant", "content": "".join(self.words)}
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason}
        return {**_envelope("chat.completion"), "choices": [choice], "usage": self.usage}

    def chunks(self, *, usage: bool) -> Iterator[dict[str, object]]:
        """The reply as it is streamed: a chunk for each word, then the end, then the counts."""
        envelope = _envelope("chat.completion.chunk")
        for word in self.words:
            choice = {"index": 0, "delta": {"content": word}, "finish_reason": None}
            yield {**envelope, "choices": [choice]}
        end = {"index": 0, "delta": {}, "finish_reason": self.finish_reason}
        yield {**envelope, "choices": [end]}
        if usage:
            yield {**envelope, "choices": [], "usage": self.usage}


def reply_of(text: str, request: ChatRequest) -> Reply:
    """`text` as the reply to `request`, cut where it asks for less."""
    words = tuple(_WORD.findall(text))
    cut = words if request.longest is None else words[: request.longest]
    prompt_words = sum(len(text.split()) for _, text in request.chat)
    return Reply(cut, "stop" if cut == words else "length", prompt_words)


def failure(text: str, kind: str) -> dict[str, object]:
    """An error body."""
    return {"error": {"message": text, "type": kind, "code": None}}


def listing() -> dict[str, object]:
    """The models: there is one."""
    model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "chinwag"}
    return {"object": "list", "data": [model]}


def _envelope(kind: str) -> dict[str, object]:
    return {
        "id": f"chatcmpl-{new_id()}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
    }
