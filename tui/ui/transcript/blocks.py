"""Markdown into blocks, as it arrives.

The invariant: the same text gives the same blocks, however it was cut, and what has settled never
changes. A line is read once, when it is whole (or already too long to wait for), so each character
of a stream costs the same. markdown-it reads only whole documents, which is why the block grammar
is ours; what stands inside a block is markdown-it's.

A paragraph or a line of more than 3,000 characters settles in parts that look like the whole:
`seams` says where they meet, and `flow` how the rows go on from one to the next.
"""

from __future__ import annotations

from tui.ui.transcript.block import Block
from tui.ui.transcript.leaves import LONG, BlockWriter, Carry, Definitions
from tui.ui.transcript.reading import LineReader

STEP = 250  # characters of a line whose beginning was too long to wait for its end


class Blocks:
    """Reads Markdown in pieces. `settled` only grows; `tail` is what the open end looks like."""

    def __init__(
        self,
        definitions: Definitions = lambda text: text,
        carry: Carry = lambda info, carry, text: "",  # noqa: ARG005 - the default follows no language
    ) -> None:
        self.started = False  # whether anything but white space has arrived
        self._writer = BlockWriter(definitions, carry)
        self._reader = LineReader(self._writer)
        self._rest = ""  # the beginning of a line that is not whole
        self._over = False  # _rest goes on a line whose beginning was too long to wait for its end

    @property
    def settled(self) -> list[Block]:
        """The blocks that will not change any more."""
        return self._writer.settled

    def feed(self, text: str) -> None:
        """Take more text."""
        self.started = self.started or bool(text.strip())
        if "\n" not in text:
            self._rest += text
            self._cut_rest()
            return
        lines = (self._rest + text).split("\n")
        for line in lines[:-1]:
            self._rest = line
            self._cut_rest()
            size = len(self._rest) + 1
            self._take(self._rest)
            self._end_line()
            self._writer.offset += size
        self._rest = lines[-1]
        self._cut_rest()

    def close(self) -> None:
        """The text has ended: settle what is open."""
        if self._rest:
            self._take(self._rest)
            self._writer.offset += len(self._rest)
            self._rest = ""
        self._end_line()
        self._writer.close_to(0)

    def tail(self, definitions: Definitions | None = None) -> list[Block]:
        """The blocks that would settle if the text ended here.

        Args:
            definitions: what takes the definitions of links meanwhile: they may be unfinished.
        """
        preview = Blocks()
        preview._writer = self._writer.copy(definitions)
        preview._reader = LineReader(preview._writer)
        preview._over = self._over
        if self._over or not self._reader.is_undecided(self._rest):
            preview._rest = self._rest
        preview.close()
        return preview.settled

    def _cut_rest(self) -> None:
        """Take the beginning of an unfinished line that is already too long."""
        while len(self._rest) > (cut := STEP if self._over else LONG):
            piece, self._rest = self._rest[:cut], self._rest[cut:]
            if self._over:
                self._writer.go_on(piece)
            else:
                self._reader.line(piece, goes_on=True)
            self._writer.offset += cut
            self._over = True

    def _take(self, line: str) -> None:
        line = line.removesuffix("\r")
        if self._over:
            self._writer.go_on(line)
        else:
            self._reader.line(line)

    def _end_line(self) -> None:
        if self._over:
            self._writer.end_line()
            self._over = False
