"""Replies for the loopback server: OpenAI's wire format, whole and broken, byte for byte.

A reply is a sequence of steps, played in order:
- `bytes` are written as one HTTP chunk: made by `text`, `reasoning`, `finish`, `usage`, `chunk`,
  `event`, `DONE`, or by hand;
- an `asyncio.Event` is waited for, so a test holds the reply at any point without a clock;
- a `float` is a pause in seconds: for a server in another process only, where no event reaches;
- a `Fault` breaks the connection: `CUT` within a chunk, `RESET` by RST, `CLOSE` by a clean end.

`says` makes a whole reply, `failure` an error status, `page` any body, `silent` no answer at all:

    gate = asyncio.Event()
    server.script(Reply([text("Hel"), gate, text("lo"), finish(), usage(9, 2), DONE]))

A reply's `split=1` cuts its bytes into chunks of one byte, wherever UTF-8 or a line ends.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

REQUEST_ID = "req_loopback"
MODELS = ("gpt-4o", "gpt-4o-mini", "echo", "text-embedding-3-small")
DONE = b"data: [DONE]\n\n"
_LOREM = ("lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit")


class Fault(Enum):
    """Ways for a connection to end before the reply does."""

    CUT = "the chunked body stops within a chunk"
    RESET = "the connection is reset (RST)"
    CLOSE = "the body ends cleanly, but early"


Step = bytes | asyncio.Event | float | Fault


@dataclass(frozen=True)
class Reply:
    """What one request gets.

    Attributes:
        steps: played in order; the body ends cleanly after the last one.
        completion: the body instead of `steps` when the request did not ask for a stream.
        hold: waited for before the status line is sent; None: at once.
        split: bytes in each HTTP chunk; 0: each step is one chunk.
    """

    steps: Sequence[Step] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/event-stream; charset=utf-8"
    completion: Mapping[str, Any] | None = None
    hold: asyncio.Event | float | None = None
    split: int = 0


@dataclass
class Received:
    """A request, and what became of it.

    Attributes:
        headers: names in lower case.
        earlier: chat requests for the same model before it.
        completed: the reply was played to its end, a fault included.
        disconnected: the client hung up before that.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    earlier: int = 0
    completed: asyncio.Event = field(default_factory=asyncio.Event)
    disconnected: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def model(self) -> str:
        return str(self.body.get("model", ""))

    @property
    def streamed(self) -> bool:
        return self.body.get("stream") is True

    @property
    def prompt(self) -> str:
        """The text of the last message."""
        messages = self.body.get("messages") or [{"content": ""}]
        return str(messages[-1]["content"])


# --- pieces of the wire ---------------------------------------------------------------------


def event(payload: object, name: str = "") -> bytes:
    """One server-sent event; a text goes out as it is, anything else as JSON."""
    data = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    return (f"event: {name}\n" if name else "").encode() + f"data: {data}\n\n".encode()


def chunk(delta: Mapping[str, Any] | None = None, reason: str | None = None, **top: Any) -> bytes:
    """One `chat.completion.chunk`; `top` replaces its top-level fields (`choices=[]`, say)."""
    choice = {"index": 0, "delta": delta or {}, "logprobs": None, "finish_reason": reason}
    return event(
        {
            "id": "chatcmpl-loopback",
            "object": "chat.completion.chunk",
            "created": 1_760_000_000,
            "model": "loopback",
            "choices": [choice],
        }
        | top
    )


def text(content: str) -> bytes:
    return chunk({"content": content})


def reasoning(content: str, field_name: str = "reasoning_content") -> bytes:
    return chunk({field_name: content})


def finish(reason: str = "stop") -> bytes:
    return chunk(reason=reason)


def usage(prompt: int, completion: int, cached: int = 0, thought: int = 0) -> bytes:
    """The last chunk of a stream that was asked to include usage."""
    return chunk(choices=[], usage=usage_body(prompt, completion, cached, thought))


def usage_body(prompt: int, completion: int, cached: int = 0, thought: int = 0) -> dict[str, Any]:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens_details": {"reasoning_tokens": thought},
    }


