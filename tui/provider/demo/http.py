"""Just enough HTTP/1.1 to serve one guest: requests read, answers written, in chunks or whole."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

_LONGEST_BODY = 100_000_000  # bytes


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request; the names of its headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class BadRequestError(Exception):
    """What came is no request that we read."""


async def read_request(reader: asyncio.StreamReader) -> HttpRequest:
    """The next request on a connection.

    Raises:
        BadRequestError: it can't be read.
        asyncio.IncompleteReadError: the client hung up.
    """
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise BadRequestError from None
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    words = first.split(" ")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    length = headers.get("content-length", "0")
    # Every client of OpenAI's protocol sends a length; chunked requests are not spoken here.
    if len(words) != 3 or "transfer-encoding" in headers or not length.isdecimal():
        raise BadRequestError
    if int(length) > _LONGEST_BODY:
        raise BadRequestError
    return HttpRequest(words[0], words[1], headers, await reader.readexactly(int(length)))


def head(status: HTTPStatus, media_type: str, *, length: int | None) -> bytes:
    """The status line and headers of an answer; a length of None announces chunks."""
    size = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Content-Type: {media_type}",
        size,
        "",
        "",
    ]
    return "\r\n".join(lines).encode("ascii")


def whole(status: HTTPStatus, body: bytes) -> bytes:
    """An answer of JSON in one piece."""
    return head(status, "application/json", length=len(body)) + body


def chunk(content: bytes) -> bytes:
    """One piece of a chunked body; an empty one ends it."""
    return f"{len(content):x}\r\n".encode("ascii") + content + b"\r\n"
