"""What `chinwag` understands, and the small commands: paths, config, local."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest

from tests.cli.program import Program
from tui import __version__
from tui.cli.local import progress
from tui.cli.main import COMMANDS, main
from tui.core.settings import Settings, parse_settings
from tui.core.sizes import written_size
from tui.ui.actions import default_keys


def helped(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as end:
        main([*words])
    assert end.value.code == 0
    return capsys.readouterr().out


class TestHelp:
    def test_chinwag_lists_the_commands(self, capsys: pytest.CaptureFixture[str]) -> None:
        text = helped(capsys, "--help")
        for name, command in COMMANDS.items():
            assert re.search(rf"^  chinwag {name} +{re.escape(command.help)}$", text, re.MULTILINE)

    @pytest.mark.parametrize("name", COMMANDS)
    def test_each_command_says_what_it_does(
        self, capsys: pytest.CaptureFixture[str], name: str
    ) -> None:
        text = helped(capsys, name, "--help")
        assert text.startswith(f"usage: chinwag {name}")
        assert COMMANDS[name].help in text

    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert helped(capsys, "--version") == f"chinwag {__version__}\n"

    def test_the_app_needs_a_terminal(self, chinwag: Program) -> None:
        done = chinwag("Hello?", status=2)
        assert (done.out, done.err.count("\n")) == ("", 1)
        assert "`chinwag ask` answers without one" in done.err
        assert not chinwag.home.exists()


def test_paths(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert main(["paths", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "config": str(home / "config.toml"),
        "database": str(home / "chinwag.db"),
        "models": str(home / "models"),
        "state": str(home / "state.toml"),
        "log": str(home / "chinwag.log"),
        "local_log": str(home / "local-model.log"),
    }
    assert main(["paths"]) == 0
    assert f"database   {home / 'chinwag.db'}  (not there yet)\n" in capsys.readouterr().out
    assert not home.exists()


class TestConfigInit:
    def test_the_file_changes_nothing_until_a_line_is_uncommented(
        self, capsys: pytest.CaptureFixture[str], home: Path
    ) -> None:
        assert main(["config", "init"]) == 0
        path = home / "config.toml"
        assert capsys.readouterr().out == f"{path}\n"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        source = path.read_text("utf-8")
        assert parse_settings(source) == (Settings(), [])
        settings, problems = parse_settings(re.sub("(?m)^# (?!chinwag's)", "", source))
        assert not problems
        assert set(settings.keys) == set(default_keys())

    def test_a_config_that_is_there_is_left_alone(
        self, capsys: pytest.CaptureFixture[str], home: Path
    ) -> None:
        home.mkdir()
        (home / "config.toml").write_text('model = "mine"\n')
        assert main(["config", "init"]) == 1
        assert "is there already" in capsys.readouterr().err
        assert (home / "config.toml").read_text() == 'model = "mine"\n'


class TestLocal:
    def test_nothing_is_there(self, capsys: pytest.CaptureFixture[str], home: Path) -> None:
        assert main(["local", "status"]) == 1
        assert "`chinwag local install` fetches it" in capsys.readouterr().out
        assert main(["local", "status", "--json"]) == 1
        status = json.loads(capsys.readouterr().out)
        assert set(status) == {"name", "path", "present", "size", "partial", "custom", "runtime"}
        assert (status["present"], status["size"], status["custom"]) == (False, 0, False)
        assert main(["local", "remove"]) == 0
        assert capsys.readouterr().out == "there was nothing to remove\n"
        assert not home.exists()

    def test_a_file_of_the_users_own(
        self, capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
    ) -> None:
        home.mkdir()
        model = tmp_path / "mine.gguf"
        (home / "config.toml").write_text(f'[local]\nmodel = "{model}"\n')
        assert main(["local", "install"]) == 1
        assert "does not exist" in capsys.readouterr().err
        model.write_bytes(b"GGUF")
        assert main(["local", "install"]) == 0
        assert main(["local", "remove"]) == 0
        assert capsys.readouterr().out == f"{model}\nthere was nothing to remove\n"
        assert model.exists()

    def test_what_is_wrong_in_the_config_is_told_where_it_is_gone_by(
        self, capsys: pytest.CaptureFixture[str], home: Path
    ) -> None:
        home.mkdir()
        (home / "config.toml").write_text("[local]\nmodel = 4\n")
        assert main(["local", "remove"]) == 0
        assert f"{home / 'config.toml'}:2: local.model: expected a text" in capsys.readouterr().err

    def test_progress(self) -> None:
        assert progress("Downloading", 0.5) == "[############............]  50%  Downloading"
        assert progress("Checking", None) == "Checking"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (12_345, "12 kB"),
        (999_499, "999 kB"), (999_600, "1.0 MB"), (98_362_432, "98.4 MB"), (123_456_789, "123 MB"),
        (2_500_000_000, "2.5 GB"), (4_000_000_000_000, "4000 GB"),
    ],
)  # fmt: skip
def test_sizes(count: int, text: str) -> None:
    assert written_size(count) == text
