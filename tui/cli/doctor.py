"""`chinwag doctor`: what works here, what does not, and what to do about it."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import NoReturn

from tui.cli import repairing
from tui.cli.asked import default_model
from tui.cli.compose import Parts, compose
from tui.cli.health import (
    SMALLEST_SCREEN,
    EndpointHealth,
    KeyState,
    LibraryHealth,
    TerminalHealth,
    endpoints_health,
    library_health,
    terminal_health,
    versions,
)
from tui.cli.local import status_value
from tui.cli.output import add_json_option, leave, print_json
from tui.cli.surroundings import Surroundings, surroundings
from tui.core.errors import ErrorKind
from tui.core.json_values import JsonObject
from tui.core.models import ModelRef
from tui.core.safe import shown_line
from tui.core.settings import LOCAL
from tui.core.sizes import written_size
from tui.provider.local.package import LocalStatus
from tui.ui.format import age

OK, NOTE, WRONG = "ok", "-", "!!"
PROBLEMS_TOLD = 3  # of the library; a damaged one has hundreds


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the report.

    Attributes:
        mark: `OK`, `NOTE`, or `WRONG` for what needs attention.
        topic: what it is about, in a word.
        text: what was found.
    """

    mark: str
    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that was looked at; new chats start with the model `first`."""

    place: Surroundings
    first: ModelRef
    versions: dict[str, str | None]
    endpoints: list[EndpointHealth]
    library: LibraryHealth
    local: LocalStatus
    log_size: int | None
    terminal: TerminalHealth

    def findings(self) -> Iterator[Finding]:
        """The report, a line each."""
        known = [f"{name} {version}" for name, version in self.versions.items() if version]
        yield Finding(OK, "versions", ", ".join(known))
        yield from self._config()
        for endpoint in self.endpoints:
            yield self._endpoint(endpoint)
        yield self._local()
        yield from _library(self.library)
        if self.library.present or self.library.copies:
            yield _copies(self.library)
        yield self._log()
        yield from _terminal(self.terminal)

    def value(self) -> JsonObject:
        """As JSON; `problems` is empty when all is well."""
        return {
            "problems": [finding.text for finding in self.findings() if finding.mark == WRONG],
            "versions": self.versions,
            "config": {
                "path": str(self.place.paths.config),
                "present": self.place.has_config,
                "problems": [asdict(problem) for problem in self.place.found],
            },
            "endpoints": [asdict(endpoint) for endpoint in self.endpoints],
            "library": asdict(self.library),
            "local": status_value(self.local),
            "log": {"path": str(self.place.paths.log), "size": self.log_size},
            "terminal": asdict(self.terminal),
        }

    def _config(self) -> Iterator[Finding]:
        path = self.place.paths.config
        if not self.place.has_config:
            yield Finding(NOTE, "config", f"{path}: none, the defaults hold (chinwag config init)")
        elif not self.place.problems:
            yield Finding(OK, "config", str(path))
        for problem in self.place.problems:
            yield Finding(WRONG, "config", problem)

    def _endpoint(self, health: EndpointHealth) -> Finding:
        key = {
            KeyState.SET: f"key in {health.key_source}",
            KeyState.NOT_SET: f"no key: {health.key_source} is not set",
            KeyState.COMMAND: f"key from {health.key_source}",
            KeyState.NOT_NEEDED: "no key needed",
        }[health.key]
        about = f"{health.name} at {health.base_url}, {key}"
        if health.error is None:
            count = "no list of models" if health.models is None else f"{health.models} models"
            return Finding(OK, "endpoint", f"{about}: {count} in {health.ms} ms")
        if health.error.kind is ErrorKind.NO_KEY:  # its text says the rest
            if health.key is KeyState.COMMAND or self.first.endpoint == health.name:
                return Finding(WRONG, "endpoint", health.error.text)
            return Finding(NOTE, "endpoint", about)
        return Finding(WRONG, "endpoint", f"{about}: {health.error.text}")

    def _local(self) -> Finding:
        status = self.local
        if status.present and status.runtime:
            size = written_size(status.size)
            return Finding(OK, LOCAL, f"{status.name}, {size}, xllamacpp {status.runtime}")
        missing = [] if status.present else [f"{status.path} is not there"]
        missing += [] if status.runtime else ["llama.cpp is not installed"]
        mark = WRONG if status.custom else NOTE
        return Finding(mark, LOCAL, f"{status.name}: {', '.join(missing)} (chinwag local status)")

    def _log(self) -> Finding:
        path = self.place.paths.log
        if self.log_size is None:
            return Finding(OK, "log", f"{path}: none, nothing went wrong so far")
        return Finding(NOTE, "log", f"{path}: {written_size(self.log_size)}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.epilog = (
        f"Marks: {OK} is well, {NOTE} is good to know, {WRONG} needs attention (exit status 1)."
    )
    add_json_option(parser)
    repairing.add_arguments(parser)


def run(arguments: argparse.Namespace) -> NoReturn:
    """Look at everything and report; ends with 1 when something needs attention."""
    from tui.cli.keys import with_usable_keys  # it imports the screen's table of actions

    place = with_usable_keys(surroundings())
    report = asyncio.run(_examine(place))
    findings = list(report.findings())
    wrong = _wrong(findings)
    if not arguments.json:
        for finding in findings:
            print(f"{finding.mark:2}  {finding.topic:9} {shown_line(finding.text)}")
        thing = "thing needs" if wrong == 1 else "things need"
        print(f"\n{wrong} {thing} attention." if wrong else "\nAll is well.", flush=True)
    done = repairing.remedied(arguments, report.library)
    if done:
        report = replace(report, library=library_health(place.paths.database))
        wrong = _wrong(list(report.findings()))
    if arguments.json:
        print_json({**report.value(), "repaired": done})
    else:
        for line in ["", *done] if done else []:
            print(shown_line(line))
    leave(1 if wrong else 0)


def _wrong(findings: list[Finding]) -> int:
    return sum(finding.mark == WRONG for finding in findings)


async def _examine(place: Surroundings) -> Report:
    parts = compose(place)
    try:
        # Not counted as an endpoint's time.
        await parts.wire.loaded()
        return await _report(place, parts)
    finally:
        await parts.close()


async def _report(place: Surroundings, parts: Parts) -> Report:
    endpoints, library = await asyncio.gather(
        endpoints_health(place.settings.endpoints, parts.provider, place.environ),
        asyncio.to_thread(library_health, place.paths.database),
    )
    log = place.paths.log
    return Report(
        place=place,
        first=default_model(parts, place.paths),
        versions=versions(),
        endpoints=endpoints,
        library=library,
        local=parts.store.status(),
        log_size=log.stat().st_size if log.exists() else None,
        terminal=terminal_health(place.environ),
    )


def _library(health: LibraryHealth) -> Iterator[Finding]:
    if not health.problems and not health.present:
        yield Finding(NOTE, "library", f"{health.path}: none yet, the first chat makes it")
    elif not health.problems:
        size = written_size(health.size)
        trash = f" ({health.deleted} more in the trash)" if health.deleted else ""
        yield Finding(
            OK,
            "library",
            f"{health.path}: {health.conversations} chats{trash}, {health.messages} messages, "
            f"{size}, schema version {health.schema_version}",
        )
    for problem in health.problems[:PROBLEMS_TOLD]:
        yield Finding(WRONG, "library", f"{health.path}: {problem}")
    if (more := len(health.problems) - PROBLEMS_TOLD) > 0:
        yield Finding(NOTE, "library", f"and {more} more of that sort (--json has all)")


def _copies(health: LibraryHealth) -> Finding:
    if not health.copies:
        return Finding(NOTE, "copies", "none yet: one is made each week, and before each update")
    now = datetime.now(UTC)
    made = [datetime.fromisoformat(copy.made) for copy in health.copies]
    ages = ", ".join(age(one, now) for one in made)
    newest = health.copies[0]
    return Finding(OK, "copies", f"{len(made)}, made {ages}; the newest is {newest.path}")


def _terminal(health: TerminalHealth) -> Iterator[Finding]:
    if not health.is_terminal:
        yield Finding(NOTE, "terminal", "standard error is none, so nothing is known of it")
        return
    about = [
        f"TERM={health.term or '(not set)'}",
        f"{health.columns}x{health.rows}",
        f"{health.colors} colors" if health.colors.isdigit() else health.colors,
        health.encoding,
        *(f"inside {name}" for name in health.inside),
        f"copying by OSC 52: {health.clipboard}",
    ]
    yield Finding(OK, "terminal", ", ".join(about))
    if not health.unicode:
        yield Finding(
            WRONG, "terminal", f"{health.encoding} can't show every letter: set LANG to a UTF-8 one"
        )
    columns, rows = SMALLEST_SCREEN
    if health.columns < columns or health.rows < rows:
        yield Finding(WRONG, "terminal", f"the app needs {columns}x{rows}: make the window larger")
    if health.colors == "none":
        yield Finding(WRONG, "terminal", "TERM names no terminal the app can draw on")
