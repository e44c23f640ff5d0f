"""Addresses of servers, as a config, the environment or a server has them: any text at all.

`urlsplit` raises for some of them (`http://[::1`), also within the making of an error; what is here
never does, and shows nothing of a login, where people hide keys.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from tui.core.safe import shown_line

_NONE = SplitResult("", "", "", "", "")


def is_address(text: str) -> bool:
    """Whether a request can be sent there: it has a host, and a port where it names one."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0


def host_of(address: str) -> str:
    """Host and port, as they may be shown; empty where there are none."""
    return shown_line(_split(address).netloc.rpartition("@")[2])


def path_of(address: str) -> str:
    """The path, as it may be shown; empty where there is none."""
    return shown_line(_split(address).path)


def without_secrets(address: str) -> str:
    """The address without a login or a query; empty where it is none."""
    parts = _split(address)
    return f"{parts.scheme}://{host_of(address)}{path_of(address)}" if parts.netloc else ""


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return _NONE
