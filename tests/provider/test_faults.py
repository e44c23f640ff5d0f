"""Everything that can go wrong on the way, each as an error that says what to do."""

from __future__ import annotations

import asyncio
import socket
import ssl
import traceback

import httpx2
import openai
import pytest

from tests.provider.asking import KEY, Asker
from tests.server import Server, refused_url, unaccepted_url
from tests.waiting import until
from tests.wire import DONE, Fault, Reply, chunk, event, failure, page, silent, text
from tui.core.conversation import Parameters
from tui.core.errors import ErrorKind
from tui.core.message import Role
from tui.core.settings import Endpoint
from tui.provider import failures
from tui.provider import openai as module
from tui.provider.base import PromptMessage
from tui.provider.refusals import Asked

# --- streams that end though they are not whole ---------------------------------------------


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        ([text("Hel"), Fault.CLOSE], ErrorKind.BROKEN_STREAM),
        ([text("Hel"), Fault.CUT], ErrorKind.BROKEN_STREAM),
        ([text("Hel"), Fault.RESET], ErrorKind.BROKEN_STREAM),
        ([text("Hel"), b"data: {never finished"], ErrorKind.BROKEN_STREAM),
        ([text("Hel"), event("{not JSON")], ErrorKind.BAD_RESPONSE),
        ([text("Hel"), event("[1, 2]")], ErrorKind.BAD_RESPONSE),
        ([text("Hel"), event("[" * 100_000)], ErrorKind.BAD_RESPONSE),
        ([text("Hel"), event('{"x": ' + "1" * 5000 + "}")], ErrorKind.BAD_RESPONSE),
        ([text("Hel"), event("overloaded", "error")], ErrorKind.SERVER),
        ([text("Hel"), event({"message": "overloaded"}, "error")], ErrorKind.SERVER),
        ([text("Hel"), event({"error": "overloaded"})], ErrorKind.SERVER),
        ([text("Hel"), event({"error": {"message": "x", "code": 429}})], ErrorKind.RATE_LIMIT),
        (
            [text("Hel"), event({"error": {"code": "rate_limit_exceeded"}})],
            ErrorKind.RATE_LIMIT,
        ),
        ([text("Hel"), chunk({}, "error")], ErrorKind.SERVER),
    ],
)
async def test_a_stream_that_breaks_off(
    server: Server, ask: Asker, steps: list[bytes | Fault], kind: ErrorKind
) -> None:
    server.script(Reply(steps))
    came, error = await ask.failure()
    assert (came, error.kind) == ("Hel", kind)


async def test_words_that_come_together_with_a_fault_are_kept(server: Server, ask: Asker) -> None:
    server.script(Reply([text("Hel") + text("lo") + event({"error": "overloaded"}) + text("!")]))
    came, error = await ask.failure()
    assert (came, error.kind) == ("Hello", ErrorKind.SERVER)


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        ([Fault.CLOSE], ErrorKind.BROKEN_STREAM),
        ([DONE], ErrorKind.BROKEN_STREAM),
        ([chunk(choices=[]), chunk(choices=None)], ErrorKind.BROKEN_STREAM),
        # Nothing is lost yet, so these may be tried again.
        ([Fault.CUT], ErrorKind.NETWORK),
        ([Fault.RESET], ErrorKind.NETWORK),
    ],
)
async def test_a_stream_that_breaks_off_before_a_word(
    server: Server, ask: Asker, steps: list[bytes | Fault], kind: ErrorKind
) -> None:
    server.script(Reply(steps))
    error = (await ask.failure())[1]
    assert (error.kind, error.lasting) == (kind, False)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (page("<html>Sign in to the Wi-Fi</html>"), "a web page"),
        (page("Welcome to nginx", "text/plain"), "something else"),
        (page('{"hello": "world"}', "application/json"), "something else"),
        (page('["hello"]', "application/json"), "JSON of another kind"),
        (page("{broken", "application/json"), "not valid JSON"),
        (Reply([b'"\xff"'], content_type="application/json"), "not valid JSON"),
        (page("\x1f\x8b", headers={"content-encoding": "gzip"}, content_type=""), "unpacked"),
    ],
)
@pytest.mark.parametrize("stream", [True, False])
async def test_success_with_a_body_that_is_no_reply(
    server: Server, ask: Asker, reply: Reply, said: str, stream: bool
) -> None:
    server.script(reply)
    _, error = await ask.failure(ask.request(parameters=Parameters(stream=stream)))
    assert error.kind is ErrorKind.BAD_RESPONSE
    assert said in error.text
    assert "base_url" in error.text


async def test_a_reply_in_one_piece_that_is_an_error(server: Server, ask: Asker) -> None:
    server.script(page('{"error": {"message": "No credit", "code": 402}}', "application/json"))
    assert (await ask.failure())[1].kind is ErrorKind.QUOTA


# --- no way there ---------------------------------------------------------------------------


async def test_a_refused_connection(ask: Asker) -> None:
    url = refused_url()
    _, error = await ask.failure(ask.at(url))
    assert error.kind is ErrorKind.REFUSED
    assert url.split("/")[2] in error.text


