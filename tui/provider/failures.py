"""Exceptions of the SDK and of HTTP as errors for the user: one pure function.

`chat_error` looks along the chain of causes, since a refused connection, an unknown host and a
certificate that nobody trusts all arrive as the same `APIConnectionError`. The SDK is imported
within: whoever holds one of its exceptions has loaded it already.
"""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator

from tui.core.errors import ChatError, ErrorKind
from tui.core.safe import shown_line
from tui.provider.refusals import Asked, explained, told

CONNECT_SECONDS = 10.0


def chat_error(error: Exception, asked: Asked, *, begun: bool = False) -> ChatError:
    """`error` in the user's words.

    Args:
        error: what the SDK, httpx2 or json raised.
        asked: what was asked of whom.
        begun: some of the reply had arrived.
    """
    import openai

    if isinstance(error, openai.APIStatusError):
        response = error.response
        return explained(told(error.status_code, error.body, response.headers), asked)
    if isinstance(error, json.JSONDecodeError):
        return bad_response(asked, "something that is not valid JSON")
    return _transport(error, asked, begun=begun)


def bad_response(asked: Asked, what: str) -> ChatError:
    """The server answered with `what` where a chat reply was expected."""
    return asked.error(
        ErrorKind.BAD_RESPONSE,
        f"{asked.name} answered with {what}, not with a chat reply. "
        f"Check its base_url in the config, and whether a proxy or a sign-in page is in between.",
    )


def broken_stream(asked: Asked) -> ChatError:
    """The reply ended without a word of its being whole."""
    return asked.error(
        ErrorKind.BROKEN_STREAM,
        f"The connection to {asked.name} ended in the middle of the reply. "
        f"What had arrived is kept; retry for a whole one.",
    )


def _transport(error: Exception, asked: Asked, *, begun: bool) -> ChatError:
    """A failure below HTTP."""
    import httpx2

    causes = tuple(_causes(error))

    def caused_by(*types: type[BaseException]) -> BaseException | None:
        return next((cause for cause in causes if isinstance(cause, types)), None)

    host, name = asked.host, asked.name
    if caused_by(httpx2.ConnectTimeout):
        seconds = min(CONNECT_SECONDS, asked.endpoint.timeout)
        return asked.error(
            ErrorKind.TIMEOUT,
            f"{host} took no connection within {seconds:g} s. "
            f"Check that it is up and within reach, then retry.",
        )
    if caused_by(httpx2.TimeoutException) or caused_by(TimeoutError):
        return asked.error(
            ErrorKind.TIMEOUT,
            f"{name} sent nothing for {asked.endpoint.timeout:g} s. "
            f"Retry, or raise its timeout in the config.",
        )
    if caused_by(socket.gaierror):
        return asked.error(
            ErrorKind.UNKNOWN_HOST,
            f"There is no host {host}, or no network to ask for it. "
            f"Check the connection and the endpoint's base_url.",
        )
    if caused_by(ConnectionRefusedError):
        return asked.error(
            ErrorKind.REFUSED,
            f"Nothing answers at {host}: the connection was refused. "
            f"Start the server there, or check the endpoint's base_url.",
        )
    if untrusted := caused_by(ssl.SSLCertVerificationError):
        reason = shown_line(getattr(untrusted, "verify_message", "") or "no reason given")
        return asked.error(
            ErrorKind.NETWORK,
            f"The certificate of {host} can't be trusted: {reason}. "
            f"Check base_url, this machine's clock, and what stands between.",
            lasting=True,
        )
    if (spoken := caused_by(ssl.SSLError)) and not begun:
        return asked.error(
            ErrorKind.NETWORK,
            f"{host} does not speak TLS as expected. "
            f"Check base_url: a server on this machine often wants http://, not https://.",
            lasting=not isinstance(spoken, ssl.SSLEOFError),  # cut while it began: that passes
        )
    if caused_by(httpx2.InvalidURL, httpx2.UnsupportedProtocol):
        return asked.error(
            ErrorKind.CONFIG,
            f"The address of {name} can't be used. "
            f"Set its base_url to one such as http://localhost:11434/v1.",
        )
    if caused_by(httpx2.ProxyError):
        return asked.error(
            ErrorKind.NETWORK,
            f"The proxy refused to connect to {host}. Check HTTPS_PROXY and NO_PROXY, then retry.",
            lasting=True,
        )
    if caused_by(httpx2.DecodingError):
        return bad_response(asked, "a body that can't be unpacked")
    if begun:
        return broken_stream(asked)
    return asked.error(
        ErrorKind.NETWORK,
        f"The connection to {name} broke before the reply began. Check the network, then retry.",
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """`error` and all that led to it, members of groups included."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for member in error.exceptions:
                yield from _causes(member)
        error = error.__cause__ or error.__context__
