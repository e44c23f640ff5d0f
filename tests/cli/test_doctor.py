"""`chinwag doctor` and `chinwag models`: what answers, what does not, and never a key."""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.program import KEY, Program
from tests.server import refused_url
from tests.store.chats import chat, reply, said
from tui.cli import health, repairing
from tui.cli.health import (
    Damage,
    KeyState,
    LibraryHealth,
    endpoints_health,
    library_health,
    terminal_health,
)
from tui.cli.repairing import Remedy
from tui.core.errors import ChatError, ErrorInfo, ErrorKind
from tui.core.settings import Endpoint
from tui.provider.base import Event, Request
from tui.store.backups import back_up
from tui.store.library import Library
from tui.store.schema import MIGRATIONS

BY_COMMAND = "sk-printed-by-a-command"
CONFIG = """\
model = "down/some-model"
quick_models = 3

[[endpoints]]
name = "down"
base_url = "{refused}"

[[endpoints]]
name = "other"
base_url = "{base_url}"
api_key_command = "echo {key}"
"""


class TestTheCommand:
    def test_all_is_well(self, chinwag: Program) -> None:
        value = chinwag("doctor", "--json").json
        assert value["problems"] == []
        (endpoint,) = value["endpoints"]
        assert (endpoint["key"], endpoint["key_source"]) == ("set", "OPENAI_API_KEY")
        assert (endpoint["answers"], endpoint["models"], endpoint["error"]) == (True, 4, None)
        assert endpoint["ms"] >= 0
        assert value["library"]["present"] is False
        assert value["config"] == {
            "path": str(chinwag.home / "config.toml"), "present": False, "problems": [],
        }  # fmt: skip
        assert value["local"] == chinwag("local", "status", "--json", status=1).json
        assert set(value["versions"]) >= {"chinwag", "python", "textual", "openai", "xllamacpp"}
        assert not chinwag.home.exists(), "looking makes nothing"

    def test_what_needs_attention(self, chinwag: Program) -> None:
        chinwag.home.mkdir()
        (chinwag.home / "config.toml").write_text(
            CONFIG.format(refused=refused_url(), base_url=chinwag.base_url, key=BY_COMMAND)
        )
        (chinwag.home / "chinwag.db").write_bytes(b"Dear diary, " * 1000)
        done = chinwag("doctor", status=1)
        config, down, library = (line for line in done.out.splitlines() if line.startswith("!!"))
        assert f"{chinwag.home / 'config.toml'}:2: quick_models: expected" in config
        assert "endpoint  down at http://127.0.0.1" in down
        assert "is not a library of chats" in library
        assert "ok  endpoint  other at" in done.out
        assert "key from echo: 4 models" in done.out
        assert "\n3 things need attention.\n" in done.out
        listed = chinwag("models", status=1)
        assert "other/gpt-4o-mini\n" in listed.out
        assert "text-embedding" not in listed.out, "no chat model"
        config, down = listed.err.splitlines()
        assert ":2: quick_models: expected" in config
        assert down.startswith("chinwag: down: ")
        assert BY_COMMAND not in done.out + done.err + listed.out + listed.err

    def test_a_command_that_gives_no_key_needs_attention(self, chinwag: Program) -> None:
        chinwag.home.mkdir()
        endpoint = f'[[endpoints]]\nname = "other"\nbase_url = "{chinwag.base_url}"\n'
        (chinwag.home / "config.toml").write_text(f'{endpoint}api_key_command = "{BY_COMMAND}"\n')
        done = chinwag("doctor", status=1)
        (wrong,) = (line for line in done.out.splitlines() if line.startswith("!!"))
        assert "No key for other. Could not run its api_key_command" in wrong
        assert BY_COMMAND not in done.out + done.err

    def test_a_key_that_new_chats_do_not_need_is_no_problem(self, chinwag: Program) -> None:
        without = replace(chinwag, environ={"OPENAI_API_KEY": "", "OPENAI_BASE_URL": ""})
        chinwag.home.mkdir()
        for model, problems in (("local/SmolLM2-135M-Instruct", 0), ("gpt-4o", 1)):
            (chinwag.home / "config.toml").write_text(f'model = "{model}"\n')
            found = without("doctor", "--json", status=min(1, problems)).json["problems"]
            assert len(found) == problems, found

    def test_models_as_json(self, chinwag: Program) -> None:
        listed = chinwag("models", "--json").json
        assert listed[0] == {
            "name": "echo",
            "model": "echo",
            "endpoint": "openai",
            "chat": True,
            "context_window": None,
            "input_price": None,
            "output_price": None,
        }
        assert [one["name"] for one in listed if not one["chat"]] == ["text-embedding-3-small"]
        local = next(one for one in listed if one["endpoint"] == "local")
        assert (local["name"], local["input_price"]) == ("local/SmolLM2-135M-Instruct", 0.0)


