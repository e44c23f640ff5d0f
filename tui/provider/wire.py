"""What goes over the wire for a request, and what a model was found not to accept.

Pure: a request and a dialect make a body. Models differ in what they take (`max_tokens` by another
name, no temperature, no system role); no list of them stays true for long, so the first refusal
teaches the `Dialect`, and each later request goes right at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui.core.message import Attachment, Role
from tui.core.safe import shown_line, storable
from tui.provider.base import PromptMessage, Request

# Both names of the longest reply. OpenAI's own service takes the second one for all its chat
# models and refuses the first for some; most other servers know the first one only.
MAX_TOKENS = "max_tokens"
MAX_COMPLETION_TOKENS = "max_completion_tokens"
_FENCE = re.compile(r"^ {0,3}(`{3,})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a model at an endpoint takes, as far as its refusals have told.

    Attributes:
        refused: parameters with the values that were refused: a model may take another value.
        renamed: the longest reply goes by the other of its two names.
    """

    refused: frozenset[tuple[str, object]] = frozenset()
    renamed: bool = False


@dataclass(frozen=True, slots=True)
class Rejection:
    """A server's refusal of one parameter.

    Attributes:
        parameter: by its name in the body; `system` stands for the role of that name.
        unknown: it is refused whatever its value.
    """

    parameter: str
    unknown: bool


def body(request: Request, dialect: Dialect) -> dict[str, object]:
    """The JSON body; only what is set goes into it."""
    wanted: dict[str, object] = {
        "temperature": request.parameters.temperature,
        _cap_name(request, dialect): request.parameters.max_tokens,
        "stream": request.parameters.stream is not False,
    }
    sent = {
        name: value
        for name, value in wanted.items()
        if value is not None and (_common_name(name), value) not in dialect.refused
    }
    stream = bool(sent.get("stream", False))
    sent["stream"] = stream
    if stream and ("stream_options", True) not in dialect.refused:
        sent["stream_options"] = {"include_usage": True}
    messages = request.messages
    if ("system", True) in dialect.refused:
        messages = without_system(messages)
    return {"model": request.model, "messages": [_message(one) for one in messages], **sent}


def adapted(request: Request, dialect: Dialect, rejection: Rejection) -> Dialect | None:
    """The dialect that avoids `rejection`; None where that leaves nothing to change."""
    name = _common_name(rejection.parameter)
    if name == MAX_TOKENS and rejection.unknown and not dialect.renamed:
        changed = replace(dialect, renamed=True)
    else:
        values: dict[str, object] = {
            "temperature": request.parameters.temperature,
            MAX_TOKENS: request.parameters.max_tokens,
        }
        refusal = (name, values.get(name, True))
        changed = replace(dialect, refused=dialect.refused | {refusal})
    return changed if body(request, changed) != body(request, dialect) else None


def notices(request: Request, dialect: Dialect) -> tuple[str, ...]:
    """What the user set and does not get, in words."""
    model, parameters = shown_line(request.model), request.parameters
    told = []
    for name, value in (
        ("temperature", parameters.temperature),
        (MAX_TOKENS, parameters.max_tokens),
    ):
        if value is not None and (name, value) in dialect.refused:
            told.append(f"{name} {value} is not accepted by {model}: sent without it")
    if parameters.stream is not False and ("stream", True) in dialect.refused:
        told.append(f"{model} does not stream here: the reply comes in one piece")
    return tuple(told)


def without_system(messages: Sequence[PromptMessage]) -> tuple[PromptMessage, ...]:
    """The same prompt with its system messages said at the start of the first user message."""
    said = [message.text for message in messages if message.role is Role.SYSTEM]
    rest = [message for message in messages if message.role is not Role.SYSTEM]
    if not said:
        return tuple(rest)
    for index, message in enumerate(rest):
        if message.role is Role.USER:
            rest[index] = replace(message, text="\n\n".join([*said, message.text]))
            return tuple(rest)
    return (PromptMessage(Role.USER, "\n\n".join(said)), *rest)


def with_attachments(message: PromptMessage) -> str:
    """The message's text with its text attachments in front, each in a fence with its name."""
    return "\n\n".join([*map(_fenced, filter(_has_text, message.attachments)), message.text])


def _has_text(attachment: Attachment) -> bool:
    return attachment.text is not None


def _fenced(attachment: Attachment) -> str:
    text = attachment.text or ""
    # A fence ends at one of at least its own length, so ours is longer than any inside.
    longest = max((len(fence) for fence in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    end = "" if not text or text.endswith("\n") else "\n"
    return f"{fence} {shown_line(attachment.name).replace('`', chr(39))}\n{text}{end}{fence}"


def _message(message: PromptMessage) -> dict[str, object]:
    # JSON goes out as UTF-8, which has no way to write half of a surrogate pair.
    return {"role": message.role.value, "content": storable(with_attachments(message))}


def _cap_name(request: Request, dialect: Dialect) -> str:
    usual = request.endpoint.is_openai
    return MAX_COMPLETION_TOKENS if usual is not dialect.renamed else MAX_TOKENS


def _common_name(name: str) -> str:
    return MAX_TOKENS if name == MAX_COMPLETION_TOKENS else name
