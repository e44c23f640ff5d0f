# ruff: noqa: T201 - a command prints
"""A large library to measure on, the same each time, in words as common as real ones.

python -m tests.bench.library FOLDER [MESSAGES]     makes it and measures searching
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from tui.core.conversation import Conversation
from tui.core.message import Message, Role, Status
from tui.core.query import parse_query
from tui.store.library import Library

SEED = 20260301
MESSAGES_PER_CHAT = 100
WORDS_PER_MESSAGE = 80  # some 500 characters
VOCABULARY = 50_000
_BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
_CODE = ("foo_bar(x)", "std::vector<int>", "C++", "a.b.c", "#123", "self.app.run()", "x += 1")
_CJK = (
    "潮汐是由月球引力引起的。",
    "なぜ潮は一日に二回あるのですか。",
    "조석은 달의 중력 때문에 생깁니다.",
)
_SYLLABLES = ("ta", "re", "mi", "so", "la", "chin", "ed", "or", "un", "the", "ing", "con", "per")
# As many as a person may try: common and rare words, beginnings, phrases, code, other scripts,
# exclusions, filters, and what is found nowhere.
QUERIES = (
    *("w0", "w1 w2", "w10", "w100", "w1000", "w9999", "w40000 w3", "w2 w20 w200", "w12 w34", "w7"),
    *("ta", "re", "th", "the", "chin", "chined", "conper", "une", "so la", "thein"),
    *('"w0 w1"', '"w3 w0 w2"', '"w100 w5"', '"w9 w9"', '"the"', '"w0 w0 w0"'),
    *("foo_bar(", "C++", "a.b.c", "#123", "std::vec", "self.app", "x +=", "+="),
    *("潮汐", "月球引力", "潮", "潮は一日", "조석은", "중력"),
    *("w0 -w1", "w50 -the", "-w0", "w5 role:user", "w5 model:gpt-4o-mini", "w8 status:stopped"),
    *("w3 before:2024-03-01", "has:code", "is:pinned w4", "nowhere", "w0 nowhere"),
)  # fmt: skip


def vocabulary(rng: random.Random) -> tuple[list[str], list[float]]:
    """Words by how common they are, and their weights (Zipf), summed up."""
    made = [
        f"w{rank}"
        if rank % 2 == 0 or rank < 100
        else "".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4)))
        for rank in range(VOCABULARY)
    ]
    return made, list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))


def texts(rng: random.Random) -> Iterator[str]:
    """Messages, without end: words, now and then code or another script."""
    made, weights = vocabulary(rng)
    while True:
        count = max(1, int(rng.expovariate(1 / WORDS_PER_MESSAGE)))
        text = " ".join(rng.choices(made, cum_weights=weights, k=count))
        chance = rng.random()
        if chance < 0.02:
            text += f"\n```\n{rng.choice(_CODE)}\n```\n"
        elif chance < 0.04:
            text = f"{rng.choice(_CJK)} {text}"
        yield text


def fill(library: Library, messages: int) -> None:
    """Add chats until there are so many messages."""
    rng = random.Random(SEED)
    said = texts(rng)
    for number in range(messages // MESSAGES_PER_CHAT):
        at = _BEGINNING + timedelta(hours=number)
        name = f"{rng.getrandbits(64):016x}"
        chat = Conversation(
            name, f"Chat {number}", at, at, "gpt-4o", "openai", pinned=number % 50 == 0
        )
        branch: list[Message] = []
        for place in range(MESSAGES_PER_CHAT):
            asked = place % 2 == 0
            branch.append(
                Message(
                    id=f"{rng.getrandbits(64):016x}",
                    conversation=name,
                    parent=branch[-1].id if branch else None,
                    role=Role.USER if asked else Role.ASSISTANT,
                    text=next(said),
                    created=at + timedelta(seconds=20 * place),
                    status=Status.STOPPED if place % 97 == 1 else Status.COMPLETE,
                    model="" if asked else rng.choice(("gpt-4o", "gpt-4o-mini", "llama3.2")),
                    endpoint="" if asked else "openai",
                )
            )
        library.begin_turn(branch, chat)


def measure(library: Library, limit: int = 50) -> list[tuple[float, float, str, int]]:
    """Milliseconds to the first hits of each query, and to `limit`; what it was; how many came."""
    taken = []
    for typed in QUERIES:
        started = time.perf_counter()
        query, hits, below = parse_query(typed), 0, None
        first = 0.0
        while hits < limit:
            page = library.search_page(query, limit - hits, below, None)
            hits, below = hits + len(page.hits), page.further
            if (hits or below is None) and not first:
                first = (time.perf_counter() - started) * 1000
            if below is None:
                break
        taken.append((first, (time.perf_counter() - started) * 1000, typed, hits))
    return taken


def main() -> None:
    """Make a library where there is none yet, and measure."""
    path = Path(sys.argv[1]) / "chinwag.db"
    fresh = not path.exists()
    library = Library(path)
    if fresh:
        started = time.perf_counter()
        fill(library, int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
        print(f"made in {time.perf_counter() - started:.0f} s")
    size = library.size()
    print(f"{size.messages:,} messages, {size.size / 1e6:.0f} MB")
    taken = sorted(measure(library))
    for first, whole, typed, hits in taken[-10:]:
        print(f"{first:8.1f} ms to the first, {whole:8.1f} ms to all {hits:3} of  {typed}")
    for what, times in (
        ("first hits", [first for first, *_ in taken]),
        ("50 hits", sorted(whole for _, whole, *_ in taken)),
    ):
        print(
            f"{len(times)} queries, {what}: "
            f"median {statistics.median(times):.1f} ms, worst {times[-1]:.1f} ms"
        )
    library.close()


if __name__ == "__main__":
    main()
