# ruff: noqa: T201 - part of a command
"""The large library that is measured on, made where there is none yet."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_cache_path

from tests.bench.library import MESSAGES, longest, make, of_ten
from tui.files import private_folder
from tui.store.library import Library


def default_folder() -> Path:
    """Where the large library is kept between runs."""
    return user_cache_path("chinwag-bench", appauthor=False)


class Large(NamedTuple):
    """The large library.

    Attributes:
        path: the database.
        longest: the id of the chat of 10,000 messages.
        short: the id of one of ten.
    """

    path: Path
    longest: str
    short: str

    def home(self, folder: Path) -> str:
        """A CHINWAG_HOME of its own with the library in it."""
        private_folder(folder)
        (folder / "chinwag.db").symlink_to(self.path)
        return str(folder)


def large_library(folder: Path) -> Large:
    """The library in `folder`, made if it is missing, which takes some minutes and 1.5 GB."""
    path = private_folder(folder) / "chinwag.db"
    if not path.exists():
        print(f"Making {path}: {MESSAGES:,} messages, once…", flush=True)
        started = time.perf_counter()
        make(path)
        print(f"made in {time.perf_counter() - started:.0f} s\n", flush=True)
    library = Library(path)  # brings an older one up to date
    while library.catch_up():
        pass
    library.close()
    return Large(path, longest(path), of_ten(path))
