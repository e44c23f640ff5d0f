"""What `chinwag doctor` can do about a library that is not well: asked for, or offered."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from tui.cli.health import Damage, LibraryHealth, about
from tui.cli.output import is_terminal
from tui.core.errors import ChatError, ErrorKind
from tui.core.safe import shown_line
from tui.core.sizes import counted
from tui.files import expanded
from tui.store.repair import chats_in, newest_sound, repair_index, restore, save_readable

NEWEST = "newest"


class Remedy(StrEnum):
    """What can be done."""

    INDEX = "index"
    SAVE = "save"
    RESTORE = "restore"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--repair",
        action="store_true",
        help="make the search index anew, or save what can be read of a damaged library",
    )
    how.add_argument(
        "--restore",
        nargs="?",
        const=NEWEST,
        metavar="COPY",
        help="go back to a copy of the library (the newest sound one)",
    )


def remedied(arguments: argparse.Namespace, library: LibraryHealth) -> list[str]:
    """Do what was asked for, or what a person at the terminal wants; returns what was done.

    Raises:
        ChatError: it could not be done; the library is as it was (kind LIBRARY or FILE).
    """
    path = Path(library.path)
    copy: Path | None = None
    remedy: Remedy | None = None
    if arguments.restore is not None:
        remedy = Remedy.RESTORE
        if arguments.restore != NEWEST:
            copy = expanded(arguments.restore)
    elif library.damage is Damage.NONE:
        if arguments.repair and not arguments.json:
            print("\nThere is nothing to repair.")
        return []
    elif arguments.repair and library.damage is not Damage.LOST:
        remedy = Remedy.INDEX if library.damage is Damage.INDEX else Remedy.SAVE
    elif arguments.json:
        return []
    elif is_terminal(sys.stdin) and is_terminal(sys.stdout):
        remedy = _asked(path, library.damage)
    else:
        for line in _possible(path, library.damage):
            print(line)
    if remedy is None:
        return []
    if is_terminal(sys.stderr):
        print("\nIn a large library that takes some minutes…", file=sys.stderr, flush=True)
    return list(_done(remedy, path, copy))


def _possible(path: Path, damage: Damage) -> Iterator[str]:
    """What a person can ask for."""
    if damage is Damage.INDEX:
        yield "\nTo make the search index anew: chinwag doctor --repair"
        return
    if damage is Damage.FILE:
        yield "\nTo save what can be read: chinwag doctor --repair"
    if copy := newest_sound(path):
        yield f"\nTo go back to the copy {about(copy)}: chinwag doctor --restore"


def _asked(path: Path, damage: Damage) -> Remedy | None:
    """What a person wants."""
    if damage is Damage.INDEX:
        print("\nThe search index can be made anew from the messages; nothing gets lost by it.")
        return Remedy.INDEX if _answer("Repair it now? [y/N] ") in ("y", "yes") else None
    copy = newest_sound(path)
    if damage is Damage.LOST:
        if copy is None:
            return None
        print(f"\nThe newest sound copy is {about(copy)}. What is there now stays beside it.")
        return Remedy.RESTORE if _answer("Go back to it now? [y/N] ") in ("y", "yes") else None
    print("\nWhat can be read can be saved into a new library; the damaged file stays beside it.")
    if copy is None:
        print("There is no sound copy of it to go back to.")
        return Remedy.SAVE if _answer("Save what can be read? [y/N] ") in ("y", "yes") else None
    print(f"The newest sound copy is {about(copy)}. What came later is not in it.")
    answer = _answer("s: save what can be read, c: go back to the copy, Enter: neither. ")
    return {"s": Remedy.SAVE, "c": Remedy.RESTORE}.get(answer[:1])


def _answer(question: str) -> str:
    try:
        return input(question).strip().lower()
    except EOFError:
        return ""


def _done(remedy: Remedy, path: Path, copy: Path | None) -> Iterator[str]:
    if remedy is Remedy.INDEX:
        left = repair_index(path)
        yield "The search index was made anew."
        yield from left
        return
    if remedy is Remedy.RESTORE:
        if copy is None:
            newest = newest_sound(path)
            if newest is None:
                raise ChatError(ErrorKind.LIBRARY, f"There is no sound copy of {path} with chats.")
            copy = newest.path
        aside = restore(path, copy)
        yield f"The library is what it was in {copy.name}: {counted(chats_in(path), 'chat')}."
    else:
        saved, aside = save_readable(path)
        yield (
            f"{counted(saved.conversations, 'chat')} and {counted(saved.messages, 'message')} "
            "were saved."
        )
        if saved.placeholders:
            yield (
                f"Of {counted(saved.placeholders, 'message')} only the place in the chat is left, "
                "with a line that says so."
            )
        if saved.gone:
            yield f"{counted(saved.gone, 'message')} more are gone."
        if saved.rebuilt:
            yield f"Of {counted(saved.rebuilt, 'chat')} the title and the settings are lost."
        if not (saved.placeholders or saved.gone or saved.rebuilt):
            yield "Nothing was lost."
    if aside is not None:
        yield f"What was there is kept as {shown_line(str(aside))}; remove it when all is well."
