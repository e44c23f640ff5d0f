"""The loopback server keeps its own promises: other tests stand on them."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.server import Server, server_process
from tests.waiting import until
from tests.wire import DONE, Fault, Reply, finish, says, text


@asynccontextmanager
async def asked(
    server: Server,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A chat request sent by hand: the raw answer to read, and the way to hang up."""
    body = json.dumps(
        {"model": "echo", "stream": True, "messages": [{"role": "user", "content": "a b"}]}
    ).encode()
    head = b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(head % len(body) + body)
    await writer.drain()
    try:
        yield reader, writer
    finally:
        writer.close()


async def test_a_scripted_reply_goes_out_as_chunked_events() -> None:
    async with Server() as server:
        server.script(Reply([text("Hé"), finish(), DONE]))
        async with asked(server) as (reader, _):
            wire = await reader.readuntil(b"0\r\n\r\n")
        assert b"HTTP/1.1 200" in wire
        assert "Hé".encode() in wire
        assert wire.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")
        await until(server.requests[0].completed.is_set)


async def test_split_cuts_characters_apart() -> None:
    async with Server() as server:
        server.script(says("é", split=1))
        async with asked(server) as (reader, _):
            wire = await reader.readuntil(b"0\r\n\r\n")
        assert b"1\r\n\xc3\r\n1\r\n\xa9\r\n" in wire


async def test_a_client_that_hangs_up_is_noticed() -> None:
    async with Server() as server:
        server.script(Reply([text("Hel"), asyncio.Event()]))
        async with asked(server) as (reader, writer):
            await reader.readuntil(b"Hel")
            writer.close()
        await until(server.requests[0].disconnected.is_set)
        assert not server.requests[0].completed.is_set()


async def test_a_cut_ends_within_a_chunk_and_a_reset_with_rst() -> None:
    async with Server() as server:
        server.script(Reply([text("Hel"), Fault.CUT]), Reply([text("Hel"), Fault.RESET]))
        async with asked(server) as (reader, _):
            assert (await reader.read()).endswith(b"data: {")
        async with asked(server) as (reader, _):
            with pytest.raises(ConnectionResetError):
                await reader.read()


def test_the_server_runs_in_a_process_of_its_own() -> None:
    with server_process() as base_url, urllib.request.urlopen(f"{base_url}/models") as answer:
        assert "gpt-4o" in answer.read().decode()
