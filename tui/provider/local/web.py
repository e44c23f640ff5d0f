"""Opening addresses as pip would: the system's certificates and proxies, an index's own login.

What comes back is checked by its pinned hash, so an `http:` mirror is as good as any. A login in
an address (`https://name:password@host/simple`) goes to that host alone, never on to another one
that it redirects to, and never into a text.
"""

from __future__ import annotations

import base64
import ssl
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

TIMEOUT = 30.0  # seconds of silence on a connection


class WebError(Exception):
    """An address gave nothing; its text says which host and why, in a few words.

    Attributes:
        answered: whether a server was there at all.
    """

    def __init__(self, text: str, *, answered: bool = False) -> None:
        super().__init__(text)
        self.answered = answered


class Web:
    """Opens `http` and `https` addresses.

    Args:
        certificates: a file or folder of certificates; empty: the system's (`SSL_CERT_FILE` holds).
        proxy: a proxy's address; empty: the environment's.
    """

    def __init__(self, certificates: str = "", proxy: str = "") -> None:
        self._certificates = certificates
        self._proxies = {"http": proxy, "https": proxy} if proxy else None
        self._logins: dict[str, str] = {}

    def open(self, url: str, headers: Mapping[str, str] | None = None) -> HTTPResponse:
        """The server's answer to a GET, its body still to be read.

        Raises:
            WebError: no answer, or one that is no success.
        """
        address, host = self._without_login(url)
        request = Request(address, headers={"User-Agent": "chinwag", **(headers or {})})  # noqa: S310 - _without_login has checked the scheme
        if login := self._logins.get(host):
            request.add_unredirected_header("Authorization", f"Basic {login}")
        opener = build_opener(ProxyHandler(self._proxies), HTTPSHandler(context=self._context()))
        try:
            answer: HTTPResponse = opener.open(request, timeout=TIMEOUT)
        except HTTPError as error:
            error.close()
            raise WebError(f"{host} answered {error.code}", answered=True) from None
        except (URLError, OSError, HTTPException) as error:
            raise WebError(f"{host} could not be reached ({reason(error)})") from None
        return answer

    def _without_login(self, url: str) -> tuple[str, str]:
        """The address without its login, which is kept for its host; and that host."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        if parts.scheme not in ("http", "https") or not host:
            raise WebError(f"{host or 'an address without a host'} is not on http or https")
        if parts.username:
            login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._logins[host] = base64.b64encode(login.encode()).decode("ascii")
        return urlunsplit(parts._replace(netloc=host, fragment="")), host

    def _context(self) -> ssl.SSLContext:
        if not self._certificates:
            return ssl.create_default_context()
        place = Path(self._certificates).expanduser()
        try:
            if place.is_dir():
                return ssl.create_default_context(capath=str(place))
            return ssl.create_default_context(cafile=str(place))
        except OSError as error:
            raise WebError(
                f"pip's certificates {place} could not be read ({reason(error)})"
            ) from None


def reason(error: Exception) -> str:
    """Why it failed, in the system's words, without numbers and types."""
    inner = error.reason if isinstance(error, URLError) else error
    if isinstance(inner, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {inner.verify_message}"
    if isinstance(inner, TimeoutError):
        return "no answer in time"
    if isinstance(inner, OSError) and inner.strerror:
        return inner.strerror
    return str(inner) or type(inner).__name__
