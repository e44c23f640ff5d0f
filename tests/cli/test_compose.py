"""What a command starts from: its surroundings, the layers put together, the app made of them."""

from __future__ import annotations

import argparse
import asyncio
import logging
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.program import KEY
from tests.store.chats import MINUTE, NOON, chat, reply, said
from tests.waiting import until
from tui.cli import compose as compose_module
from tui.cli.asked import asked_model
from tui.cli.chat import add_arguments
from tui.cli.compose import compose
from tui.cli.log import log_to
from tui.cli.opening import made_ready
from tui.cli.surroundings import Surroundings, surroundings
from tui.core.conversation import Conversation
from tui.core.errors import ChatError
from tui.core.models import ModelRef
from tui.core.settings import Settings
from tui.files import LONG_LOG
from tui.store.library import Library
from tui.store.state import AppState, save_state
from tui.ui.memory import Memory


def memory(place: Surroundings) -> Memory:
    return Memory(place.paths.state)


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


class TestSurroundings:
    def test_without_a_config_the_defaults_hold(self, home: Path) -> None:
        place = surroundings({"CHINWAG_HOME": str(home)})
        assert (place.settings, place.problems, place.configured) == (Settings(), (), False)

    def test_a_variable_is_as_good_as_a_config(self, home: Path) -> None:
        environ = {"CHINWAG_HOME": str(home), "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}
        place = surroundings(environ)
        assert place.configured
        assert place.settings.endpoints[0].base_url == "http://127.0.0.1:1/v1"

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (b'model = "a"\nquick_models = 3\n', ":2: quick_models: expected"),
            (b"model = \n", ":1: not valid TOML"),
            (b"\xff\xfe", ": is not UTF-8"),
        ],
    )
    def test_what_can_not_be_used_is_told_with_its_line(
        self, home: Path, content: bytes, problem: str
    ) -> None:
        home.mkdir()
        (home / "config.toml").write_bytes(content)
        place = surroundings({"CHINWAG_HOME": str(home)})
        assert place.has_config
        (told,) = place.problems
        assert told.startswith(f"{home / 'config.toml'}{problem}")

    def test_so_is_a_variable_that_can_not_be_used(self, home: Path) -> None:
        environ = {"CHINWAG_HOME": str(home), "OPENAI_BASE_URL": "http://[::1:8080/v1"}
        place = surroundings(environ)
        (told,) = place.problems
        assert told.startswith("OPENAI_BASE_URL: expected an address")
        assert place.settings.endpoints[0].base_url == ""


class TestLog:
    @pytest.fixture
    def log(self, tmp_path: Path) -> Iterator[Path]:
        logger = logging.getLogger("tui")
        before, propagated, raises = logger.handlers[:], logger.propagate, logging.raiseExceptions
        path = tmp_path / "home" / "chinwag.log"
        log_to(path)
        yield path
        logger.handlers, logger.propagate, logging.raiseExceptions = before, propagated, raises

    def test_no_mistake_no_file(self, log: Path) -> None:
        logging.getLogger("tui.session").debug("all is well")
        logging.getLogger("openai").error("somebody else's")
        assert not log.parent.exists()

    def test_a_mistake_is_for_the_users_eyes_only(self, log: Path) -> None:
        logging.getLogger("tui.session").error("a mistake")
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        assert " ERROR tui.session: a mistake\n" in log.read_text("utf-8")

    def test_a_long_one_is_put_aside(self, log: Path) -> None:
        log.parent.mkdir()
        log.write_bytes(b"x" * (LONG_LOG + 1))
        logging.getLogger("tui.session").error("a mistake")
        logging.getLogger("tui.session").error("another")
        assert len(log.read_text("utf-8").splitlines()) == 2
        assert log.with_name("chinwag.log.old").stat().st_size == LONG_LOG + 1


