"""`chinwag search`: what was said, in any chat and on every branch."""

from __future__ import annotations

import argparse
import shutil
import sys
from datetime import UTC, datetime
from itertools import groupby

from tui.cli.options import MOST_LISTED, whole_number
from tui.cli.output import add_json_option, complain, is_terminal, print_json
from tui.cli.reading import library_to_read, short_id
from tui.cli.surroundings import surroundings
from tui.core.hit import Hit
from tui.core.json_values import hit_value
from tui.core.message import Role
from tui.core.query import Field, parse_query
from tui.core.safe import shown, shown_line
from tui.ui.format import age, cut

MOST = 50
_WHO = {Role.USER: "you", Role.ASSISTANT: "reply"}
_BOLD, _PLAIN = "\x1b[1m", "\x1b[22m"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    # Also what is printed where argparse takes such a query for an option.
    parser.usage = (
        "%(prog)s [-h] [-n N] [--json] [--] QUERY [QUERY ...]\n"
        "       Put -- before a query that begins with a minus: %(prog)s -- -tides"
    )
    parser.epilog = (
        'Words find words that begin with them; "these words" stand side by side; -word leaves '
        "out.\nMessages of all branches and titles of chats are looked through; reasoning is not.\n"
        "Code is found as it stands: foo_bar(  C++  #123\n"
        f"Filters: {' '.join(f'{field}:' for field in Field if field is not Field.IN)}\n"
        "  as in role:user tag:work before:2026-01-01 is:pinned has:code status:stopped"
    )
    parser.add_argument("query", nargs="+", metavar="QUERY", help="what to find")
    parser.add_argument(
        "-n", "--limit", type=whole_number(MOST_LISTED), default=MOST, metavar="N",
        help=f"the first N ({MOST})",
    )  # fmt: skip
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what is found by chat, the best and newest first."""
    query = parse_query(" ".join(arguments.query))
    with library_to_read(surroundings().paths) as library:
        hits = library.search(query, limit=arguments.limit)
        if arguments.json:
            print_json([hit_value(hit) for hit in hits])
            return 0
        ids = {hit.conversation: short_id(library, hit.conversation) for hit in hits}
    is_seen = is_terminal(sys.stdout)
    width = shutil.get_terminal_size().columns if is_seen else None
    for line in readable(hits, ids, datetime.now(UTC), width, marked=is_seen):
        print(line)
    if not hits:
        complain("Nothing was found.")
    return 0


def readable(
    hits: list[Hit], ids: dict[str, str], now: datetime, width: int | None, *, marked: bool
) -> list[str]:
    """Each chat's title, and under it a line for each of its messages.

    Args:
        hits: by chat, the best and newest first.
        ids: a chat's id to the start of it that is shown.
        now: an aware time.
        width: cells of a line; None: as long as it takes.
        marked: whether what was found is bold.
    """
    lines = []
    for chat, found in groupby(hits, key=lambda hit: hit.conversation):
        group = list(found)
        lines.append(_fit(f"{ids[chat]}  {shown_line(group[0].title)}", width))
        for hit in group:
            head = f"  {age(hit.created, now):>6}  {_WHO.get(hit.role, hit.role.value):5}  "
            room = None if width is None else width - len(head)
            lines.append(head + _marked(hit, room, marked=marked))
    return lines


def _fit(text: str, width: int | None) -> str:
    return text if width is None else cut(text, width)


def _marked(hit: Hit, width: int | None, *, marked: bool) -> str:
    """The snippet; what is shown of it is as long as what is stored, so the ranges hold."""
    text = _fit(shown(hit.snippet), width)
    if not marked:
        return text
    parts, at = [], 0
    for start, end in hit.ranges:
        if start >= len(text):
            break
        parts += [text[at:start], _BOLD, text[start:end], _PLAIN]
        at = end
    return "".join([*parts, text[at:]])
