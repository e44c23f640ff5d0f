"""Tells by its content whose chats a file holds, and reads them one at a time.

Each chat is all or nothing: one that can't be read is given as its error, and the others go on.
What breaks the file itself ends it, after the chats before that place. Nothing is held but the chat
that is read.
"""

from __future__ import annotations

import codecs
import io
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import IO
from zipfile import ZipFile, ZipInfo

from tui.core.errors import ChatError
from tui.core.message import utc_now
from tui.core.whole import WholeConversation
from tui.store.foreign import aichat, archive, chatgpt, elia, llm_log, oterm, sqlite_file
from tui.store.foreign.json_array import elements
from tui.store.foreign.sqlite_file import ForeignDatabase, in_plain_words
from tui.store.foreign.values import moment
from tui.store.formats.fields import unreadable
from tui.store.formats.reading import read_chats

Found = WholeConversation | ChatError

HEAD = 64 * 1024  # bytes that say what a file is
_OUR_JSON = re.compile(r'"format"\s*:\s*"chinwag"')
_OUR_TOML = re.compile(r"(?:#[^\n]*\n|\s)*+format\s*=")
_AICHATS = re.compile(r"^(?:model|messages|compressed_messages|temperature):", re.MULTILINE)
NOTHING_KNOWN = (
    "This is nothing that chinwag can import: no export of its own or of ChatGPT's, no database of "
    "Elia's, oterm's or llm's, no session of aichat's"
)


@dataclass(slots=True)
class Progress:
    """How far a file is read.

    Attributes:
        done, total: bytes, or chats; `total` is 0 where it is not known.
    """

    done: int = 0
    total: int = 0

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where it is not known."""
        return min(1.0, self.done / self.total) if self.total else None


@dataclass(frozen=True, slots=True)
class Source:
    """An open file of chats.

    Attributes:
        ours: chinwag wrote it.
        chats: its chats; in place of one that can't be read, why. Some have no messages.
        progress: how far they have been read.
    """

    ours: bool
    chats: Iterator[Found]
    progress: Progress


@contextmanager
def opened(path: Path | None, stream: IO[bytes] | None = None) -> Iterator[Source]:
    """The chats of a file, or of a stream that has no name and can't be gone back in.

    Raises:
        ChatError: it is nothing that can be read (kind FILE).
        OSError: it can't be opened.
    """
    with ExitStack() as stack:
        if path is not None:
            file: IO[bytes] = stack.enter_context(path.open("rb"))
            size, written = os.fstat(file.fileno()).st_size, os.fstat(file.fileno()).st_mtime
        else:
            file, size, written = stream or io.BytesIO(), 0, 0.0
        head = file.read(HEAD)
        progress = Progress(total=size)
        counted = _Counted(head, file, progress)
        yield _source(head, counted, path, written, progress, stack)


def _source(
    head: bytes,
    file: _Counted,
    path: Path | None,
    written: float,
    progress: Progress,
    stack: ExitStack,
) -> Source:
    if head.startswith((sqlite_file.HEADER, archive.HEADER)):
        if path is None:
            raise unreadable("A database or a zip can't be read from standard input: name the file")
        if head.startswith(archive.HEADER):
            return Source(False, _archived(path, progress, stack), progress)
        return Source(False, _database(path, written, progress, stack), progress)
    start = codecs.getincrementaldecoder("utf-8-sig")("replace").decode(head)
    begin = start.lstrip()[:1]
    if begin == "[" or (begin == "{" and '"mapping"' in start and not _OUR_JSON.search(start)):
        if head.startswith(codecs.BOM_UTF8):
            file.read(len(codecs.BOM_UTF8))
        return Source(False, _exported(file.read), progress)
    if begin == "{" or _OUR_TOML.match(start):
        return Source(True, read_chats(file), progress)
    if _AICHATS.search(start):
        return Source(False, _session(file, path, written), progress)
    raise unreadable(NOTHING_KNOWN)


class _Counted:
    """A file of which the beginning was read already, and how much of it was read since."""

    def __init__(self, head: bytes, file: IO[bytes], progress: Progress) -> None:
        self._head = head
        self._file = file
        self._progress = progress

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes."""
        if self._head:
            found, self._head = self._head[:size], self._head[size:]
        else:
            found = self._file.read(size)
        self._progress.done += len(found)
        return found


def _exported(read: Callable[[int], bytes], first: int = 1) -> Iterator[Found]:
    """The chats of an array of ChatGPT's; they are counted from `first` on."""
    try:
        for number, element in enumerate(elements(read), first):
            try:
                yield _unless_refused(element)
            except ChatError as error:
                yield _named(number, error)
    except ChatError as error:
        yield error


def _unless_refused(element: bytes | ChatError) -> WholeConversation:
    if isinstance(element, ChatError):
        raise element
    return chatgpt.chat_from(element)


def _archived(path: Path, progress: Progress, stack: ExitStack) -> Iterator[Found]:
    """The chats of a zip."""
    opened_archive, members = archive.members(stack.enter_context(path.open("rb")))
    stack.enter_context(opened_archive)
    progress.total = sum(member.file_size for member in members)
    return _of_members(opened_archive, members, progress)


def _of_members(
    unpacked: ZipFile, members: Sequence[ZipInfo], progress: Progress
) -> Iterator[Found]:
    for member in members:
        try:
            with archive.opened_member(unpacked, member) as file:
                yield from _exported(_Counted(b"", file, progress).read)
        except ChatError as error:
            yield error


def _database(path: Path, written: float, progress: Progress, stack: ExitStack) -> Iterator[Found]:
    """The chats of another program's database."""
    database = stack.enter_context(sqlite_file.opened(path))
    if database.has("conversations", "active_leaf", "draft"):
        raise unreadable(
            "This is a library of chinwag's. Say CHINWAG_HOME=FOLDER chinwag export --all "
            "--format json, with its folder, and import what that writes"
        )
    programs: tuple[ModuleType, ...] = (elia, oterm, llm_log)
    for program in programs:
        if program.is_it(database):
            return _of_program(program, database, written, progress)
    raise unreadable(NOTHING_KNOWN)


def _of_program(
    program: ModuleType, database: ForeignDatabase, written: float, progress: Progress
) -> Iterator[Found]:
    try:
        with in_plain_words():
            ids = program.ids(database)
    except ChatError as error:
        yield error
        return
    progress.done, progress.total = 0, len(ids)
    at = _moment(written)
    for place, chat_id in enumerate(ids):
        try:
            with in_plain_words():
                # Where it knows no times, the last chat is the newest here too.
                found = program.chat(database, chat_id, at - timedelta(seconds=len(ids) - place))
        except ChatError as error:
            yield _named(chat_id, error)
        else:
            yield found
        progress.done += 1


def _session(file: _Counted, path: Path | None, written: float) -> Iterator[Found]:
    """The chat of a session of aichat's."""
    content = bytearray()
    while chunk := file.read(HEAD):
        content += chunk
        if len(content) > aichat.FILE_LIMIT:
            yield unreadable(f"The session is larger than {aichat.FILE_LIMIT // 2**20} MB")
            return
    try:
        yield aichat.session(bytes(content), path.stem if path else "", _moment(written))
    except ChatError as error:
        yield error


def _moment(written: float) -> datetime:
    """When a file was written, as a time that messages can have."""
    return moment(written // 1) or utc_now()


def _named(chat: object, error: ChatError) -> ChatError:
    return ChatError(error.kind, f"Chat {chat}: {error.text}")
