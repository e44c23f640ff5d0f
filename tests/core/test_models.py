"""Naming a model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.models import ModelRef, is_chat_model, parse_model, written
from tui.core.settings import Endpoint

OPENAI = Endpoint("openai", "https://api.openai.com/v1")
OLLAMA = Endpoint("ollama", "http://localhost:11434/v1", models=("llama3.2", "qwen3:8b"))
ROUTER = Endpoint("openrouter", "https://openrouter.ai/api/v1")
ENDPOINTS = (OPENAI, OLLAMA, ROUTER)


@pytest.mark.parametrize(
    ("name", "endpoint", "model"),
    [
        ("gpt-4o", "openai", "gpt-4o"),
        ("openai/gpt-4o", "openai", "gpt-4o"),
        ("llama3.2", "ollama", "llama3.2"),
        ("ollama/mistral", "ollama", "mistral"),
        ("openrouter/anthropic/claude", "openrouter", "anthropic/claude"),
        ("anthropic/claude", "openrouter", "anthropic/claude"),  # the router lists it
        ("meta/llama", "openai", "meta/llama"),  # nobody knows it: the first server will say
        ("ollama/", "openai", "ollama/"),
    ],
)
def test_a_name_means_a_model_at_an_endpoint(name: str, endpoint: str, model: str) -> None:
    listed = {"openrouter": ("anthropic/claude",)}
    assert parse_model(name, ENDPOINTS, listed) == ModelRef(endpoint, model)


def test_a_model_is_written_as_short_as_it_can_be() -> None:
    assert written(ModelRef("openai", "gpt-4o"), ENDPOINTS) == "gpt-4o"
    assert written(ModelRef("ollama", "llama3.2"), ENDPOINTS) == "ollama/llama3.2"


def test_a_short_name_that_would_mean_another_is_written_in_full() -> None:
    assert written(ModelRef("openai", "llama3.2"), ENDPOINTS) == "openai/llama3.2"
    assert written(ModelRef("openai", "ollama/mistral"), ENDPOINTS) == "openai/ollama/mistral"


@given(
    st.sampled_from(ENDPOINTS),
    st.text("ao/l", min_size=1)
    | st.sampled_from(["llama3.2", "ollama/x", "openai/gpt-4o", "openrouter/", "/"]),
)
def test_what_is_written_is_read_back(endpoint: Endpoint, model: str) -> None:
    ref = ModelRef(endpoint.name, model)
    assert parse_model(written(ref, ENDPOINTS), ENDPOINTS) == ref


@pytest.mark.parametrize(
    "model", ["gpt-4o", "gpt-4o-mini", "o3", "llama3.2", "qwen3:8b", "anthropic/claude-sonnet-4"]
)
def test_chat_models(model: str) -> None:
    assert is_chat_model(model)


@pytest.mark.parametrize(
    "model",
    [
        "text-embedding-3-small",
        "whisper-1",
        "tts-1-hd",
        "dall-e-3",
        "gpt-image-1",
        "gpt-4o-realtime-preview",
        "gpt-4o-transcribe",
        "omni-moderation-latest",
        "davinci-002",
        "nomic-embed-text",
        "bge-m3",
        "sora-2",
    ],
)
def test_models_for_something_else(model: str) -> None:
    assert not is_chat_model(model)