class Answers:
    """A provider that lists models, refuses, or is silent, as the endpoint's name says."""

    def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        raise NotImplementedError

    async def models(self, endpoint: Endpoint) -> tuple[str, ...]:
        assert not endpoint.models, "the server is asked, not the config"
        if endpoint.name == "silent":
            await asyncio.Event().wait()
        if endpoint.name in list(ErrorKind):
            raise ChatError(ErrorKind(endpoint.name), "No.")
        return ("one", "two")

    async def close(self) -> None:
        pass


class TestEndpoints:
    async def test_each_by_what_it_says(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(health, "ANSWER_SECONDS", 0.05)
        names = ("good", "silent", "wrong_key", "refused", "config")
        endpoints = [Endpoint(name, "http://127.0.0.1:1/v1") for name in names]
        good, silent, wrong_key, refused, no_list = await endpoints_health(endpoints, Answers(), {})
        assert (good.answers, good.models, good.error) == (True, 2, None)
        assert (silent.answers, silent.ms) == (False, None)
        assert silent.error is not None
        assert silent.error.kind is ErrorKind.TIMEOUT
        assert wrong_key.answers
        assert wrong_key.error == ErrorInfo(ErrorKind.WRONG_KEY, "No.")
        assert not refused.answers
        assert no_list.error is not None
        with_models = replace(endpoints[-1], models=("named",))
        (fine,) = await endpoints_health([with_models], Answers(), {})
        assert (fine.answers, fine.error) == (True, None)
        without_address = replace(with_models, base_url="")
        (unusable,) = await endpoints_health([without_address], Answers(), {})
        assert not unusable.answers
        assert unusable.error == ErrorInfo(ErrorKind.CONFIG, "No.")

    async def test_keys_are_told_by_where_they_are(self) -> None:
        url = f"http://me:{KEY}@127.0.0.1:1/v1?key={KEY}"
        endpoints = [
            Endpoint("a", url, api_key_env="A_KEY"),
            Endpoint("b", url, api_key_env="B_KEY"),
            Endpoint("c", url, api_key_command=f"printf {KEY}"),
            Endpoint("d", url),
        ]
        found = await endpoints_health(endpoints, Answers(), {"A_KEY": KEY, "B_KEY": " "})
        assert [(one.key, one.key_source) for one in found] == [
            (KeyState.SET, "A_KEY"),
            (KeyState.NOT_SET, "B_KEY"),
            (KeyState.COMMAND, "printf"),
            (KeyState.NOT_NEEDED, ""),
        ]
        assert {one.base_url for one in found} == {"http://127.0.0.1:1/v1"}
        assert KEY not in str(found)

    async def test_nothing_in_the_config_is_a_reason_to_fail(self) -> None:
        endpoints = [
            Endpoint("a", "http://[::1:8080/v1", api_key_command="  "),
            Endpoint("b", "", api_key_command="'unclosed"),
            Endpoint("c", "http://h/v1", api_key_command=KEY),
            Endpoint("d", "http://h/v1", api_key_env="gsk_0123"),
        ]
        found = await endpoints_health(endpoints, Answers(), {})
        assert [one.base_url for one in found] == ["no address"] * 2 + ["http://h/v1"] * 2
        assert [one.key_source for one in found] == [
            *["its api_key_command"] * 3,
            "what its api_key_env names",
        ]


class TestLibrary:
    def test_counts(self, tmp_path: Path) -> None:
        path = tmp_path / "chinwag.db"
        library = Library(path)
        kept, thrown_away = chat(), chat()
        question = said(kept, "Why?")
        library.begin_turn([question, reply(question)], kept)
        library.create(thrown_away)
        library.delete(thrown_away.id, kept.updated)
        library.close()
        found = library_health(path)
        assert (found.conversations, found.deleted, found.messages) == (1, 1, 2)
        assert found.schema_version == len(MIGRATIONS)
        assert found.size >= path.stat().st_size
        assert found.problems == ()

    def test_none_is_made(self, tmp_path: Path) -> None:
        assert not library_health(tmp_path / "none" / "chinwag.db").present
        assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("environ", "colors", "inside"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor", ()),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/x,1,0"}, "256", ("tmux",)),
        ({"TERM": "xterm", "SSH_CONNECTION": "a b"}, "16", ("ssh",)),
        ({"TERM": "dumb"}, "none", ()),
    ],
)
def test_terminals_by_their_variables(
    environ: dict[str, str], colors: str, inside: tuple[str, ...]
) -> None:
    found = terminal_health(environ)
    assert (found.colors, found.inside, found.clipboard) == (colors, inside, "unknown")


