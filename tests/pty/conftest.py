"""A loopback server for each module; a home for each test is pytest's `tmp_path`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pty.program import Served
from tests.server import server_process


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("server") / "server.log"
    with server_process(log) as base_url:
        yield Served(base_url, log)
