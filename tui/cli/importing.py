"""`chinwag import`: takes in what `chinwag export` wrote, and the chats of other programs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from tui.cli.compose import compose
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
from tui.cli.surroundings import checked_surroundings
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Message
from tui.core.models import parse_model
from tui.core.settings import Endpoint
from tui.core.whole import WholeConversation
from tui.files import expanded
from tui.store.copies import Copies, Put
from tui.store.foreign.reading import opened
from tui.store.library import Library
from tui.store.state import load_state

# Written together: their write takes a few tenths of a second, for which another chinwag waits.
WRITTEN_AT_ONCE = 2_000_000  # characters
CHATS_AT_ONCE = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.epilog = (
        "FILE is one of these, told by what is in it; - is standard input (no zip or database):\n"
        "  chinwag   what `chinwag export` wrote as JSON or TOML\n"
        "  ChatGPT   the zip of an account's export, or conversations.json out of it\n"
        "  Elia      elia.sqlite, in ~/.local/share/elia\n"
        "  oterm     store.db, `oterm --db` says where\n"
        "  llm       logs.db, `llm logs path` says where\n"
        "  aichat    sessions/NAME.yaml, `aichat --info` says where\n"
        "Importing twice adds nothing twice. A chat that went on in another program gets its new\n"
        "messages; nothing else of a chat that is here is changed. Each chat comes in whole or\n"
        "not at all. Exit status 1: not all could be read; 130: stopped by Ctrl+C, what had come\n"
        "in stays, and the same command goes on."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file with chats")
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Take in the files and print what came of it; 1 when not all could be read."""
    place = checked_surroundings()
    choice = _Choice(
        compose(place).sessions.endpoints,  # nothing of what it makes is opened yet
        load_state(place.paths.state).listed,
        place.settings.model,
    )
    summary, line = Summary(arguments.json), ProgressLine(StatusLine(sys.stderr))
    stopped = False
    with closing(_Import(place.paths.database, choice, summary)) as importing:
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


@dataclass(frozen=True, slots=True)
class _Choice:
    """Where the models are with which chats can be gone on.

    Attributes:
        endpoints: all there are, the local model's too.
        listed: models that endpoints named when they were last asked.
        model: what a new chat starts with.
    """

    endpoints: Sequence[Endpoint]
    listed: Mapping[str, Sequence[str]]
    model: str

    def settled(self, whole: WholeConversation) -> WholeConversation:
        """The chat as it can be gone on with: at the endpoint that has its model here."""
        conversation = whole.conversation
        if any(conversation.endpoint == endpoint.name for endpoint in self.endpoints):
            return whole
        ref = parse_model(conversation.model or self.model, self.endpoints, self.listed)
        settled = replace(conversation, endpoint=ref.endpoint, model=ref.model)
        return replace(whole, conversation=settled)


class _Import:
    """Files on their way into the library, which is made when the first chat comes."""

    def __init__(self, path: Path, choice: _Choice, summary: Summary) -> None:
        self._path = path
        self._choice = choice
        self._summary = summary
        self._library: Library | None = None
        self._chats = 0
        self._ours = False  # the file that is read is of chinwag's
        self._waiting: list[WholeConversation] = []  # of that file, to be written together
        self._size = 0  # characters of them

    def take(self, name: str, line: ProgressLine) -> None:
        """Take in the chats of a file; what can't be read is noted."""
        try:
            self._read(name, line)
        except ChatError as error:
            if error.kind is ErrorKind.LIBRARY:
                raise
            self._summary.fail(name, error.text)
        except OSError as error:
            self._summary.fail(name, f"{error.strerror or 'could not be read'}.")
        self._write(name)  # all of it, or what was read until then

    def _read(self, name: str, line: ProgressLine) -> None:
        path = None if name == "-" else expanded(name)
        shown = "standard input" if path is None else path.name
        with opened(path, sys.stdin.buffer if path is None else None) as source:
            self._ours = source.ours
            line.show(shown, source.progress, self._chats)
            for found in source.chats:
                self._chats += 1
                if isinstance(found, ChatError):
                    self._summary.fail(name, found.text)
                elif source.ours or found.messages:
                    self._wait(found if source.ours else self._choice.settled(found), name)
                else:
                    self._summary.empty += 1
                line.show(shown, source.progress, self._chats)

    def close(self) -> None:
        """Close the library if it was opened."""
        if self._library is not None:
            self._library.close()

    @property
    def _copies(self) -> Copies:
        if self._library is None:
            self._library = Library(self._path)
        return self._library.copies

    def _wait(self, whole: WholeConversation, name: str) -> None:
        self._waiting.append(whole)
        self._size += sum(map(_size, whole.messages))
        if self._size > WRITTEN_AT_ONCE or len(self._waiting) >= CHATS_AT_ONCE:
            self._write(name)

    def _write(self, name: str) -> None:
        """Take in those that wait."""
        wholes, self._waiting, self._size = self._waiting, [], 0
        if wholes:
            take_in = self._copies.put if self._ours else self._copies.add
            for whole, (put, came) in zip(wholes, take_in(wholes), strict=True):
                self._note(whole, put, came, name)

    def _note(self, whole: WholeConversation, put: Put, came: int, name: str) -> None:
        if put is Put.REFUSED:
            self._summary.fail(
                name,
                f"Chat {whole.conversation.id} has a message whose id is that of a message in "
                "another chat.",
            )
        else:
            self._summary.add(put, whole.conversation, came)


def _size(message: Message) -> int:
    files = sum(len(attachment.text or "") for attachment in message.attachments)
    return len(message.text) + len(message.reasoning) + files
