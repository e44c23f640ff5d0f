"""Finding an endpoint's key at the moment of a request, and keeping it out of sight after.

A key is read anew each time and stored nowhere. It lives in a `Key`, whose repr does not show it
(a crash report prints local variables) and which takes itself out of any text that is shown.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tui.core.errors import ChatError, ErrorKind
from tui.core.safe import shown_line
from tui.core.settings import Endpoint

COMMAND_SECONDS = 30.0  # long enough to unlock a password store, short enough to notice
_SHORTEST = 4  # taking a shorter "key" out of a text would only tear words


@dataclass(frozen=True, slots=True)
class Key:
    """An API key; empty where the endpoint needs none."""

    value: str = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.value)

    def scrub(self, text: str) -> str:
        """`text` without the key, should a server have repeated it."""
        return text.replace(self.value, "…") if len(self.value) >= _SHORTEST else text


NO_KEY = Key("")


class Keys:
    """Resolves keys from an environment and from commands."""

    def __init__(
        self, environ: Mapping[str, str], command_seconds: float = COMMAND_SECONDS
    ) -> None:
        self._environ = environ
        self._command_seconds = command_seconds

    async def key_for(self, endpoint: Endpoint) -> Key:
        """The key of `endpoint`: what its command prints, else its variable, else none.

        Raises:
            ChatError: it could not be had (kind NO_KEY).
        """
        if endpoint.api_key_command:
            value = await self._printed_by(endpoint)
            source = "What its api_key_command printed"
        elif endpoint.api_key_env:
            value = self._environ.get(endpoint.api_key_env, "").strip()
            source = f"The value of {endpoint.api_key_env}"
            if not value:
                raise ChatError(
                    ErrorKind.NO_KEY,
                    f"No key for {endpoint.name}: {endpoint.key_variable} is not set. "
                    f"Export it and start again, pick another model, "
                    f"or use a local one: chinwag --local.",
                )
        else:
            return NO_KEY
        # An HTTP header carries no more than this; the rest would fail far from its cause.
        if not (value.isascii() and value.isprintable()):
            raise _no_key(endpoint, f"{source} has characters that no key has. Check it.")
        return Key(value)

    async def _printed_by(self, endpoint: Endpoint) -> str:
        try:
            command = shlex.split(endpoint.api_key_command)
        except ValueError as error:
            raise _no_key(
                endpoint, f"Its api_key_command can't be read ({error}). Check the config."
            ) from None
        if not command:
            raise _no_key(endpoint, "Its api_key_command is blank. Check the config.")
        program = program_of(endpoint.api_key_command, self._environ)
        try:
            # No terminal of its own: a prompt written over the screen could not be answered.
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=DEVNULL,
                env=dict(self._environ),
                start_new_session=True,
            )
        except OSError as error:
            reason = error.strerror or "it can't be started"
            raise _no_key(endpoint, f"Could not run {program}: {reason}.") from None
        try:
            async with asyncio.timeout(self._command_seconds):
                output, _ = await process.communicate()
        except TimeoutError:
            raise _no_key(
                endpoint,
                f"{program} printed none within {self._command_seconds:g} s. "
                f"Run it in a shell to see what it waits for.",
            ) from None
        finally:
            await _end(process)
        # As `pass` has it: the first line is the secret, the rest is about it.
        key = output.decode("utf-8", "replace").strip().partition("\n")[0].strip()
        if process.returncode:
            raise _no_key(
                endpoint,
                f"{program} failed with exit status {process.returncode}. "
                f"Run it in a shell to see why.",
            )
        if not key:
            raise _no_key(endpoint, f"{program} printed nothing. Run it in a shell to see why.")
        return key


def program_of(command: str, environ: Mapping[str, str]) -> str:
    """The program that an `api_key_command` runs, as it may be shown.

    What follows it may be anything, a secret too. A single word that is no program may be the key
    itself, put into the wrong setting.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if len(words) > 1 or (words and (Path(words[0]).is_absolute() or _is_there(words[0], environ))):
        return shown_line(words[0])
    return "its api_key_command"


def _is_there(program: str, environ: Mapping[str, str]) -> bool:
    return shutil.which(program, path=environ.get("PATH")) is not None


def _no_key(endpoint: Endpoint, text: str) -> ChatError:
    return ChatError(ErrorKind.NO_KEY, f"No key for {endpoint.name}. {text}")


async def _end(process: Process) -> None:
    """Make sure the command and all that it started are gone."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        await process.wait()
