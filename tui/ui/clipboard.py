"""Copying: by the terminal, and by the system's own tool where there is one.

The terminal's way (OSC 52) works over ssh but can't tell whether it did, and some terminals
ignore it; the system's tool works wherever a desktop is. Both are used, the tool in a thread.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping

_SECONDS = 2.0


def clipboard_command(environ: Mapping[str, str], platform: str = sys.platform) -> list[str] | None:
    """The command that takes a text on stdin into the clipboard, None where there is none."""
    if platform == "darwin":
        choices = [["pbcopy"]]
    elif environ.get("WAYLAND_DISPLAY"):
        choices = [["wl-copy"]]
    elif environ.get("DISPLAY"):
        choices = [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    else:
        choices = []
    return next((choice for choice in choices if shutil.which(choice[0])), None)


def copy_by_command(text: str, command: list[str]) -> bool:
    """Give `text` to the command; False when it failed. Blocks for up to two seconds."""
    try:
        done = subprocess.run(  # noqa: S603 - one of the commands above, no shell
            command,
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
