"""Keys: read when needed, from where the config says, and never seen again."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.waiting import until
from tui.core.errors import ChatError, ErrorKind
from tui.core.settings import Endpoint
from tui.provider.keys import Key, Keys

URL = "http://127.0.0.1:1/v1"
PYTHON = f"'{sys.executable}'"


def by_command(command: str) -> Endpoint:
    return Endpoint("pass", URL, api_key_env="UNUSED", api_key_command=command)


async def failure_of(endpoint: Endpoint, seconds: float = 30) -> str:
    with pytest.raises(ChatError) as raised:
        await Keys(os.environ, seconds).key_for(endpoint)
    assert raised.value.kind is ErrorKind.NO_KEY
    return raised.value.text


async def test_an_endpoint_that_names_no_key_has_an_empty_one() -> None:
    assert not await Keys({}).key_for(Endpoint("free", URL))


async def test_the_variable_is_read_at_each_request() -> None:
    environ = {"KEY": " first\n"}
    keys = Keys(environ)
    endpoint = Endpoint("one", URL, "KEY")
    assert (await keys.key_for(endpoint)).value == "first"
    environ["KEY"] = "second"
    assert (await keys.key_for(endpoint)).value == "second"


async def test_a_missing_variable_is_named_with_what_to_do() -> None:
    with pytest.raises(ChatError) as raised:
        await Keys({}).key_for(Endpoint("openai", URL, "OPENAI_API_KEY"))
    assert raised.value.kind is ErrorKind.NO_KEY
    for part in ("OPENAI_API_KEY", "Export", "another model", "chinwag --local"):
        assert part in raised.value.text


@pytest.mark.parametrize("key", ["gsk_0123456789abcdef", "a1b2c3d4e5f6"])
async def test_a_key_in_the_place_of_a_variables_name_is_not_repeated(key: str) -> None:
    with pytest.raises(ChatError) as raised:
        await Keys({}).key_for(Endpoint("one", URL, key))
    assert "what its api_key_env names is not set" in raised.value.text
    assert key not in raised.value.text


async def test_a_key_in_the_place_of_a_command_is_not_repeated() -> None:
    said = await failure_of(by_command("sk-or-v1-0123"))
    assert "Could not run its api_key_command: No such file" in said
    assert "sk-or-v1-0123" not in said


async def test_a_command_wins_and_its_first_line_is_the_key() -> None:
    endpoint = by_command(f'{PYTHON} -c \'print("sk 1"); print("user: me")\'')
    assert (await Keys(os.environ | {"UNUSED": "x"}).key_for(endpoint)).value == "sk 1"


async def test_a_command_runs_without_a_shell(tmp_path: Path) -> None:
    endpoint = by_command(f"{PYTHON} -c 'import sys; print(sys.argv[1])' '$HOME;`id`'")
    assert (await Keys(os.environ).key_for(endpoint)).value == "$HOME;`id`"


async def test_a_command_that_fails_is_told_without_its_words() -> None:
    told = await failure_of(by_command(f"{PYTHON} -c 'import sys; sys.exit(\"sk-secret\")'"))
    assert "exit status 1" in told
    assert "sk-secret" not in told


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/no/such/program", "Could not run /no/such/program"),
        (f"{PYTHON} -c ''", "printed nothing"),
        (f"{PYTHON} -c 'print(chr(233))'", "characters that no key has"),
        ("'unclosed", "can't be read"),
        ("  ", "blank"),
    ],
)
async def test_what_else_can_be_wrong_with_a_command(command: str, said: str) -> None:
    assert said in await failure_of(by_command(command))


async def test_a_command_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    program = (
        "import os, pathlib, subprocess, sys;"
        "child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE);"
        f"pathlib.Path('{mark}').write_text(str(child.pid));"
        "child.wait()"
    )
    endpoint = by_command(f'{PYTHON} -c "{program}"')
    asking = asyncio.create_task(Keys(os.environ).key_for(endpoint))
    await until(lambda: mark.exists() and mark.read_text())
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    state = Path(f"/proc/{mark.read_text()}/stat")
    await until(lambda: not state.exists() or state.read_text().split()[2] == "Z")


async def test_a_command_has_a_limited_time() -> None:
    said = await failure_of(by_command(f"{PYTHON} -c 'import time; time.sleep(60)'"), seconds=0.1)
    assert "within 0.1 s" in said


def test_a_key_does_not_show() -> None:
    assert "sk-secret" not in repr(Key("sk-secret"))
    assert "sk-secret" not in str([Key("sk-secret")])


def test_a_key_takes_itself_out_of_a_text() -> None:
    assert Key("sk-secret").scrub("Wrong key sk-secret!") == "Wrong key …!"
    assert Key("").scrub("Nothing to hide") == "Nothing to hide"