class TestRepairing:
    @pytest.fixture
    def library(self, chinwag: Program) -> Path:
        """A chat with a message, closed."""
        path = chinwag.home / "chinwag.db"
        library = Library(path)
        question = said(tides := chat(), "Why two tides a day? " * 500)
        library.begin_turn([question], tides)
        library.close()
        return path

    def test_the_search_index(self, chinwag: Program, library: Path) -> None:
        with closing(sqlite3.connect(library)) as connection, connection:
            connection.execute("INSERT INTO message_words (message_words) VALUES ('delete-all')")
        done = chinwag("doctor", "--json", status=1)
        assert done.json["library"]["damage"] == "index"
        assert done.json["repaired"] == []
        out = chinwag("doctor", status=1).out
        assert "To make the search index anew: chinwag doctor --repair\n" in out
        assert "--restore" not in out
        done = chinwag("doctor", "--json", "--repair")
        assert done.json["library"]["damage"] == "none"
        assert done.json["repaired"] == ["The search index was made anew."]

    def test_a_damaged_file_and_back_to_a_copy(self, chinwag: Program, library: Path) -> None:
        copy = back_up(library)
        content = bytearray(library.read_bytes())
        at = content.rfind(b"two tides a day") // 4096 * 4096
        content[at : at + 4096] = b"\xaa" * 4096
        library.write_bytes(content)
        found = chinwag("doctor", "--json", status=1).json["library"]
        assert found["damage"] == "file"
        assert [one["path"] for one in found["copies"]] == [str(copy)]
        assert found["copies"][0]["made"].endswith("Z")
        out = chinwag("doctor", status=1).out
        assert "To save what can be read: chinwag doctor --repair\n" in out
        assert ", with 1 chat: chinwag doctor --restore\n" in out
        done = chinwag("doctor", "--repair")
        assert "1 chat and " in done.out
        assert "is kept as " in done.out
        done = chinwag("doctor", "--restore")
        assert f"The library is what it was in {copy.name}: 1 chat." in done.out
        assert "Why two tides a day?" in chinwag("search", "tides").out
        assert "There is nothing to repair." in chinwag("doctor", "--repair").out
        assert chinwag("doctor", "--json", "--repair").json["repaired"] == []

    def test_a_file_that_is_no_library_is_advised_what_can_be_done(
        self, chinwag: Program, library: Path
    ) -> None:
        content = b"not SQLite" + library.read_bytes()[10:]
        library.write_bytes(content)
        for words in (["doctor"], ["doctor", "--repair"]):
            out = chinwag(*words, status=1).out
            assert "is not a library of chats. Move it away" in out
            assert "--re" not in out
        library.unlink()
        Library(library).close()
        back_up(library)
        library.write_bytes(content)
        assert "--re" not in chinwag("doctor", status=1).out, "a copy without chats"

    def test_a_file_that_is_no_library_beside_a_copy(self, chinwag: Program, library: Path) -> None:
        copy = back_up(library)
        library.write_bytes(b"not SQLite" + library.read_bytes()[10:])
        out = chinwag("doctor", status=1).out
        assert ", with 1 chat: chinwag doctor --restore\n" in out
        assert "--repair" not in out
        done = chinwag("doctor", "--restore")
        assert f"The library is what it was in {copy.name}: 1 chat." in done.out

    @pytest.mark.parametrize(
        ("damage", "answers", "remedy"),
        [
            (Damage.INDEX, "y", Remedy.INDEX),
            (Damage.FILE, "s", Remedy.SAVE),
            (Damage.FILE, "c", Remedy.RESTORE),
            (Damage.FILE, "", None),
            (Damage.LOST, "y", Remedy.RESTORE),
            (Damage.LOST, "", None),
        ],
    )
    def test_at_a_terminal_a_person_is_asked(
        self,
        library: Path,
        monkeypatch: pytest.MonkeyPatch,
        damage: Damage,
        answers: str,
        remedy: Remedy | None,
    ) -> None:
        back_up(library)
        done: list[Remedy] = []
        monkeypatch.setattr("builtins.input", lambda _: answers)
        monkeypatch.setattr(repairing, "is_terminal", lambda _: True)

        def doing(remedy: Remedy, *_: object) -> list[str]:
            done.append(remedy)
            return []

        monkeypatch.setattr(repairing, "_done", doing)
        arguments = argparse.Namespace(restore=None, repair=False, json=False)
        repairing.remedied(
            arguments, LibraryHealth(str(library), present=True, problems=("x",), damage=damage)
        )
        assert done == ([] if remedy is None else [remedy])

    @pytest.mark.parametrize("left", ["nothing", "no bytes", "no chats"])
    def test_a_library_without_chats_beside_a_copy_that_has_some(
        self, chinwag: Program, library: Path, left: str
    ) -> None:
        copy = back_up(library)
        library.unlink()
        if left == "no bytes":
            library.touch()
        elif left == "no chats":
            Library(library).close()
        if left != "nothing":
            back_up(library)  # a newer one, with nothing to go back to
        found = chinwag("doctor", "--json", status=1).json
        assert found["library"]["damage"] == "lost"
        assert len(found["problems"]) == 1
        for repair in ([], ["--repair"]):
            done = chinwag("doctor", *repair, status=1)
            (wrong,) = (line for line in done.out.splitlines() if line.startswith("!!"))
            assert "No chats are there, but a copy has them: the one of " in wrong
            assert wrong.endswith(", with 1 chat.")
            assert "chinwag doctor --restore\n" in done.out
            assert "--repair" not in done.out
        done = chinwag("doctor", "--restore")
        assert f"The library is what it was in {copy.name}: 1 chat." in done.out
        assert "All is well." in chinwag("doctor").out

    def test_where_there_is_no_copy_to_go_back_to(self, chinwag: Program, library: Path) -> None:
        before = library.read_bytes()
        for copy in ([], ["~nobody-at-all/copy"]):
            done = chinwag("doctor", "--restore", *copy, status=1)
            assert len(done.err.splitlines()) == 1, done.err
            assert "no sound copy" in done.err or "no whole library" in done.err
        assert library.read_bytes() == before

    def test_a_text_with_bytes_that_are_none(self, chinwag: Program, library: Path) -> None:
        with closing(sqlite3.connect(library)) as connection, connection:
            connection.execute("UPDATE messages SET text = CAST(x'41ff42' AS TEXT)")
            connection.execute("UPDATE conversations SET title = CAST(x'ff' AS TEXT)")
        assert "is damaged" in chinwag("chats", status=1).err
        found = chinwag("doctor", "--json", status=1).json["library"]
        assert found["damage"] == "file"
        done = chinwag("doctor", "--repair")
        assert "1 chat and 1 message were saved." in done.out
        assert "A\ufffdB" in chinwag("search", "A").out
        assert chinwag("doctor", "--json").json["problems"] == []
