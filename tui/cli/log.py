"""chinwag's log: what it noted of its own mistakes, in a file of the user's own."""

from __future__ import annotations

import logging
from pathlib import Path

from tui.files import open_log


class PrivateFileHandler(logging.Handler):
    """Appends to a file that is made, 0600, with its first line: no mistake, no file.

    Past a size the file is put aside, in the place of an older one.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, or a traceback."""
        try:
            with open_log(self._path) as file:
                file.write((self.format(record) + "\n").encode("utf-8", "replace"))
        except OSError:
            self.handleError(record)


def log_to(path: Path) -> None:
    """Send what chinwag's own modules log to the file at `path`, and nowhere else."""
    logger = logging.getLogger("tui")
    logger.addHandler(PrivateFileHandler(path))
    logger.propagate = False
    # A log that can't be written is no reason to draw on the screen.
    logging.raiseExceptions = False