async def test_an_unknown_host(ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # nobody outside is asked
    _, error = await ask.failure(ask.at("http://no-such-host.invalid/v1"))
    assert error.kind is ErrorKind.UNKNOWN_HOST
    assert "no-such-host.invalid" in error.text


async def test_a_server_that_takes_no_connection(
    ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CONNECT_SECONDS", 0.1)
    monkeypatch.setattr(failures, "CONNECT_SECONDS", 0.1)
    with unaccepted_url() as url:
        _, error = await ask.failure(ask.at(url))
    assert error.kind is ErrorKind.TIMEOUT
    assert "took no connection within 0.1 s" in error.text


async def test_a_server_that_never_answers(server: Server, ask: Asker) -> None:
    server.script(silent())
    _, error = await ask.failure(ask.at(server.base_url, timeout=0.1))
    assert error.kind is ErrorKind.TIMEOUT
    assert "sent nothing for 0.1 s" in error.text
    await until(server.requests[0].disconnected.is_set)


async def test_a_server_that_falls_silent(server: Server, ask: Asker) -> None:
    server.script(Reply([text("Hel"), asyncio.Event()]))
    came, error = await ask.failure(ask.at(server.base_url, timeout=0.1))
    assert (came, error.kind) == ("Hel", ErrorKind.TIMEOUT)


async def test_plain_http_where_tls_is_expected(ask: Asker) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        _, error = await ask.failure(ask.at(f"https://127.0.0.1:{port}/v1"))
    assert (error.kind, error.lasting) == (ErrorKind.NETWORK, True)
    assert "http://" in error.text


@pytest.mark.parametrize(
    "url", ["localhost:1234/v1", "ftp://localhost/v1", "http://localhost:x/v1"]
)
async def test_an_address_that_is_none(ask: Asker, url: str) -> None:
    assert (await ask.failure(ask.at(url)))[1].kind is ErrorKind.CONFIG


def test_a_certificate_that_nobody_trusts() -> None:

    certificate = ssl.SSLCertVerificationError("certificate verify failed")
    certificate.verify_message = "self-signed certificate"
    broken = openai.APIConnectionError(request=httpx2.Request("POST", "https://box.lan/v1"))
    broken.__cause__ = httpx2.ConnectError("x")
    broken.__cause__.__cause__ = certificate
    asked = Asked(Endpoint("box", "https://box.lan/v1"))
    error = failures.chat_error(broken, asked)
    assert (error.kind, error.lasting) == (ErrorKind.NETWORK, True)
    assert "box.lan" in error.text
    assert "self-signed certificate" in error.text


@pytest.mark.parametrize(
    ("cause", "lasting"), [(ssl.SSLError("WRONG_VERSION"), True), (ssl.SSLEOFError("EOF"), False)]
)
def test_only_a_handshake_that_was_cut_may_pass(cause: ssl.SSLError, *, lasting: bool) -> None:
    broken = openai.APIConnectionError(request=httpx2.Request("POST", "https://box.lan/v1"))
    broken.__cause__ = cause
    error = failures.chat_error(broken, Asked(Endpoint("box", "https://box.lan/v1")))
    assert (error.kind, error.lasting) == (ErrorKind.NETWORK, lasting)


def test_a_proxy_that_refuses() -> None:
    broken = openai.APIConnectionError(request=httpx2.Request("POST", "https://far/v1"))
    broken.__cause__ = httpx2.ProxyError("403 Forbidden")
    error = failures.chat_error(broken, Asked(Endpoint("far", "https://far/v1")))
    assert (error.kind, error.lasting) == (ErrorKind.NETWORK, True)
    assert "HTTPS_PROXY" in error.text


# --- keys stay where they belong ------------------------------------------------------------


async def test_no_key_no_request(server: Server, ask: Asker) -> None:
    ask.environ.clear()
    assert (await ask.failure())[1].kind is ErrorKind.NO_KEY
    assert not server.requests


async def test_an_endpoint_without_a_key_gets_none(server: Server, ask: Asker) -> None:
    endpoint = Endpoint("free", server.base_url)
    await ask.events(ask.request(endpoint=endpoint))
    assert "authorization" not in server.requests[0].headers


async def test_a_redirect_is_not_followed(server: Server, ask: Asker) -> None:
    async with Server() as elsewhere:
        server.script(page("", status=307, headers={"location": elsewhere.base_url}))
        _, error = await ask.failure()
        assert error.kind is ErrorKind.CONFIG
        assert f"to 127.0.0.1:{elsewhere.port}" in error.text
        assert elsewhere.connections == 0


@pytest.mark.parametrize(
    "reply",
    [
        failure(401, f"Wrong key {KEY}"),
        failure(400, "x" * 280 + KEY),
        page(f"Wrong key {KEY}", "text/plain", status=500),
        Reply([event({"error": {"message": f"Wrong key {KEY}"}})]),
        Reply([event(f"Wrong key {KEY}", "error")]),
    ],
)
async def test_a_key_that_the_server_repeats_is_not_shown(
    server: Server, ask: Asker, reply: Reply
) -> None:
    server.script(reply)
    _, error = await ask.failure()
    assert KEY[:12] not in error.text
    assert KEY not in "".join(traceback.format_exception(error))


async def test_a_lone_surrogate_is_sent_as_what_it_can_be(server: Server, ask: Asker) -> None:
    await ask.events(ask.request(PromptMessage(Role.USER, "a\ud800b")))
    assert server.requests[0].prompt == "a?b"
