"""The life of the child process: what it is given, what it says, and that it always ends."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.local.runtimes import RUNTIME, model_file, runs, started
from tests.waiting import until
from tui.core.errors import ChatError, ErrorKind
from tui.files import open_private
from tui.provider.local.server import DiedError, ModelServer, ServerOptions, thread_count

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    """Children find the stand-in for llama.cpp."""
    monkeypatch.setenv("PYTHONPATH", str(RUNTIME))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "local-model.log"


def quiet(_text: str, _fraction: float | None) -> None:
    pass


def options(model: Path, threads: int = 1) -> ServerOptions:
    return ServerOptions(str(model), model.stem, threads, 2048)


def content(path: Path) -> bytes:
    """What a file holds; nothing where the system has no such file."""
    return path.read_bytes() if path.exists() else b""


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def ask(server: ModelServer, key: str) -> int:
    """The status of the answer to a chat request."""
    request = urllib.request.Request(
        f"{server.base_url}/chat/completions",
        b'{"messages": [{"role": "user", "content": "Hello"}]}',
        {"Authorization": f"Bearer {key}"},
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


@asynccontextmanager
async def running(model: Path, log: Path) -> AsyncIterator[ModelServer]:
    server = await ModelServer.start(options(model), log, quiet)
    try:
        yield server
    finally:
        await server.stop()


@pytest.mark.parametrize(
    ("configured", "cores", "threads"),
    [(0, 1, 1), (0, 2, 1), (0, 4, 3), (0, 64, 4), (8, 4, 3), (8, 64, 8), (1, 64, 1), (9, 1, 1)],
)
def test_one_core_is_always_left_free(configured: int, cores: int, threads: int) -> None:
    assert thread_count(configured, cores) == threads


async def test_the_child_gets_what_it_is_told_and_steps_back(tmp_path: Path, log: Path) -> None:
    model = model_file(tmp_path)
    server = await ModelServer.start(options(model, threads=3), log, quiet)
    assert started(model) == {
        "pid": server.pid,
        "nice": os.nice(0) + 5,
        "threads": [3, 3],
        "context": 2 * 2048,
        "slots": 2,
        "alias": ["own"],
        "hostnames": ["127.0.0.1"],
    }
    assert os.getsid(server.pid) != os.getsid(0), "Ctrl+C in the terminal is for the app"
    await server.stop()
    assert not runs(server.pid)


async def test_progress_is_told_in_stages(tmp_path: Path, log: Path) -> None:
    told: list[tuple[str, float | None]] = []
    server = await ModelServer.start(
        options(model_file(tmp_path)), log, lambda *step: told.append(step)
    )
    await server.stop()
    assert told == [("Starting llama.cpp", None), ("Loading own", None)]


async def test_the_key_is_asked_for_and_seen_nowhere(tmp_path: Path, log: Path) -> None:
    async with running(model_file(tmp_path), log) as server:
        assert await asyncio.to_thread(ask, server, "") == 401
        assert await asyncio.to_thread(ask, server, server.key) == 200
        assert server.key not in repr(ServerOptions("m", "a", 1, 1, key=server.key))
        assert server.key.encode() not in content(log)
        for shown in ("cmdline", "environ"):
            assert server.key.encode() not in content(Path(f"/proc/{server.pid}/{shown}"))


async def test_two_children_have_different_ports_and_keys(tmp_path: Path, log: Path) -> None:
    model = model_file(tmp_path)
    async with running(model, log) as one, running(model, log) as other:
        assert one.base_url != other.base_url
        assert one.key != other.key


async def test_the_log_is_private_and_has_what_the_library_printed(
    tmp_path: Path, log: Path
) -> None:
    async with running(model_file(tmp_path), log):
        await until(lambda: b"a library prints on standard output" in content(log))
    assert mode(log) == 0o600


async def test_a_long_log_is_put_aside_and_a_short_one_goes_on(tmp_path: Path, log: Path) -> None:
    model = model_file(tmp_path)
    with open_private(log) as file:
        file.write(b"x" * 1_000_000)
    async with running(model, log):
        pass
    assert content(log).startswith(b"x" * 1_000_000 + b"--- ")
    async with running(model, log):
        pass
    assert content(log).startswith(b"--- ")
    assert content(log.with_name("local-model.log.old")).startswith(b"x")


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        (None, "could not be read: No such file"),
        (b"<html>", "is not a GGUF file"),
        (b'GGUF{"loading": "fails"}', "llama.cpp could not load"),
    ],
)
async def test_what_can_not_be_loaded_is_said_in_plain_words(
    tmp_path: Path, log: Path, written: bytes | None, complaint: str
) -> None:
    model = tmp_path / "own.gguf"
    if written is not None:
        model.write_bytes(written)
    with pytest.raises(ChatError, match=complaint) as failure:
        await ModelServer.start(options(model), log, quiet)
    assert failure.value.kind is ErrorKind.LOCAL
    assert str(model) in failure.value.text
    assert str(log) in failure.value.text


async def test_a_library_that_does_not_load_is_named(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "xllamacpp.py").write_text("raise ImportError('libgomp.so.1 is missing')")
    monkeypatch.setenv("PYTHONPATH", str(broken))
    with pytest.raises(ChatError, match=r"libgomp\.so\.1 is missing.*chinwag\[local\]"):
        await ModelServer.start(options(model_file(tmp_path)), log, quiet)


async def test_dying_while_it_loads_is_noticed(tmp_path: Path, log: Path) -> None:
    with pytest.raises(DiedError):
        await ModelServer.start(options(model_file(tmp_path, loading="dies")), log, quiet)


async def test_a_start_that_is_cancelled_leaves_no_child(tmp_path: Path, log: Path) -> None:
    model = model_file(tmp_path, loading="hangs")
    start = asyncio.create_task(ModelServer.start(options(model), log, quiet))
    await until(lambda: started(model))
    start.cancel()
    with suppress(asyncio.CancelledError):
        await start
    assert not runs(started(model)["pid"])


async def test_the_child_survives_the_terminals_interrupt(tmp_path: Path, log: Path) -> None:
    async with running(model_file(tmp_path), log) as server:
        os.kill(server.pid, signal.SIGINT)
        assert await asyncio.to_thread(ask, server, server.key) == 200


@pytest.mark.parametrize(
    "loading",
    [
        "ok",
        pytest.param(
            "hangs",
            marks=pytest.mark.skipif(
                sys.platform != "linux", reason="only Linux ends a child that can't look up"
            ),
        ),
    ],
)
async def test_the_child_ends_with_a_parent_that_is_killed(
    tmp_path: Path, log: Path, loading: str
) -> None:
    model = model_file(tmp_path, loading=loading)
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.local.parent", str(model), str(log)),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{RUNTIME}"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert parent.stdout is not None
    if loading == "ok":
        assert await parent.stdout.readline() == b"ready\n"
    await until(lambda: started(model))
    child = started(model)["pid"]
    assert runs(child)
    parent.kill()
    await parent.wait()
    await until(lambda: not runs(child))
