"""Keys of the config that can't be used: each is told with its line, and the defaults hold."""

from __future__ import annotations

from pathlib import Path

from tui.cli.keys import with_usable_keys
from tui.cli.surroundings import surroundings


def test_a_wrong_key_has_a_line_and_the_others_hold(tmp_path: Path) -> None:
    lines = ["[keys]", 'quitt = "ctrl+x"', 'new_chat = "ctrl+q"', 'help = "f12"']
    (tmp_path / "config.toml").write_text("\n".join(lines))
    place = with_usable_keys(surroundings({"CHINWAG_HOME": str(tmp_path)}))
    assert place.settings.keys == {"help": ("f12",)}
    assert [problem.line for problem in place.found] == [2, 3]
    assert "ctrl+q" in place.problems[1]
