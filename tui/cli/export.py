"""`chinwag export`: chats as Markdown, JSON, TOML or HTML."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tui.cli.output import FAILURE, UsageError, complain, fit, is_terminal
from tui.cli.reading import library_to_read, newest_first
from tui.cli.surroundings import surroundings
from tui.core.errors import ChatError, ErrorKind
from tui.core.whole import WholeConversation
from tui.store.formats import table
from tui.store.formats.saving import file_name, is_folder, is_there, save, written_path
from tui.store.library import Library

_EPILOG = """\
md and html: the branch each chat was left on, to read; json and toml: everything, and
`chinwag import` takes it back. PATH is a folder if it is one or ends in a slash: each chat then
goes into a file of its own, named after its title and id. Otherwise it is a file; its ending says
the format where --format does not, and is then one of them or none. No file is overwritten without
--force."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.epilog = _EPILOG
    parser.add_argument("chats", nargs="*", metavar="ID", help="chats (the start of an id will do)")
    parser.add_argument(
        "--all", action="store_true", help="all chats, the archive included, the trash not"
    )
    parser.add_argument(
        "--format", choices=table.NAMES, help=f"{table.DEFAULT} where nothing says otherwise"
    )
    parser.add_argument("-o", "--output", metavar="PATH", help="a file or a folder, not stdout")
    parser.add_argument("--force", action="store_true", help="replace files that are there")


def run(arguments: argparse.Namespace) -> int:
    """Write the chats; 1 when some could not be.

    Raises:
        UsageError: neither chats nor --all, or both.
        ChatError: there is no such chat, or a file can't be written.
    """
    if bool(arguments.chats) == arguments.all:
        raise UsageError("name chats by their ids, or say --all")
    output: str = "" if arguments.output in (None, "-") else arguments.output
    path = written_path(output)
    is_many = output.endswith(("/", "\\")) or is_folder(path)  # of "" it is the one at hand
    ending: str = arguments.format or (table.DEFAULT if is_many else table.format_of(path))
    with library_to_read(surroundings().paths) as library:
        if arguments.all:
            ids = [chat.id for put_away in (False, True)
                   for chat in newest_first(library, archived=put_away)]  # fmt: skip
        else:
            ids = list(dict.fromkeys(map(library.resolve, arguments.chats)))
        chats = _taken(library, ids)
        if not output:
            _print(table.writer(ending)(chats))
            return 0
        if is_many:
            return _save_each(path, ending, chats, replace=arguments.force)
        pieces = table.writer(ending)(chats)
        save(path, pieces, replace=arguments.force, instead="replace it with --force")
        print(fit(str(path), sys.stdout))
        return 0


def _taken(library: Library, ids: Sequence[str]) -> Iterator[WholeConversation]:
    """One chat at a time: no more than that is ever in memory."""
    for chat_id in ids:
        try:
            whole = library.copies.take(chat_id)
        except ChatError as error:
            if error.kind is ErrorKind.NO_SUCH_CHAT:
                continue  # removed for good since it was listed
            raise
        yield whole


def _save_each(
    folder: Path, ending: str, chats: Iterator[WholeConversation], *, replace: bool
) -> int:
    """Each chat into a file of its own; what is there stays, unless it is to be replaced."""
    left = 0
    for whole in chats:
        path = folder / file_name(whole.conversation, ending)
        if not replace and is_there(path):
            left += 1
            continue
        save(path, table.writer(ending)([whole]), replace=replace)
        print(fit(str(path), sys.stdout))
    if left:
        complain(
            f"{left:,} chat{'s' if left > 1 else ''} not exported: a file of that name is in "
            f"{folder} already. --force replaces it."
        )
    return FAILURE if left else 0


def _print(pieces: Iterator[str]) -> None:
    """To standard output: on a terminal safe to see, elsewhere exactly, as UTF-8."""
    for piece in pieces:
        if is_terminal(sys.stdout):
            sys.stdout.write(fit(piece, sys.stdout))
        else:
            sys.stdout.buffer.write(piece.encode())
