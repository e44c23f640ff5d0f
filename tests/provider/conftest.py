"""A loopback server and a provider that talks to it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.provider.asking import Asker
from tests.server import Server


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server() as server:
        yield server


@pytest.fixture(scope="session")
def tls() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


@pytest.fixture
async def ask(
    server: Server, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Asker]:
    monkeypatch.setattr(httpx2, "create_ssl_context", lambda: tls)  # 50 ms, for each test
    asker = Asker(server)
    yield asker
    await asker.provider.close()
