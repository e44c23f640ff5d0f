"""Starting: nothing heavy before the first frame, and nothing typed meanwhile is lost."""

from __future__ import annotations

from pathlib import Path

from tests.pty.program import READY, Served, chinwag
from tests.terminal import Key, Terminal

# Each costs more than the whole screen; they load once it is there.
HEAVY = ("openai", "pydantic", "genai_prices", "pygments", "markdown_it", "httpx2", "xllamacpp")


def type_and_see(terminal: Terminal, letter: str) -> None:
    """Wait until it made a difference; before the program is there, the system itself echoes."""
    written = len(terminal.written)
    terminal.send(letter)
    terminal.until(lambda: len(terminal.written) > written)


def test_nothing_heavy_is_loaded_before_the_first_frame(tmp_path: Path, server: Served) -> None:
    note = tmp_path / "modules"
    script = ("-m", "tests.pty.first_frame", str(note))
    with chinwag(tmp_path, server, "-m", "echo", script=script) as terminal:
        terminal.shows(READY)
        loaded = note.read_text().split()
        assert "tui.ui.chat_screen" in loaded  # the note was taken late enough
        assert not {name.partition(".")[0] for name in loaded} & set(HEAVY)
        terminal.send("and it works", Key.ENTER)
        terminal.until(lambda: server.events("and it works") == ["request", "completed"])
        terminal.shows(" in, 3 out")


def test_typing_is_never_lost_while_chinwag_starts(tmp_path: Path, server: Served) -> None:
    """A letter at a time, from before the program runs until after its first frame."""
    letters = "the quick brown fox jumps over the lazy dog"
    with chinwag(tmp_path, server, "-m", "echo") as terminal:
        for letter in letters:
            type_and_see(terminal, letter)
        terminal.shows(READY)
        terminal.send(Key.ENTER)
        terminal.until(lambda: letters in server.prompts)
