"""Text that goes along with a question: files, and what is piped in."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import TextIO

from tui.cli.output import UsageError
from tui.core.message import Attachment


def attachment_from(path: Path) -> Attachment:
    """The text file at `path`, read whole.

    Raises:
        UsageError: it can't be read, or is not text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or 'could not be read'}") from None
    return Attachment(
        name=path.name,
        media_type=mimetypes.guess_type(path.name)[0] or "text/plain",
        size=len(content),
        text=_decoded(content, str(path)),
    )


def piped_text(stream: TextIO | None) -> str:
    """What is piped in, without the line end after its last line; empty when it is a terminal.

    Raises:
        UsageError: it is not text.
    """
    if stream is None or stream.isatty():
        return ""
    return _decoded(stream.buffer.read(), "standard input").rstrip("\r\n")


def _decoded(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UsageError(f"{name} is not text (UTF-8); only text can be sent along")
    return text