# --- whole replies --------------------------------------------------------------------------


def says(
    *deltas: str,
    thinks: Sequence[str] = (),
    reason: str = "stop",
    usage: tuple[int, int] | None = None,
    pause: float = 0.0,
    split: int = 0,
) -> Reply:
    """A good reply: `deltas` as the stream's texts, or joined when no stream was asked for."""
    steps: list[Step] = [chunk({"role": "assistant", "content": ""})]
    for piece in [*map(reasoning, thinks), *map(text, deltas)]:
        steps += [piece, pause] if pause else [piece]
    steps.append(finish(reason))
    body: dict[str, Any] = {
        "id": "chatcmpl-loopback",
        "object": "chat.completion",
        "created": 1_760_000_000,
        "model": "loopback",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "".join(deltas)},
                "finish_reason": reason,
            }
        ],
    }
    if thinks:
        body["choices"][0]["message"]["reasoning_content"] = "".join(thinks)
    if usage:
        body["usage"] = usage_body(*usage)
        steps.append(chunk(choices=[], usage=body["usage"]))
    return Reply([*steps, DONE], completion=body, split=split)


def failure(
    status: int,
    message: str = "Something is wrong.",
    *,
    code: str | None = None,
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """An error as OpenAI words it."""
    body = {"error": {"message": message, "type": "error", "param": param, "code": code}}
    return page(json.dumps(body), "application/json", status=status, headers=headers)


def page(
    body: str,
    content_type: str = "text/html",
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Any body at all, whatever was asked for."""
    return Reply([body.encode()], status, headers or {}, content_type)


def silent() -> Reply:
    """Takes the request and never answers."""
    return Reply(hold=asyncio.Event())


def by_model(received: Received) -> Reply:
    """A reply chosen by the model's name.

    `slow`: 200 words, ten a second. `lorem-N`: N words at full speed. `think`: reasoning first.
    `error-STATUS`: that status. `quota`, `no-model`: those errors. `limit-N`: rate limited N times
    (with `retry-after: 1`), then well. `silent`: never answers. `stall`: some words, then nothing.
    `cut`, `reset`, `no-done`: breaks after some words. `html`: a web page. `length`: cut short.
    `blank`: an empty reply. Any other name echoes the last message, word by word.
    """
    words = [f"{word} " for word in received.prompt.split(" ")]
    words[-1] = words[-1][:-1]
    counted = (len(received.prompt) // 4 + 1, len(words))
    name, _, number = received.model.rpartition("-")
    if name == "lorem" and number.isdigit():
        return says(*(f"{_LOREM[n % len(_LOREM)]} " for n in range(int(number))), usage=counted)
    if name == "error" and number.isdigit():
        return failure(int(number), f"The loopback server answers {number}.")
    if name == "limit" and number.isdigit() and received.earlier < int(number):
        return failure(429, "Rate limit reached.", headers={"retry-after": "1"})
    begun = [text("Some "), text("words ")]
    known: dict[str, Callable[[], Reply]] = {
        "slow": lambda: says(*(f"word{n} " for n in range(200)), usage=counted, pause=0.1),
        "think": lambda: says(*words, thinks=["Let me ", "see. "], usage=counted),
        "quota": lambda: failure(429, "You exceeded your quota.", code="insufficient_quota"),
        "no-model": lambda: failure(404, "No such model.", code="model_not_found"),
        "silent": silent,
        "stall": lambda: Reply([*begun, asyncio.Event()]),
        "cut": lambda: Reply([*begun, Fault.CUT]),
        "reset": lambda: Reply([*begun, Fault.RESET]),
        "no-done": lambda: Reply([*begun, Fault.CLOSE]),
        "html": lambda: page("<html><body>Sign in to the Wi-Fi</body></html>"),
        "length": lambda: says(*words, reason="length", usage=counted),
        "blank": lambda: says(usage=(counted[0], 0)),
    }
    return known.get(received.model, lambda: says(*words, usage=counted))()
