"""The model's file on this machine: whether it is there, fetching it on first use, removing it.

A GGUF file of the user's own takes the place of the fetched one; it is never touched.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tui.core.errors import ChatError, ErrorKind
from tui.core.settings import LocalSettings
from tui.provider.local.folder import ModelFolder, file_size
from tui.provider.local.lock import held
from tui.provider.local.pinned import SMOLLM2, PinnedModel
from tui.provider.local.progress import Progress

RUNTIME = "xllamacpp"


@dataclass(frozen=True, slots=True)
class LocalStatus:
    """What there is of the local model.

    Attributes:
        name: what the model is called.
        path: where its file is, or will be.
        present: whether it is there, whole.
        size: its bytes; 0 while it is not there.
        partial: bytes of a download that has not ended.
        custom: whether it is a file of the user's own.
        runtime: the version of llama.cpp's Python package; None where it is not installed.
    """

    name: str
    path: Path
    present: bool
    size: int
    partial: int
    custom: bool
    runtime: str | None


class ModelStore:
    """The folder of models.

    Args:
        folder: where fetched models are kept.
        settings: `model` names a file of the user's own, or none.
        environ: where pip's variables are looked up.
        model: what is fetched.
    """

    def __init__(
        self,
        folder: Path,
        settings: LocalSettings,
        environ: Mapping[str, str],
        model: PinnedModel = SMOLLM2,
    ) -> None:
        self._folder = ModelFolder(folder, model)
        self._environ = environ
        self._own = Path(settings.model).expanduser() if settings.model else None

    @property
    def name(self) -> str:
        """What the model is called; a file of the user's own gives its name to it."""
        return self._own.stem if self._own else self._folder.model.name

    @property
    def path(self) -> Path:
        """Where the model's file is, or will be."""
        return self._own or self._folder.gguf

    def status(self) -> LocalStatus:
        """What there is; looks at sizes only, and loads nothing."""
        size = file_size(self.path)
        return LocalStatus(
            name=self.name,
            path=self.path,
            present=size > 0 if self._own else self._folder.present,
            size=size,
            partial=file_size(self._folder.part),
            custom=self._own is not None,
            runtime=runtime_version(),
        )

    async def install(self, progress: Progress) -> Path:
        """Make sure the model's file is there; returns where.

        Args:
            progress: told on the event loop what is going on, and how far it is (0 to 1).

        Raises:
            ChatError: it can't be had (kind LOCAL); what has arrived is kept for the next time.
        """
        if self.status().present:
            return self.path
        if self._own:
            raise ChatError(
                ErrorKind.LOCAL,
                f"The local model {self._own} does not exist. Correct [local] model in the config, "
                f"or take it away to use {self._folder.model.name}.",
            )
        # It brings http, ssl and zip along, which nobody pays for who has the model.
        from tui.provider.local.installing import Installation

        loop = asyncio.get_running_loop()
        result: asyncio.Future[Path] = loop.create_future()
        stop = threading.Event()

        def on_loop(call: Callable[[], object]) -> None:
            with suppress(RuntimeError):  # the loop has ended, and so has whoever waited
                loop.call_soon_threadsafe(lambda: result.done() or call())

        def tell(text: str, fraction: float | None) -> None:
            on_loop(lambda: progress(text, fraction))

        def run() -> None:
            try:
                path = Installation(self._folder, self._environ, tell, stop).run()
            except BaseException as failure:  # noqa: BLE001 - handed to whoever waits
                error = failure
                on_loop(lambda: result.set_exception(error))
            else:
                on_loop(lambda: result.set_result(path))

        # A daemon: quitting does not wait for a server that is silent.
        threading.Thread(target=run, name="model-install", daemon=True).start()
        try:
            return await result
        finally:
            stop.set()

    def remove(self) -> int:
        """Delete the fetched model and what is left of downloads; returns the bytes freed.

        Raises:
            ChatError: another chinwag is fetching it right now (kind LOCAL).
        """
        folder = self._folder
        if not folder.path.exists():
            return 0
        with held(folder.lock) as alone:
            if not alone:
                raise ChatError(
                    ErrorKind.LOCAL,
                    f"{folder.model.name} is being downloaded by another chinwag right now. "
                    "Stop that one first.",
                )
            paths = (folder.gguf, folder.part, folder.unpacking)
            freed = sum(map(file_size, paths))
            for path in paths:
                path.unlink(missing_ok=True)
        return freed


def runtime_version() -> str | None:
    """The version of llama.cpp's Python package, without loading it; None: not installed."""
    import importlib.metadata
    import importlib.util

    if importlib.util.find_spec(RUNTIME) is None:
        return None
    try:
        return importlib.metadata.version(RUNTIME)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
