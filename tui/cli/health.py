"""What `chinwag doctor` looks at: endpoints, library, terminal, parts.

No file is made that is not there yet; a library that an older chinwag left is brought up to date,
as by whatever opens it. Names of fields are names in the JSON. No field ever holds a key.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from tui import __version__
from tui.core.addresses import is_address, without_secrets
from tui.core.errors import ChatError, ErrorInfo, ErrorKind
from tui.core.json_values import time_value
from tui.core.settings import Endpoint
from tui.core.sizes import counted
from tui.provider.base import Provider
from tui.provider.keys import program_of
from tui.store.backups import BackupFile, backup_files
from tui.store.database import Database
from tui.store.failures import as_problem, is_damage, is_no_database
from tui.store.repair import chats_in, newest_sound
from tui.store.schema import version_of

ANSWER_SECONDS = 5.0  # a server that takes longer to list its models is as good as silent
SMALLEST_SCREEN = (60, 16)


class KeyState(StrEnum):
    """What is known of an endpoint's key without looking at it."""

    SET = "set"
    NOT_SET = "not_set"
    COMMAND = "command"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class EndpointHealth:
    """An endpoint.

    Attributes:
        key: whether there is one.
        key_source: the variable or the command's name that has it, as far as it may be shown;
            empty where none is needed.
        answers: its `/v1/models` was answered, be it by a refusal.
        ms: how long that took, in milliseconds; null where it did not answer.
        models: how many it lists; null where it lists none of its own.
        error: why it can't be used; null when it can.
    """

    name: str
    base_url: str
    key: KeyState
    key_source: str
    answers: bool
    ms: int | None = None
    models: int | None = None
    error: ErrorInfo | None = None


class Damage(StrEnum):
    """What is wrong with the library, by what repairs it."""

    NONE = "none"
    INDEX = "index"
    FILE = "file"
    LOST = "lost"  # nothing of it can be had, but perhaps from a copy


@dataclass(frozen=True, slots=True)
class CopyHealth:
    """A copy of the database; `made` is ISO 8601 in UTC, `size` in bytes."""

    path: str
    made: str
    size: int


@dataclass(frozen=True, slots=True)
class LibraryHealth:
    """The database; counts and `schema_version` are null where they can't be read.

    Attributes:
        size: bytes on disk; 0 where there is none yet.
        problems: what is wrong with it, in sentences.
        damage: what can be done about it, by `chinwag doctor`.
        copies: newest first.
    """

    path: str
    present: bool
    size: int = 0
    schema_version: int | None = None
    conversations: int | None = None
    deleted: int | None = None
    messages: int | None = None
    problems: tuple[str, ...] = ()
    damage: Damage = Damage.NONE
    copies: tuple[CopyHealth, ...] = ()


@dataclass(frozen=True, slots=True)
class TerminalHealth:
    """What is known of the terminal.

    Attributes:
        is_terminal: whether standard error, where the app draws, is one; else nothing is judged.
        unicode: whether its encoding carries every character.
        colors: `truecolor`, `256`, `16` or `none`, as TERM and COLORTERM say.
        clipboard: always `unknown`: no terminal tells whether it takes OSC 52.
        inside: what the session runs in: of `tmux`, `screen` and `ssh`.
    """

    is_terminal: bool
    term: str
    colorterm: str
    columns: int
    rows: int
    encoding: str
    unicode: bool
    colors: str
    clipboard: str
    inside: tuple[str, ...]


def versions() -> dict[str, str | None]:
    """Versions of chinwag and what it is built on; null where a part is not installed."""
    found: dict[str, str | None] = {"chinwag": __version__, "python": platform.python_version()}
    for part in ("textual", "openai", "genai-prices", "xllamacpp"):
        try:
            found[part.replace("-", "_")] = metadata.version(part)
        except metadata.PackageNotFoundError:
            found[part.replace("-", "_")] = None
    return found


async def endpoints_health(
    endpoints: Sequence[Endpoint], provider: Provider, environ: Mapping[str, str]
) -> list[EndpointHealth]:
    """All endpoints, asked at the same time."""
    asked = (_endpoint_health(endpoint, provider, environ) for endpoint in endpoints)
    return list(await asyncio.gather(*asked))


