"""One pinned file over HTTP, resumable: what has arrived stays in a `.part` file until it is whole.

Not left to `pip download`: pip resumes within one run only, starts over after a cut or a Ctrl+C,
shows its progress to a terminal rather than to a program, and is not there at all under uv and
pipx. Where to look is still pip's (see `sources`).

Everything here blocks: it runs in a thread of its own, which ends soon after `stop` is set.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from threading import Event

from tui.files import open_private
from tui.provider.local.pinned import PinnedFile
from tui.provider.local.web import Web, WebError, reason

TRIES = 3
_BLOCK = 1 << 16


class StoppedError(Exception):
    """Nobody waits for it any more."""


class WrongFileError(Exception):
    """A file is not the pinned one; its text is the name of the file."""


def download(
    web: Web, url: str, part: Path, file: PinnedFile, arrived: Callable[[int], None], stop: Event
) -> None:
    """Bring `file` into `part`, going on from what is there already.

    Args:
        web: opens addresses.
        url: where the file is.
        part: where it goes; kept when this fails, so that the next time goes on.
        file: what it must be.
        arrived: called with the bytes that are there, as they grow.
        stop: set to give up.

    Raises:
        WebError: the connection could not be made, or broke `TRIES` times.
        WrongFileError: what came is not the file; it is deleted.
        StoppedError: `stop` was set.
        OSError: it could not be written.
    """
    tries = 0
    while True:
        resumed = _size(part)
        try:
            if resumed < file.size:
                _receive(web, url, part, file.size, arrived, stop)
            check(part, file, stop)
        except WebError:
            tries += 1
            if tries == TRIES:
                raise
        except WrongFileError:
            part.unlink()
            if not resumed:
                raise
            # What an earlier run left may have been damaged: once more, from the first byte.
        else:
            return


def check(path: Path, file: PinnedFile, stop: Event) -> None:
    """Make sure that `path` is `file`.

    Raises:
        WrongFileError: it is not.
        StoppedError: `stop` was set.
    """
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while block := content.read(_BLOCK):
            if stop.is_set():
                raise StoppedError
            digest.update(block)
    if digest.hexdigest() != file.sha256:
        raise WrongFileError(path.name)


def _receive(
    web: Web, url: str, part: Path, size: int, arrived: Callable[[int], None], stop: Event
) -> None:
    start = _size(part)
    with web.open(url, {"Range": f"bytes={start}-"} if start else None) as answer:
        if start and not _continues(answer, start):
            start = 0
        with open_private(part, "ab" if start else "wb") as target:
            while start < size:
                if stop.is_set():
                    raise StoppedError
                block = _read(answer, min(_BLOCK, size - start))
                target.write(block)
                start += len(block)
                arrived(start)


def _read(answer: HTTPResponse, size: int) -> bytes:
    """The next bytes of the body; outside of `OSError`, so that a full disk is told from a cut."""
    try:
        # read1 gives what is there: progress moves, and `stop` is seen, on a slow line too.
        block = answer.read1(size)
    except (OSError, HTTPException) as error:
        raise WebError(f"the connection broke ({reason(error)})", answered=True) from None
    if not block:
        raise WebError("the connection ended too early", answered=True)
    return block


def _continues(answer: HTTPResponse, start: int) -> bool:
    """Whether the body goes on where we stopped: many servers send the whole again instead."""
    spoken = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return answer.status == 206 and spoken is not None and int(spoken[1]) == start


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
