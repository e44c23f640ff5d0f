"""What a terminal sends, put right before Textual reads it.

A paste is text and nothing else: Textual takes escape sequences within it for keys, so that
pasting from a web page could send a message or quit. And Alt+Enter, as most terminals send it, is
not Enter.
"""

from __future__ import annotations

import re

BEGIN, END = "\x1b[200~", "\x1b[201~"  # of a bracketed paste
# In the place of ESC within a paste: a lone surrogate, which no decoded input contains.
_SHIELDED = "\udc1b"
_ENTER = re.compile("\x1b\r|\x1b\\[27;([0-9]+);13~")  # with Alt; as xterm's modifyOtherKeys has it


class TerminalInput:
    """Passes input on in pieces, as it comes, in a form that Textual's parser reads rightly."""

    def __init__(self) -> None:
        self._pasting = False
        self._tail = ""

    def feed(self, text: str) -> str:
        """What to hand to the parser; the end of a paste may wait for the next piece."""
        passed = ""
        while text:
            passed, text = self._paste(passed, text) if self._pasting else self._keys(passed, text)
        return passed

    def _keys(self, passed: str, text: str) -> tuple[str, str]:
        """Keys, as far as a paste begins. They never wait: a lone ESC is a key as well."""
        seen = self._tail + text
        if (start := seen.find(BEGIN)) < 0:
            self._tail = seen[1 - len(BEGIN) :]
            return passed + _ENTER.sub(_as_kitty, text), ""
        before = max(0, start + len(BEGIN) - len(self._tail))
        self._tail, self._pasting = "", True
        return passed + _ENTER.sub(_as_kitty, text[:before]), text[before:]

    def _paste(self, passed: str, text: str) -> tuple[str, str]:
        """A paste, as far as it ends; what may be the start of its end is held back."""
        text, self._tail = self._tail + text, ""
        content, end, rest = text.partition(END)
        if end:
            self._pasting = False
            return passed + content.replace("\x1b", _SHIELDED) + END, rest
        kept = next((n for n in range(len(END) - 1, 0, -1) if text.endswith(END[:n])), 0)
        self._tail = text[len(text) - kept :]
        return passed + text[: len(text) - kept].replace("\x1b", _SHIELDED), ""


def pasted(text: str) -> str:
    """A paste as it was before `TerminalInput`, with its line ends as they are in a text."""
    return text.replace(_SHIELDED, "\x1b").replace("\r\n", "\n").replace("\r", "\n")


def _as_kitty(found: re.Match[str]) -> str:
    return f"\x1b[13;{found[1] or 3}u"
