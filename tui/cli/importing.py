"""`chinwag import`: takes in what `chinwag export` wrote, and the chats of other programs."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tui.cli.imported import ProgressLine, Summary
from tui.cli.output import (
    FAILURE,
    INTERRUPTED,
    StatusLine,
    add_json_option,
    complain,
    fit,
    print_json,
)
from tui.cli.surroundings import surroundings
from tui.core.errors import ChatError, ErrorKind
from tui.core.models import parse_model
from tui.core.settings import Settings
from tui.core.whole import WholeConversation
from tui.store.copies import Put
from tui.store.foreign.reading import Source, opened
from tui.store.library import Library


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.epilog = (
        "FILE is one of these, told by what is in it; - is standard input (no zip or database):\n"
        "  chinwag   what `chinwag export` wrote as JSON or TOML\n"
        "  ChatGPT   the zip of an account's export, or conversations.json out of it\n"
        "  Elia      elia.sqlite, in ~/.local/share/elia\n"
        "  oterm     store.db, `oterm --data-dir` says where\n"
        "  llm       logs.db, `llm logs path` says where\n"
        "  aichat    sessions/NAME.yaml, in ~/.config/aichat\n"
        "Importing twice adds nothing twice. A chat that went on in another program gets its new\n"
        "messages; nothing else of a chat that is here is changed. Each chat comes in whole or\n"
        "not at all. Exit status 1: not all could be read; 130: stopped by Ctrl+C, what had come\n"
        "in stays, and the same command goes on."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file with chats")
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Take in the files and print what came of it; 1 when not all could be read."""
    place = surroundings()
    summary, line = Summary(arguments.json), ProgressLine(StatusLine(sys.stderr))
    stopped = False
    with closing(_Import(place.paths.database, place.settings, summary)) as importing:
        try:
            for name in arguments.files:
                importing.take(name, line)
        except KeyboardInterrupt:
            stopped = True
    line.clear()
    if arguments.json:
        print_json(summary.value)
    else:
        for text in summary.lines():
            print(fit(text, sys.stdout))
        for text in summary.failure_lines():
            complain(text)
    if stopped:
        complain("stopped; the same command goes on from here")
        return INTERRUPTED
    return FAILURE if summary.failures else 0


class _Import:
    """Files on their way into the library, which is made when the first chat comes."""

    def __init__(self, path: Path, settings: Settings, summary: Summary) -> None:
        self._path = path
        self._settings = settings
        self._summary = summary
        self._library: Library | None = None
        self._chats = 0

    def take(self, name: str, line: ProgressLine) -> None:
        """Take in the chats of a file; what can't be read is noted."""
        path = None if name == "-" else Path(name).expanduser()
        shown = "standard input" if path is None else path.name
        try:
            with opened(path, sys.stdin.buffer if path is None else None) as source:
                line.show(shown, source.progress, self._chats)
                for found in source.chats:
                    self._chats += 1
                    if isinstance(found, ChatError):
                        self._summary.fail(name, found.text)
                    elif source.ours or found.messages:
                        self._put(found, source, name)
                    else:
                        self._summary.empty += 1
                    line.show(shown, source.progress, self._chats)
        except ChatError as error:
            if error.kind is ErrorKind.LIBRARY:
                raise
            self._summary.fail(name, error.text)
        except OSError as error:
            self._summary.fail(name, f"{error.strerror or 'could not be read'}.")

    def close(self) -> None:
        """Close the library if it was opened."""
        if self._library is not None:
            self._library.close()

    def _put(self, whole: WholeConversation, source: Source, name: str) -> None:
        if self._library is None:
            self._library = Library(self._path)
        copies, conversation = self._library.copies, whole.conversation
        try:
            if source.ours:
                put = copies.put(whole)
                came = len(whole.messages) if put is Put.ADDED else 0
            else:
                put, came = copies.add(self._settled(whole))
        except ValueError:
            self._summary.fail(
                name,
                f"Chat {conversation.id} has a message whose id is that of a message in another "
                "chat.",
            )
            return
        self._summary.add(put, conversation, came)

    def _settled(self, whole: WholeConversation) -> WholeConversation:
        """The chat as it can be gone on with: at the endpoint that has its model here."""
        conversation, endpoints = whole.conversation, self._settings.endpoints
        if any(conversation.endpoint == endpoint.name for endpoint in endpoints):
            return whole
        ref = parse_model(conversation.model or self._settings.model, endpoints)
        settled = replace(conversation, endpoint=ref.endpoint, model=ref.model)
        return replace(whole, conversation=settled)
