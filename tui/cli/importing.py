"""`chinwag import`: takes in what `chinwag export` wrote as JSON or TOML."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tui.cli.output import FAILURE, StatusLine, add_json_option, complain, fit, print_json
from tui.cli.surroundings import surroundings
from tui.core.errors import ChatError
from tui.core.json_values import JsonObject
from tui.core.safe import shown_line
from tui.core.whole import WholeConversation
from tui.store.copies import Put
from tui.store.formats.reading import read_chats
from tui.store.library import Library


@dataclass(slots=True)
class Summary:
    """What became of the chats of all files.

    Attributes:
        added, present, different: id and title of each chat by what became of it.
        messages: how many came in with those added.
        failed: file and reason, for each thing that could not be read.
    """

    added: list[tuple[str, str]] = field(default_factory=list)
    present: list[tuple[str, str]] = field(default_factory=list)
    different: list[tuple[str, str]] = field(default_factory=list)
    messages: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def value(self) -> JsonObject:
        """As JSON."""

        def named(chats: list[tuple[str, str]]) -> list[JsonObject]:
            return [{"id": chat_id, "title": title} for chat_id, title in chats]

        return {
            "added": named(self.added),
            "messages": self.messages,
            "present": named(self.present),
            "different": named(self.different),
            "failed": [{"file": file, "reason": reason} for file, reason in self.failed],
        }

    def lines(self) -> Iterator[str]:
        """As people read it, without what failed."""
        yield f"{_counted(len(self.added), 'chat')} came in, {_counted(self.messages, 'message')}"
        if self.present:
            yield f"{_counted(len(self.present), 'chat')} already here, the very same"
        if self.different:
            yield f"{_counted(len(self.different), 'chat')} here too but not the same, left alone:"
            yield from (f"  {chat}  {shown_line(title)}" for chat, title in self.different)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.epilog = (
        "Chats keep their ids, so importing twice adds nothing twice, and no chat that is here is\n"
        "changed. Each chat comes in whole or not at all. Exit status 1: not all could be read."
    )
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="JSON or TOML of chinwag's; - is standard input"
    )
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Take in the files and print what came of it; 1 when not all could be read."""
    summary, status = Summary(), StatusLine(sys.stderr)
    with closing(_Opened(surroundings().paths.database)) as opened:
        for name in arguments.files:
            for whole in _chats(name, summary):
                _put(opened.library, whole, name, summary)
                status.show(f"{len(summary.added):,} chats in, at {name}")
    status.clear()
    if arguments.json:
        print_json(summary.value)
    else:
        for line in summary.lines():
            print(fit(line, sys.stdout))
        for name, reason in summary.failed:
            complain(f"{name}: {reason}")
    return FAILURE if summary.failed else 0


class _Opened:
    """The library, made when the first chat comes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._library: Library | None = None

    @property
    def library(self) -> Library:
        """Opened from here on."""
        if self._library is None:
            self._library = Library(self._path)
        return self._library

    def close(self) -> None:
        """Close it if it was opened."""
        if self._library is not None:
            self._library.close()


def _chats(name: str, summary: Summary) -> Iterator[WholeConversation]:
    """The chats of a file; what can't be read is noted."""
    try:
        with _open(name) as file:
            for found in read_chats(file):
                if isinstance(found, ChatError):
                    summary.failed.append((name, found.text))
                else:
                    yield found
    except OSError as error:
        summary.failed.append((name, f"{error.strerror or 'could not be read'}."))


def _open(name: str) -> IO[bytes]:
    return sys.stdin.buffer if name == "-" else Path(name).expanduser().open("rb")


def _put(library: Library, whole: WholeConversation, name: str, summary: Summary) -> None:
    chat = (whole.conversation.id, whole.conversation.title)
    try:
        put = library.copies.put(whole)
    except ValueError:
        reason = f"Chat {chat[0]} has a message whose id is that of a message in another chat."
        summary.failed.append((name, reason))
        return
    by = {Put.ADDED: summary.added, Put.PRESENT: summary.present, Put.DIFFERENT: summary.different}
    by[put].append(chat)
    if put is Put.ADDED:
        summary.messages += len(whole.messages)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
