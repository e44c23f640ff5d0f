"""The chats in the zip of an account's export, read out of it without anything being unpacked.

Only members called `conversations*.json` are opened, in whatever folder; no name in the archive
becomes the name of a file. One that says it is larger than an export can be, or that is packed
closer than words can be, is not opened.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath
from typing import IO

from tui.store.formats.fields import unreadable

HEADER = b"PK\x03\x04"
MEMBER_LIMIT = 16 * 1024**3  # bytes, unpacked
RATIO_LIMIT = 200  # JSON of chats packs 4 to 20 times
RATIO_FROM = 64 * 1024 * 1024  # bytes, unpacked: what is smaller does no harm
DIRECTORY_LIMIT = 128 * 1024 * 1024  # bytes: the names of a million files
# What zipfile raises for archives that are broken, locked, or packed in ways it does not know.
BROKEN: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError,
    OSError,
)  # fmt: skip
with suppress(ImportError):  # a Python can be built without
    from lzma import LZMAError

    BROKEN += (LZMAError,)
_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"


def members(file: IO[bytes]) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """The archive, and those of its members that hold chats.

    Raises:
        ChatError: it is broken, or has none (kind FILE).
    """
    if _directory_size(file) > DIRECTORY_LIMIT:
        raise unreadable("The archive has more files than an export can have")
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except BROKEN:
        raise unreadable("The archive is broken, or not all of it is here") from None
    found = sorted(filter(_holds_chats, archive.infolist()), key=lambda one: one.filename)
    if not found:
        archive.close()
        raise unreadable("There is no conversations.json in the archive, so no chats of ChatGPT's")
    for one in found:
        packed_too_close = one.file_size > max(RATIO_FROM, RATIO_LIMIT * one.compress_size)
        if one.file_size > MEMBER_LIMIT or packed_too_close:
            archive.close()
            raise unreadable("The archive unpacks to more than an export can be")
    return archive, found


@contextmanager
def opened_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """A member, to be read.

    Raises:
        ChatError: it is broken, or locked by a password (kind FILE); so does what is done within.
    """
    try:
        with archive.open(member) as file:
            yield file
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's; what bzip2 finds to be no data of its own has no number
        raise unreadable("The archive is broken from some place on, or has a password") from None


def _holds_chats(one: zipfile.ZipInfo) -> bool:
    last = PurePosixPath(one.filename.replace("\\", "/")).name.lower()
    return last.startswith("conversations") and last.endswith(".json") and not one.is_dir()


def _directory_size(file: IO[bytes]) -> int:
    """How many bytes the archive says its list of files has; zipfile reads them all at once.

    See PKWARE's APPNOTE 4.3.14 to 4.3.16.
    """
    end = file.seek(0, 2)
    file.seek(max(0, end - 2**16 - 64))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 16:
        return 0  # zipfile will say so
    size = int(struct.unpack_from("<L", tail, at + 12)[0])
    if size == 0xFFFFFFFF and at >= 20 and tail[at - 20 : at - 16] == _LOCATOR_64:
        file.seek(min(struct.unpack_from("<Q", tail, at - 12)[0], end))
        record = file.read(56)
        if len(record) == 56 and record.startswith(_END_64):
            return int(struct.unpack_from("<Q", record, 40)[0])
    return size
