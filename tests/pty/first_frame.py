"""chinwag that notes what is loaded when its first frame goes out: `... first_frame FILE ARGS`.

The frame is known by its last line, the keys, on the way to the terminal.
"""

from __future__ import annotations

import sys
from pathlib import Path
from unittest import mock

from textual.drivers.linux_driver import LinuxDriver

from tests.pty.program import READY
from tui.cli.main import main

KEY, WORD = READY.split()


def start(note: Path, arguments: list[str]) -> int:
    write = LinuxDriver.write

    def noting_write(driver: LinuxDriver, painted: str) -> None:
        if KEY in painted and WORD in painted and not note.exists():
            note.write_text("\n".join(sys.modules))
        write(driver, painted)

    with mock.patch.object(LinuxDriver, "write", noting_write):
        return main(arguments)


if __name__ == "__main__":
    sys.exit(start(Path(sys.argv[1]), sys.argv[2:]))
