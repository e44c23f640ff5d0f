"""`chinwag local`: the model on this machine, fetched, looked at or removed."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tui.cli.output import StatusLine, add_json_option, complain, fit, print_json
from tui.cli.surroundings import checked_surroundings
from tui.core.json_values import JsonObject
from tui.core.sizes import written_size
from tui.provider.local.package import LocalStatus, ModelStore

BAR_CELLS = 24
_NO_RUNTIME = 'llama.cpp is not installed: python -m pip install "chinwag[local]"'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its words."""
    words = parser.add_subparsers(dest="word", metavar="WORD", required=True)
    words.add_parser("install", help="fetch the model, or what is missing of it")
    status = words.add_parser("status", help="say what is there; exit status 1: not all of it")
    add_json_option(status)
    words.add_parser("remove", help="delete the fetched model; a file of your own stays")


def run(arguments: argparse.Namespace) -> int:
    """Do what the word says.

    Raises:
        ChatError: the model can't be had, or is being fetched elsewhere (kind LOCAL).
    """
    place = checked_surroundings()
    store = ModelStore(place.paths.models, place.settings.local, place.environ)
    if arguments.word == "install":
        return _install(store)
    if arguments.word == "remove":
        return _remove(store)
    status = store.status()
    if arguments.json:
        print_json(status_value(status))
    else:
        for line in status_lines(status):
            print(fit(line, sys.stdout))
    return 0 if status.present and status.runtime else 1


def status_value(status: LocalStatus) -> JsonObject:
    """As JSON: sizes in bytes, `runtime` null where llama.cpp is not installed."""
    return {
        "name": status.name,
        "path": str(status.path),
        "present": status.present,
        "size": status.size,
        "partial": status.partial,
        "custom": status.custom,
        "runtime": status.runtime,
    }


def status_lines(status: LocalStatus) -> list[str]:
    """For a person."""
    if status.present:
        model = f"here, {written_size(status.size)}"
    elif status.custom:
        model = "its file is not there"
    elif status.partial:
        model = f"{written_size(status.partial)} of it are here: `chinwag local install` goes on"
    else:
        model = "not here: `chinwag local install` fetches it"
    runtime = f"xllamacpp {status.runtime}" if status.runtime else _NO_RUNTIME
    return [
        f"model      {status.name}: {model}",
        f"file       {status.path}",
        f"runtime    {runtime}",
    ]


def _install(store: ModelStore) -> int:
    line = StatusLine(sys.stderr)
    try:
        path = asyncio.run(store.install(lambda text, share: line.show(progress(text, share))))
    finally:
        line.clear()
    print(fit(str(path), sys.stdout))
    if store.status().runtime is None:
        complain(_NO_RUNTIME)
    return 0


def _remove(store: ModelStore) -> int:
    freed = store.remove()
    print(f"removed, {written_size(freed)} freed" if freed else "there was nothing to remove")
    return 0


def progress(text: str, share: float | None) -> str:
    """`[######......] 50%  Downloading ...`."""
    if share is None:
        return text
    done = round(share * BAR_CELLS)
    return f"[{'#' * done}{'.' * (BAR_CELLS - done)}] {share:4.0%}  {text}"
