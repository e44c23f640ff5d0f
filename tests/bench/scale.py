"""The rows that are measured on the large library, beside an empty one."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from tests.bench.measuring import Bench, Row, first_echo


def start_large(bench: Bench) -> Iterator[Row]:
    """Row 11."""
    times: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(bench.runs + 1):
        for large, took in times.items():
            with bench.app(large=large) as program:
                took.append(first_echo(program))
    empty, full = (statistics.median(took[1:]) for took in times.values())
    yield Row(
        "Start to echoed typing with 10,000 chats",
        f"{full:.2f} s = {full / empty:.2f}x",
        f"with none {empty:.2f} s",
        "1.1x",
        full <= 1.1 * empty,
    )


def search(bench: Bench) -> Iterator[Row]:
    """Row 12."""
    took = bench.whole_app("search")
    yield Row(
        "First results of 50 searches in 1,000,000 messages, painted, median",
        f"{took['median']:.0f} ms",
        f"worst {took['worst']:.0f} ms",
        "50 ms, 150 ms",
        took["median"] <= 50 and took["worst"] <= 150,
    )


def open_saved(bench: Bench) -> Iterator[Row]:
    """Row 13."""
    took = bench.whole_app("opening", bench.large.short, bench.large.longest)
    yield Row(
        "Opening a saved chat of 10,000 messages",
        f"{took['large']:.0f} ms = {took['large'] / took['small']:.2f}x",
        f"of 10 messages {took['small']:.0f} ms; whole, for keys, after {took['large_all']:.0f} ms "
        f"({took['small_all']:.0f} ms)",
        "1.5x",
        took["large"] <= 1.5 * took["small"],
    )


def narrow(bench: Bench) -> Iterator[Row]:
    """Row 14."""
    took = bench.whole_app("narrowing")
    yield Row(
        "A key that narrows the list of 10,000 chats, painted, median",
        f"{took['median']:.0f} ms",
        f"95 of 100 within {took['most']:.0f} ms",
        "30 ms",
        took["most"] < 30,
    )


def memory_large(bench: Bench) -> Iterator[Row]:
    """Row 15."""
    full = bench.whole_app("memory", bench.large.longest)["resident"]
    empty = bench.whole_app("memory", large=False)["resident"]
    yield Row(
        "Memory with 1,000,000 messages, after searching and reading the longest chat to its start",
        f"{full:.0f} MB = +{full - empty:.0f} MB",
        f"with none {empty:.0f} MB",
        "+40 MB",
        full - empty <= 40,
    )
