"""Talking to any server of OpenAI's protocol through the `openai` SDK.

The one module that imports the SDK (0.7 s of CPU), so it is imported late: see `lazy`. Requests
are made by `chat.completions.create`, by way of `with_streaming_response`: the SDK makes the
request and its errors, we read the bytes. Read by the SDK, a stream that breaks off without an
error looks like one that ended (`[DONE]` is kept to itself), and each chunk costs six times the
CPU.

Invariants: what the response is (events or one JSON body) decides how it is read, whatever was
asked for; a reply counts as whole only if the server says so; leaving the iterator in any way
closes the response; a key goes to the endpoint's own address only, so no redirect is followed.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import replace
from typing import Any, TypeAlias

import httpx2
import openai
import openai.resources.chat.completions
import openai.resources.models  # loaded with us rather than at the first request, on the loop

from tui.core.errors import ChatError, ErrorKind
from tui.core.models import is_chat_model
from tui.core.settings import Endpoint
from tui.provider.base import Event, Finished, Notice, Request, Started
from tui.provider.chunks import ReplyReader
from tui.provider.failures import CONNECT_SECONDS, bad_response, broken_stream, chat_error
from tui.provider.keys import Key, Keys
from tui.provider.refusals import Asked, Refusal, explained, is_too_long, rejection, told
from tui.provider.sse import EventDecoder
from tui.provider.wire import Dialect, adapted, body, notices

# Once the reply is whole only usage and `[DONE]` are missing; a server that sends neither and
# keeps the connection open must not keep the user waiting.
AFTER_FINISH_SECONDS = 5.0
# Reading to the very end lets the connection be used again; the SDK waits as long.
AFTER_DONE_SECONDS = 0.1
MODELS_SECONDS = 30.0  # a list of names is quick or not worth the wait
# Long enough for the next question to find the connection open and save a TLS handshake.
_LIMITS = httpx2.Limits(max_connections=None, max_keepalive_connections=8, keepalive_expiry=90)
# A server on this machine is never behind a proxy, whatever HTTP_PROXY says.
_NO_PROXY: dict[str, None] = dict.fromkeys(("all://127.0.0.1", "all://localhost", "all://[::1]"))
_Response: TypeAlias = openai.AsyncAPIResponse[Any]
_FAILURES = (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, json.JSONDecodeError, OSError)


class OpenAIProvider:
    """Implements `tui.provider.base.Provider` for endpoints reached over HTTP."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._keys = Keys(environ)
        self._http = httpx2.AsyncClient(
            verify=httpx2.create_ssl_context(),
            limits=_LIMITS,
            follow_redirects=False,
            mounts=_NO_PROXY,
        )
        self._clients: dict[tuple[str, float], openai.AsyncOpenAI] = {}
        self._dialects: dict[tuple[str, str], Dialect] = {}

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """The reply to `request`, as it comes. See `Provider.stream`."""
        _has_address(request.endpoint)
        key = await self._keys.key_for(request.endpoint)
        asked = Asked(request.endpoint, request.model, key)
        reader = ReplyReader()
        try:
            async with AsyncExitStack() as stack:
                response, dialect = await self._accepted(request, key, stack)
                for text in notices(request, dialect):
                    yield Notice(text)
                yield Started(response.request_id)
                events = await stack.enter_async_context(
                    aclosing(_received(response, reader, asked))
                )
                async for event in events:
                    yield event
            yield _finished(reader, asked, response)
        except _FAILURES as error:
            # `from None`: the SDK's exceptions hold the server's body, in which a key may be.
            raise chat_error(error, asked, begun=reader.spoke) from None

    async def models(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Ids of the models that `endpoint` lists, chat models first. See `Provider.models`."""
        _has_address(endpoint)
        if endpoint.models:
            return endpoint.models
        key = await self._keys.key_for(endpoint)
        asked = Asked(endpoint, key=key)
        try:
            response = await self._client(endpoint).models.with_raw_response.list(
                extra_headers=_authorization(key),
                timeout=_timeout(min(endpoint.timeout, MODELS_SECONDS)),
            )
            listing = _payload(response.content, asked).get("data")
        except _FAILURES as error:
            raise chat_error(error, asked) from None
        if not isinstance(listing, list):
            raise bad_response(asked, "no list of models")
        ids = {entry.get("id") for entry in listing if isinstance(entry, dict)}
        return tuple(sorted((name for name in ids if isinstance(name, str) and name), key=_order))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._http.aclose()

    async def _accepted(
        self, request: Request, key: Key, stack: AsyncExitStack
    ) -> tuple[_Response, Dialect]:
        """The response to `request`, sent again without what the model refuses."""
        completions = self._client(request.endpoint).chat.completions.with_streaming_response
        unfit = frozenset[tuple[str, object]]()  # values that this request has no room for
        while True:
            learned = self._dialect(request)
            dialect = replace(learned, refused=learned.refused | unfit)
            fields = body(request, dialect)
            # As `extra_body`, which replaces the fields that `create` insists on: given as fields,
            # the SDK walks through every message, 0.24 ms each, and the event loop stands still.
            sending = completions.create(
                model=request.model,
                messages=(),
                stream=bool(fields["stream"]),
                extra_body=fields,
                extra_headers=_authorization(key),
            )
            try:
                return await stack.enter_async_context(sending), dialect
            except openai.APIStatusError as error:
                refusal = told(error.status_code, error.body)
                refused = rejection(refusal)
                changed = adapted(request, dialect, refused) if refused else None
                if changed is None:
                    raise
                if is_too_long(refusal):  # in a shorter chat the same would be taken
                    unfit |= changed.refused - dialect.refused
                # Another request may have learned something meanwhile: then try with that first.
                elif self._dialect(request) == learned:
                    changed = replace(changed, refused=changed.refused - unfit)
                    self._dialects[request.endpoint.base_url, request.model] = changed

    def _dialect(self, request: Request) -> Dialect:
        return self._dialects.get((request.endpoint.base_url, request.model), Dialect())

    def _client(self, endpoint: Endpoint) -> openai.AsyncOpenAI:
        """The client of `endpoint`; all share one pool of connections."""
        known = self._clients.get((endpoint.base_url, endpoint.timeout))
        if known is not None:
            return known
        client = openai.AsyncOpenAI(
            api_key="sent with each request",
            base_url=endpoint.base_url,
            http_client=self._http,
            max_retries=0,  # the session retries, so that the wait is seen and can be ended
            timeout=_timeout(endpoint.timeout),
        )
        if not endpoint.is_openai:
            # From OPENAI_ORG_ID and OPENAI_PROJECT_ID, which are nobody else's business.
            client.organization = client.project = None
        self._clients[endpoint.base_url, endpoint.timeout] = client
        return client


def _has_address(endpoint: Endpoint) -> None:
    if not endpoint.base_url:
        raise ChatError(
            ErrorKind.CONFIG,
            f"Nothing is sent to {endpoint.name}: its address can't be used. "
            "Mend it (`chinwag doctor` says where) and start again.",
        )


def _timeout(seconds: float) -> httpx2.Timeout:
    return httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))


def _authorization(key: Key) -> dict[str, str | openai.Omit]:
    return {"Authorization": f"Bearer {key.value}" if key else openai.Omit()}


async def _received(
    response: _Response, reader: ReplyReader, asked: Asked
) -> AsyncGenerator[Event, None]:
    """The events of a reply, until the server has called it whole or said nothing more."""
    content_type = _content_type(response)
    if "html" in content_type:
        raise bad_response(asked, "a web page")
    if "json" in content_type:
        reader.done = True
        for event in reader.read(_payload(await response.read(), asked)):
            yield event
        return
    content = response.iter_bytes()
    decoder = EventDecoder()
    patience: float | None = None
    while (data := await _next(content, patience)) is not None and not reader.done:
        for sent in decoder.feed(data):
            if sent.data.startswith("[DONE]"):
                reader.done = True
                break
            if sent.name == "error":
                raise explained(_error_event(sent.data), asked)
            for event in reader.read(_payload(sent.data, asked)):
                yield event
        if reader.done:
            patience = AFTER_DONE_SECONDS
        elif reader.reason:
            patience = AFTER_FINISH_SECONDS


async def _next(content: AsyncIterator[bytes], patience: float | None) -> bytes | None:
    """The next bytes, None at the end; with `patience` (seconds) a failure is an end too."""
    if patience is None:
        return await anext(content, None)
    with suppress(TimeoutError, httpx2.HTTPError):
        async with asyncio.timeout(patience):
            return await anext(content, None)
    return None


def _content_type(response: _Response) -> str:
    return response.headers.get("content-type", "").lower()


def _finished(reader: ReplyReader, asked: Asked, response: _Response) -> Finished:
    reason = reader.finish_reason()
    if reason == "error":  # OpenRouter's, when the model behind it fails
        raise explained(Refusal(), asked)
    if reason is not None:
        return Finished(reason)
    if reader.answered or "event-stream" in _content_type(response):
        raise broken_stream(asked)
    raise bad_response(asked, "something else")


def _payload(content: str | bytes, asked: Asked) -> Mapping[str, object]:
    """The JSON object in `content`; an error in it is raised as one."""
    payload = _json(content)
    if payload is None:
        raise bad_response(asked, "something that is not valid JSON")
    if not isinstance(payload, dict):
        raise bad_response(asked, "JSON of another kind")
    if payload.get("error"):
        raise explained(told(0, payload), asked)
    return payload


def _json(content: str | bytes) -> object:
    """What `content` says; None when it is no JSON (or says null)."""
    try:
        payload: object = json.loads(content)
    except (ValueError, RecursionError):  # broken, not UTF-8, endless digits; nested too deeply
        return None
    return payload


def _error_event(data: str) -> Refusal:
    said = _json(data)
    return told(0, data if said is None else said)


def _order(name: str) -> tuple[bool, list[tuple[int, str]]]:
    """Chat models first; numbers in a name count as numbers, so that 8b comes before 70b."""
    parts = re.split(r"(\d+)", name.lower())
    return not is_chat_model(name), [
        (int(part), "") if part.isdecimal() else (-1, part) for part in parts
    ]
