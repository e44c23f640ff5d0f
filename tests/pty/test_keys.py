"""What terminals send for keys, byte by byte, and what becomes of it in the composer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pty.program import BUSY, READY, SLOW, Served, chinwag
from tests.terminal import Key, Terminal

# What is typed in one go, as on a slow line, and the message that goes out.
TYPED = {
    "enter sends": ("one\r", "one"),
    "ctrl+j": ("two\nlines\r", "two\nlines"),
    "alt+enter": ("alt\x1b\renter\r", "alt\nenter"),
    "shift+enter in kitty's protocol": (f"shift{Key.SHIFT_ENTER}enter\r", "shift\nenter"),
    "ctrl+j in kitty's protocol": ("kitty\x1b[106;5uctrl+j\r", "kitty\nctrl+j"),
    "letters and enter in kitty's protocol": ("\x1b[104;;104u\x1b[105;;105u\x1b[13u", "hi"),
    "other alphabets": ("Grüße, 東京 👋🏽\r", "Grüße, 東京 👋🏽"),
    "backspace": ("abc\x7fd\r", "abd"),
    "ctrl+h": ("efg\x08h\r", "efh"),
    "ctrl+a and ctrl+e": ("mid\x01<\x05>\r", "<mid>"),
    "ctrl+w": ("a wrong\x17right word\r", "a right word"),
    "ctrl+k": ("kept and not\x01\x1b[C\x1b[C\x1b[C\x1b[C\x0b\r", "kept"),
    "ctrl+u": ("not this\x15but that\r", "but that"),
    "arrows": ("ac\x1b[Db\x1b[Cd\r", "abcd"),
    "home, end and delete": ("xok\x1b[H\x1b[3~\x1b[F!\r", "ok!"),
    "a paste": (Key.pasted("pasted\nin lines") + "\r", "pasted\nin lines"),
    "a paste with line ends as terminals send them": (Key.pasted("by\rlines") + "\r", "by\nlines"),
    "a paste with escape sequences": (
        Key.pasted("\x1b[31mred\x1b[0m \x1b]52;c;aGk=\x07") + "\r",
        "\x1b[31mred\x1b[0m \x1b]52;c;aGk=\x07",
    ),
    "a paste amid typing": (f"before {Key.pasted('between')} after\r", "before between after"),
}  # fmt: skip


@pytest.fixture(scope="module")
def echoing(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A chinwag whose model echoes."""
    with chinwag(tmp_path_factory.mktemp("home"), server, "-m", "echo") as terminal:
        terminal.shows(READY)
        yield terminal


def new_chat(terminal: Terminal) -> None:
    """Where no reply is under way and nothing is typed."""
    terminal.send(Key.ctrl("n"))
    terminal.shows("New chat with echo", "Message", READY)


@pytest.mark.parametrize(("typed", "sent"), TYPED.values(), ids=TYPED)
def test_what_is_typed_is_what_is_sent(
    echoing: Terminal, server: Served, typed: str, sent: str
) -> None:
    new_chat(echoing)
    before = len(server.prompts)
    echoing.send(typed)
    echoing.until(lambda: server.prompts[before:])
    assert server.prompts[before:] == [sent]


def test_what_is_typed_after_enter_is_the_next_message(echoing: Terminal, server: Served) -> None:
    new_chat(echoing)
    before = len(server.prompts)
    echoing.send("first\rsecond")
    echoing.until(lambda: server.events("first") == ["request", "completed"])
    echoing.shows(READY, "2 in, 1 out", "second")
    echoing.send(Key.ENTER)
    echoing.until(lambda: server.prompts[before:] == ["first", "second"])


def test_what_is_pasted_never_acts_on_the_terminal(echoing: Terminal) -> None:
    new_chat(echoing)
    start = len(echoing.written)
    echoing.send(Key.pasted("\x1b[5;31mevil\x1b]0;title\x07"))
    echoing.shows("␛[5;31mevil␛]0;title␇")
    assert b"\x1b[5;31mevil" not in echoing.written[start:]
    assert b"\x1b]0;title" not in echoing.written[start:]
    echoing.send(Key.ctrl("u"))


def test_keys_typed_ahead_of_a_dialog_go_into_it(echoing: Terminal) -> None:
    echoing.send(Key.F2, Key.ctrl("u"), "a better title\r")
    echoing.until(lambda: "a better title" in echoing.lines[0])


def test_ctrl_c_never_ends_a_reply(
    server: Served, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with chinwag(tmp_path_factory.mktemp("home"), server, *SLOW, "talk on") as terminal:
        terminal.shows("word2", BUSY)
        terminal.send("typed meanwhile", Key.ctrl("c"), Key.ctrl("c"), Key.ctrl("c"))
        terminal.shows("Ctrl+Q quits")
        newest = len(terminal.written)
        terminal.until(lambda: b"word" in terminal.written[newest:])
        assert "disconnected" not in server.events("talk on")
        assert "typed meanwhile" in terminal.text
        assert BUSY in terminal.text


def test_ctrl_c_twice_on_an_empty_composer_quits(
    server: Served, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with chinwag(tmp_path_factory.mktemp("home"), server) as terminal:
        terminal.shows(READY)
        terminal.send(Key.ctrl("c"))
        terminal.shows("Ctrl+C again quits")
        terminal.send(Key.ctrl("c"), Key.ctrl("c"))
        assert terminal.wait() == 0
        assert terminal.left_behind() == []
