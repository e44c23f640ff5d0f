"""Naming a model: `gpt-4o`, or `ollama/llama3.2` with its endpoint in front."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tui.core.settings import Endpoint

# Names of models that answer something else than a chat (OpenAI's list, and common open models).
_NOT_CHAT = re.compile(
    r"embed|whisper|tts|dall-e|image|audio|realtime|transcribe|moderation|rerank|davinci|babbage"
    r"|sora|speech|\bbge-|stable-diffusion|flux",
    re.IGNORECASE,
)
MOST_COMPARED = 4  # models asked at once: more replies than that nobody reads side by side


@dataclass(frozen=True, slots=True)
class ModelRef:
    """A model at an endpoint."""

    endpoint: str
    model: str


def is_chat_model(model: str) -> bool:
    """Whether a model of this name answers chats, judged by its name alone."""
    return not _NOT_CHAT.search(model)


def parse_model(
    name: str, endpoints: Sequence[Endpoint], listed: Mapping[str, Sequence[str]] | None = None
) -> ModelRef:
    """The model that `name` means.

    An endpoint's name before the first slash decides; else the first endpoint that lists the model
    (in its config, or in `listed`: endpoint name to model ids); else the first endpoint of all,
    whose server will say if it has no such model.
    """
    prefix, slash, rest = name.partition("/")
    if slash and rest and any(prefix == endpoint.name for endpoint in endpoints):
        return ModelRef(prefix, rest)
    for endpoint in endpoints:
        if name in endpoint.models or (listed and name in listed.get(endpoint.name, ())):
            return ModelRef(endpoint.name, name)
    return ModelRef(endpoints[0].name, name)


def written(ref: ModelRef, endpoints: Sequence[Endpoint]) -> str:
    """`ref` as a person writes it: without the endpoint when it is the first one's.

    `parse_model` reads it back as the same.
    """
    # `ollama/x` may be a model of the first endpoint, and another may list its own of that name.
    first = bool(endpoints) and ref.endpoint == endpoints[0].name
    if first and parse_model(ref.model, endpoints) == ref:
        return ref.model
    return f"{ref.endpoint}/{ref.model}"
