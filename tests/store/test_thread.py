"""The library's thread: order, errors, cancelling, closing."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from pathlib import Path

import pytest

from tests.store.chats import chat
from tui.core.errors import ChatError, ErrorKind
from tui.store.library import Library
from tui.store.thread import LibraryThread


def test_nothing_is_opened_before_it_is_needed(path: Path) -> None:
    threads = threading.active_count()
    thread = LibraryThread(lambda: Library(path))
    assert (path.exists(), threading.active_count()) == (False, threads)
    thread.run_sync(lambda library: library.latest())
    assert (path.exists(), threading.active_count()) == (True, threads + 1)
    thread.close()


async def test_work_is_done_elsewhere_in_order(path: Path) -> None:
    thread = LibraryThread(lambda: Library(path))
    done: list[int] = []

    def work(n: int, library: Library) -> tuple[int, str]:
        done.append(n)
        return n, threading.current_thread().name

    results = await asyncio.gather(*(thread.run(partial(work, n)) for n in range(50)))
    assert results == [(n, "library") for n in range(50)]
    assert done == list(range(50))
    thread.close()


async def test_errors_come_back(path: Path) -> None:
    thread = LibraryThread(lambda: Library(path))
    with pytest.raises(ChatError, match="no chat beef"):
        await thread.run(lambda library: library.conversation("beef"))
    with pytest.raises(ZeroDivisionError):
        await thread.run(lambda _: 1 // 0)
    assert await thread.run(lambda library: library.conversations()) == []
    thread.close()


async def test_the_event_loop_goes_on_meanwhile(path: Path) -> None:
    thread = LibraryThread(lambda: Library(path))
    gate = threading.Event()
    waiting = asyncio.create_task(thread.run(lambda _: gate.wait()))
    await asyncio.sleep(0)
    gate.set()  # would never be reached if the loop waited too
    assert await waiting
    thread.close()


async def test_cancelling_loses_no_write(path: Path) -> None:
    thread = LibraryThread(lambda: Library(path))
    gate = threading.Event()
    saved = chat()
    first = asyncio.create_task(thread.run(lambda _: gate.wait()))
    second = asyncio.create_task(thread.run(lambda library: library.create(saved)))
    await asyncio.sleep(0)  # both are asked for now
    first.cancel()
    second.cancel()
    gate.set()
    assert await thread.run(lambda library: library.conversations()) == [saved]
    assert (first.cancelled(), second.cancelled()) == (True, True)
    thread.close()


def test_what_goes_wrong_while_nothing_is_asked_for_ends_nothing(path: Path) -> None:
    failed = threading.Event()

    class Failing(Library):
        def catch_up(self) -> bool:
            failed.set()
            raise ZeroDivisionError

    thread = LibraryThread(lambda: Failing(path))
    assert thread.run_sync(lambda library: library.latest()) is None
    assert failed.wait(10)
    assert thread.run_sync(lambda library: library.latest()) is None
    thread.close()


def test_without_an_event_loop(path: Path) -> None:
    thread = LibraryThread(lambda: Library(path))
    saved = chat()
    thread.run_sync(lambda library: library.create(saved))
    assert thread.run_sync(lambda library: library.latest()) == saved
    thread.close()


@pytest.fixture
def diary(path: Path) -> Path:
    """A file that is no library."""
    path.parent.mkdir()
    path.write_bytes(b"Dear diary, " * 1000)
    return path


async def test_every_caller_learns_that_it_could_not_be_opened(diary: Path) -> None:
    opened: list[Path] = []

    def open_it() -> Library:
        opened.append(diary)
        return Library(diary)

    thread = LibraryThread(open_it)
    results = await asyncio.gather(
        *(thread.run(lambda library: library.latest()) for _ in range(3)), return_exceptions=True
    )
    texts = {error.text for error in results if isinstance(error, ChatError)}
    assert len(texts) == 1
    with pytest.raises(ChatError) as caught:
        thread.run_sync(lambda library: library.latest())
    assert caught.value.kind is ErrorKind.LIBRARY
    assert {caught.value.text} == texts
    assert opened == [diary]
    thread.close()


def test_closing_finishes_what_was_asked_for(path: Path) -> None:
    thread = LibraryThread(lambda: Library(path))
    gate = threading.Event()
    saved = chat()
    held = thread._submit(lambda _: gate.wait())
    written = thread._submit(lambda library: library.create(saved))
    closing = threading.Thread(target=thread.close)
    closing.start()
    gate.set()
    closing.join()
    assert held.done()
    assert written.done()
    again = Library(path)
    assert again.conversations() == [saved]
    assert len(list((path.parent / "live").iterdir())) == 1  # it let go of its lock
    again.close()


def test_closing_twice_or_unused_is_nothing(path: Path) -> None:
    thread = LibraryThread(lambda: Library(path))
    thread.close()
    thread.close()
    assert not path.exists()
    with pytest.raises(RuntimeError, match="closed"):
        thread.run_sync(lambda library: library.latest())
