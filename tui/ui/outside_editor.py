"""Writing a message in the editor of one's choice."""

from __future__ import annotations

import asyncio
import os
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from textual.app import App, SuspendNotSupported

from tui.core.errors import ChatError, ErrorKind
from tui.core.safe import shown_line
from tui.files import open_private


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """`$VISUAL`, `$EDITOR`, or `vi`; one that is blank names none.

    Raises:
        ChatError: it is no command, with a quote left open, say (kind CONFIG).
    """
    named = [environ.get(name, "").strip() for name in ("VISUAL", "EDITOR")]
    written = next(filter(None, named), "vi")
    try:
        return shlex.split(written)
    except ValueError as error:
        raise ChatError(
            ErrorKind.CONFIG,
            f"The editor '{shown_line(written)}' is no command: {str(error).lower()}. "
            "Set EDITOR to one.",
        ) from error


async def edit_outside(app: App[None], text: str, environ: Mapping[str, str]) -> str:
    """Let the editor have the terminal until it ends; replies stream on meanwhile.

    Returns:
        What was written, without the newline that editors put at the end.

    Raises:
        ChatError: the editor can't be started, or failed, or there is no room for a file to write
            in; the text in the composer is as it was.
    """
    command = editor_command(environ)
    try:
        return await _edited(app, text, command)
    except OSError as error:
        raise ChatError(
            ErrorKind.FILE,
            "The message can't be handed to an editor: "
            f"{error.strerror or type(error).__name__} ({tempfile.gettempdir()}).",
        ) from error


async def _edited(app: App[None], text: str, command: Sequence[str]) -> str:
    with tempfile.TemporaryDirectory(prefix="chinwag-") as folder:
        file = Path(folder) / "message.md"
        with open_private(file, "wb") as handle:
            handle.write(text.encode())
        try:
            # In a batch nothing is painted, so a reply that streams doesn't write over the editor.
            with app.batch_update(), app.suspend():
                process = await asyncio.create_subprocess_exec(*command, os.fspath(file))
                code = await process.wait()
        except (OSError, SuspendNotSupported) as error:
            raise ChatError(
                ErrorKind.CONFIG,
                f"The editor '{shown_line(command[0])}' could not be started. "
                "Set EDITOR to one that is there.",
            ) from error
        if code:
            raise ChatError(ErrorKind.CONFIG, f"The editor ended with an error ({code}).")
        return file.read_text("utf-8", "replace").removesuffix("\n")