class TestTheApp:
    @pytest.fixture
    def place(self, home: Path) -> Surroundings:
        return surroundings({"CHINWAG_HOME": str(home), "OPENAI_API_KEY": KEY})

    @pytest.fixture
    def kept(self, place: Surroundings) -> Conversation:
        kept = chat(updated=NOON + MINUTE)
        with closing(Library(place.paths.database)) as library:
            for one in (chat("An older one"), kept):
                question = said(one, "Why?")
                library.begin_turn([question, reply(question)], one)
        return kept

    @pytest.mark.parametrize("by", ["--chat", "-c"])
    def test_a_chat_that_is_opened_takes_the_options(
        self, place: Surroundings, kept: Conversation, by: str
    ) -> None:
        parts = compose(place)
        which = ["--chat", kept.id[:6]] if by == "--chat" else ["-c"]
        made_ready(
            place, parts, memory(place), options(*which, "-m", "local/a-model", "-s", "Be brief.")
        )
        changed = parts.library.run_sync(lambda library: library.conversation(kept.id))
        parts.library.close()
        assert (changed.endpoint, changed.model) == ("local", "a-model")
        assert changed.system_prompt == "Be brief."

    @pytest.mark.usefixtures("kept")
    def test_an_empty_id_names_no_chat(self, place: Surroundings) -> None:
        parts = compose(place)
        with pytest.raises(ChatError, match="No chat was named"):
            made_ready(place, parts, memory(place), options("--chat", ""))
        parts.library.close()

    def test_nothing_is_opened_before_the_first_frame(self, place: Surroundings) -> None:
        made_ready(place, compose(place), memory(place), options("Hello?", "-m", "gpt-4o-mini"))
        assert not place.paths.database.exists()

    def test_a_disk_that_hangs_keeps_nobody_from_leaving(
        self, place: Surroundings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What was asked for before is written all the same, should it come back."""
        monkeypatch.setattr(compose_module, "SAVING_SECONDS", 0.01)
        begun, free, kept = threading.Event(), threading.Event(), chat()
        parts = compose(place)

        def occupy(_library: Library) -> None:
            begun.set()
            free.wait()

        async def leave() -> None:
            work = [asyncio.create_task(parts.library.run(one)) for one in (occupy, keep)]
            await until(begun.is_set)
            await parts.close()
            assert not any(one.done() for one in work)

        def keep(library: Library) -> None:
            library.create(kept)

        asyncio.run(leave())
        free.set()
        assert parts.library._thread is not None
        parts.library._thread.join()
        with closing(Library(place.paths.database)) as library:
            assert library.latest() == kept

    def test_what_a_disk_saves_in_time_is_saved(self, place: Surroundings) -> None:
        begun, free = threading.Event(), threading.Event()
        parts = compose(place)

        def occupy(_library: Library) -> None:
            begun.set()
            free.wait()

        async def leave() -> None:
            demo = ModelRef("demo", parts.sessions.endpoint("demo").models[0])
            turn = await parts.sessions.send(parts.sessions.new(demo), "Hello!")
            busy = asyncio.create_task(parts.library.run(occupy))
            await until(begun.is_set)
            leaving = asyncio.create_task(parts.close())
            await until(lambda: turn._task is not None)
            free.set()
            await leaving
            await busy
            assert turn.saved

        asyncio.run(leave())

    def test_models_are_found_where_they_were_listed_last(self, place: Surroundings) -> None:
        source = '[[endpoints]]\nname = "near"\nbase_url = "http://127.0.0.1:1/v1"\n'
        place.paths.config_folder.mkdir()
        place.paths.config.write_text(source)
        save_state(place.paths.state, AppState(listed={"near": ("llama",)}))
        place = surroundings(place.environ)
        parts = compose(place)
        named = asked_model(parts, place.paths, options("-m", "llama"))
        assert named == ModelRef("near", "llama")
        local = asked_model(parts, place.paths, options("--local"))
        assert local == ModelRef("local", "SmolLM2-135M-Instruct")
        assert asked_model(parts, place.paths, options()) is None
