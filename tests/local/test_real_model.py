"""The whole way with nothing stood in for: the real model behind the real wire."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

import pytest

from tests.local.runtimes import runs
from tests.real_model import lend_model
from tests.waiting import until
from tui.core.conversation import Parameters
from tui.core.message import Role
from tui.core.settings import LocalSettings
from tui.provider.base import Finished, PromptMessage, Request, TextDelta, UsageReport
from tui.provider.local import LocalProvider, ModelStore, local_endpoint
from tui.provider.openai import OpenAIProvider


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with the real model in it."""
    lend_model(tmp_path / "models")
    return tmp_path / "models"


@pytest.mark.real_model
async def test_the_real_model_streams_counts_and_ends(models: Path, tmp_path: Path) -> None:
    settings, keys = LocalSettings(), dict[str, str]()
    wire, store = OpenAIProvider(keys), ModelStore(models, LocalSettings(), {})
    provider = LocalProvider(wire, keys, store, settings, tmp_path / "local-model.log")
    request = Request(
        local_endpoint(settings, store.name),
        store.name,
        (PromptMessage(Role.USER, "Count from one to ten."),),
        Parameters(temperature=0.0, max_tokens=24),
    )
    try:
        async with aclosing(provider.stream(request)) as stream:
            events = [event async for event in stream]
        server = provider._server
        assert server is not None
        deltas = [event.text for event in events if isinstance(event, TextDelta)]
        assert len(deltas) > 5
        assert "".join(deltas).strip()
        (report,) = (event for event in events if isinstance(event, UsageReport))
        assert report.usage.exact
        assert 0 < report.usage.output <= 24
        assert events[-1] in (Finished("stop"), Finished("length"))
    finally:
        await provider.close()
        await wire.close()
    await until(lambda: not runs(server.pid))
