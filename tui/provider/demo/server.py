"""The guide behind OpenAI's API: on loopback, at the pace of a quick model, a word for each event.

It runs on the app's own event loop, on a port that the system chose, and answers only to a key
made for this run: another user of the machine gets nothing from it.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus

from tui.provider.demo.guide import answer
from tui.provider.demo.http import BadRequestError, HttpRequest, chunk, head, read_request, whole
from tui.provider.demo.wire import Chat, ChatRequest, failure, listing, read_chat, reply_of

WORDS_A_SECOND = 40.0


class GuideServer:
    """Answers on loopback between `start` and `stop`.

    Attributes:
        key: what requests must carry.
        port: where it listens; 0 before `start`.
    """

    def __init__(self, words_a_second: float = WORDS_A_SECOND) -> None:
        self.key = secrets.token_urlsafe(32)
        self.port = 0
        self._pause = 1 / words_a_second
        self._server: asyncio.Server | None = None
        self._guests: set[asyncio.Task[None]] = set()
        self._answered: Counter[Chat] = Counter()

    async def start(self) -> None:
        """Listen on a port that the system chooses."""
        self._server = await asyncio.start_server(self._guest, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and hang up."""
        if self._server is not None:
            self._server.close()
        for guest in self._guests:
            guest.cancel()
        await asyncio.gather(*self._guests, return_exceptions=True)

    def _guest(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        guest = asyncio.ensure_future(self._serve(reader, writer))
        self._guests.add(guest)
        guest.add_done_callback(self._guests.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, until the client hangs up as it may."""
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while True:
                    await self._answer(await read_request(reader), reader, writer)
                    await writer.drain()
        except BadRequestError:
            writer.write(_json(HTTPStatus.BAD_REQUEST, failure("Not a request.", "bad_request")))
        finally:
            writer.close()

    async def _answer(
        self, request: HttpRequest, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(key.encode(), self.key.encode()):
            body = failure("This guide is somebody else's.", "authentication_error")
            writer.write(_json(HTTPStatus.UNAUTHORIZED, body))
            return
        match request.method, request.path:
            case "GET", "/v1/models":
                writer.write(_json(HTTPStatus.OK, listing()))
            case "POST", "/v1/chat/completions":
                await self._reply(read_chat(request.body), reader, writer)
            case _, path:
                body = failure(f"There is no {path} here.", "not_found_error")
                writer.write(_json(HTTPStatus.NOT_FOUND, body))

    async def _reply(
        self, request: ChatRequest, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        reply = reply_of(answer(request.chat, self._answered[request.chat]), request)
        self._answered[request.chat] += 1
        if not request.stream:
            writer.write(_json(HTTPStatus.OK, reply.completion()))
            return
        writer.write(head(HTTPStatus.OK, "text/event-stream", length=None))
        clock = asyncio.get_running_loop().time
        due = clock()
        for event in reply.chunks(usage=request.usage):
            writer.write(chunk(f"data: {json.dumps(event)}\n\n".encode()))
            await writer.drain()
            # Against the clock, so that a busy moment is made up for and the pace holds.
            due += self._pause
            await asyncio.sleep(due - clock())
            if reader.at_eof():  # stopped: the client has hung up
                return
        writer.write(chunk(b"data: [DONE]\n\n") + chunk(b""))


def _json(status: HTTPStatus, body: Mapping[str, object]) -> bytes:
    return whole(status, json.dumps(body).encode())
