"""`chinwag chats`: the chats, newest first."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from rich.cells import cell_len

from tui.cli.options import MOST_LISTED, whole_number
from tui.cli.output import add_json_option, complain, is_terminal, print_json
from tui.cli.reading import library_to_read, newest_first, short_id
from tui.cli.surroundings import surroundings
from tui.core.conversation import Conversation
from tui.core.json_values import conversation_value
from tui.core.safe import shown_line
from tui.ui.format import age, cut

MODEL_CELLS = 24
_GAP = "  "


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.epilog = "Columns: id (its start, as far as it is needed), age, model, messages, title."
    limit = whole_number(MOST_LISTED)
    parser.add_argument("-n", "--limit", type=limit, metavar="N", help="the newest N only")
    parser.add_argument("--archived", action="store_true", help="those in the archive instead")
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the list."""
    with library_to_read(surroundings().paths) as library:
        chats = newest_first(library, arguments.limit, archived=arguments.archived)
        if arguments.json:
            print_json([conversation_value(chat) for chat in chats])
            return 0
        rows = [(short_id(library, chat.id), chat) for chat in chats]
    width = shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None
    for line in table(rows, datetime.now(UTC), width):
        print(line)
    if not rows and is_terminal(sys.stderr):
        complain("there are no chats here yet")
    return 0


def table(rows: Iterable[tuple[str, Conversation]], now: datetime, width: int | None) -> list[str]:
    """Lines of columns; titles are cut where `width` cells do not hold them (None: never)."""
    columns = [
        (
            short,
            age(chat.updated, now),
            cut(shown_line(chat.model), MODEL_CELLS),
            str(chat.message_count),
            shown_line(chat.title),
        )
        for short, chat in rows
    ]
    widths = [max((cell_len(row[place]) for row in columns), default=0) for place in range(4)]
    lines = []
    for short, when, model, count, title in columns:
        cells = (
            _left(short, widths[0]),
            when.rjust(widths[1]),
            _left(model, widths[2]),
            count.rjust(widths[3]),
        )
        line = _GAP.join((*cells, title))
        lines.append(line if width is None else cut(line, width))
    return lines


def _left(text: str, cells: int) -> str:
    """`text` filled up with spaces; wide characters count twice."""
    return text + " " * (cells - cell_len(text))