async def _endpoint_health(
    endpoint: Endpoint, provider: Provider, environ: Mapping[str, str]
) -> EndpointHealth:
    health = EndpointHealth(
        endpoint.name,
        without_secrets(endpoint.base_url) or "no address",
        *_key(endpoint, environ),
        answers=False,
    )
    started = time.perf_counter()
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            # Models that the config names would be taken from there, and nobody asked.
            models = await provider.models(replace(endpoint, models=()))
    except TimeoutError:
        text = f"{endpoint.name} did not answer within {ANSWER_SECONDS:g} s. Is it running?"
        return replace(health, error=ErrorInfo(ErrorKind.TIMEOUT, text))
    except ChatError as failure:
        took = round((time.perf_counter() - started) * 1000)
        asked = is_address(endpoint.base_url)
        if failure.kind is ErrorKind.CONFIG and endpoint.models and asked:
            return replace(health, answers=True, ms=took)  # it has no list; the config has one
        answered = failure.kind in _ANSWERS and asked
        return replace(health, answers=answered, ms=took if answered else None, error=failure.info)
    took = round((time.perf_counter() - started) * 1000)
    return replace(health, answers=True, ms=took, models=len(models))


# A server was there to say this.
_ANSWERS = frozenset(
    {
        ErrorKind.WRONG_KEY,
        ErrorKind.FORBIDDEN,
        ErrorKind.BAD_REQUEST,
        ErrorKind.RATE_LIMIT,
        ErrorKind.QUOTA,
        ErrorKind.SERVER,
        ErrorKind.BAD_RESPONSE,
        ErrorKind.CONFIG,
    }
)


def _key(endpoint: Endpoint, environ: Mapping[str, str]) -> tuple[KeyState, str]:
    if endpoint.api_key_command:
        return KeyState.COMMAND, program_of(endpoint.api_key_command, environ)
    if endpoint.api_key_env:
        if environ.get(endpoint.api_key_env, "").strip():
            return KeyState.SET, endpoint.api_key_env
        return KeyState.NOT_SET, endpoint.key_variable
    return KeyState.NOT_NEEDED, ""


def library_health(path: Path) -> LibraryHealth:
    """The database at `path`, read from the first byte to the last, and its copies by name."""
    copies = tuple(
        CopyHealth(str(copy.path), time_value(copy.made), copy.size) for copy in backup_files(path)
    )
    if not path.exists():
        return _or_lost(path, LibraryHealth(str(path), present=False, copies=copies))
    health = LibraryHealth(str(path), present=True, size=path.stat().st_size, copies=copies)
    try:
        database = Database(path)
    except ChatError as failure:
        return _failed(health, failure)
    try:
        with database.reading() as connection:
            health = replace(health, schema_version=version_of(connection))
        size = database.size()
        health = replace(
            health,
            size=size.size,
            conversations=size.conversations,
            deleted=size.deleted,
            messages=size.messages,
        )
        if problems := database.check_file():
            return replace(health, problems=tuple(problems), damage=Damage.FILE)
        if problems := database.check_index():
            return replace(health, problems=tuple(problems), damage=Damage.INDEX)
    except ChatError as failure:
        return _failed(health, failure)
    finally:
        database.close()
    return _or_lost(path, health)


def _or_lost(path: Path, health: LibraryHealth) -> LibraryHealth:
    """A library without chats is well only where no copy of it has any."""
    if health.conversations or health.deleted or (copy := newest_sound(path)) is None:
        return health
    problem = f"No chats are there, but a copy has them: the one {about(copy)}."
    return replace(health, problems=(problem,), damage=Damage.LOST)


def about(copy: BackupFile) -> str:
    """When a sound copy was made, and how much it holds: `of 2026-11-22 09:30, with 9 chats`."""
    made = copy.made.astimezone()
    return f"of {made:%Y-%m-%d %H:%M}, with {counted(chats_in(copy.path), 'chat')}"


def _failed(health: LibraryHealth, failure: ChatError) -> LibraryHealth:
    damage = Damage.FILE if is_damage(failure) else Damage.NONE
    if is_no_database(failure):
        damage = Damage.LOST
    return replace(health, problems=(as_problem(failure),), damage=damage)


def terminal_health(environ: Mapping[str, str]) -> TerminalHealth:
    """The terminal behind standard error."""
    is_terminal = sys.stderr is not None and sys.stderr.isatty()
    size = os.get_terminal_size(sys.stderr.fileno()) if is_terminal else os.terminal_size((0, 0))
    encoding = (sys.stdout.encoding or "") if sys.stdout is not None else ""
    term, colorterm = environ.get("TERM", ""), environ.get("COLORTERM", "")
    around = {"tmux": "TMUX", "screen": "STY", "ssh": "SSH_CONNECTION"}
    return TerminalHealth(
        is_terminal=is_terminal,
        term=term,
        colorterm=colorterm,
        columns=size.columns,
        rows=size.lines,
        encoding=encoding,
        unicode=encoding.lower().startswith("utf"),
        colors=_colors(term, colorterm),
        clipboard="unknown",
        inside=tuple(name for name, variable in around.items() if environ.get(variable)),
    )


def _colors(term: str, colorterm: str) -> str:
    if colorterm.lower() in ("truecolor", "24bit") or "direct" in term:
        return "truecolor"
    if "256color" in term:
        return "256"
    return "none" if term in ("", "dumb") else "16"
