"""Verbatim text into blocks, as it arrives: what a user wrote, or how a model reasoned."""

from __future__ import annotations

from tui.ui.transcript import seams
from tui.ui.transcript.block import Block, Kind
from tui.ui.transcript.leaves import LONG

LINES = 32  # lines of a block: a screenful or so


class PlainBlocks:
    """Reads text in pieces; the same text gives the same blocks, however it was cut."""

    def __init__(self) -> None:
        self.settled: list[Block] = []
        self._rest = ""
        self._offset = 0
        self._glued = False

    @property
    def started(self) -> bool:
        """Whether anything but white space has arrived."""
        return bool(self.settled or self._rest.strip())

    def feed(self, text: str) -> None:
        """Take more text."""
        self._rest += text
        while (cut := self._cut()) is not None:
            self._settle(cut)

    def close(self) -> None:
        """The text has ended: settle what is open."""
        if self._rest:
            self._settle(len(self._rest))

    def tail(self) -> list[Block]:
        """The blocks that would settle if the text ended here."""
        return [self._block(self._rest)] if self._rest else []

    def _cut(self) -> int | None:
        """Where the next block ends, once enough has arrived to tell."""
        at = -1
        for _ in range(LINES):
            end = self._rest.find("\n", at + 1)
            if end < 0 or end > LONG:
                break
            at = end
        else:
            return at + 1
        if len(self._rest) <= LONG:
            return None
        return at + 1 if at >= 0 else seams.in_plain(self._rest[:LONG])

    def _settle(self, cut: int) -> None:
        flows = cut < len(self._rest) and self._rest[cut - 1] != "\n"
        self.settled.append(self._block(self._rest[:cut], flows=flows))
        self._glued = flows
        self._offset += cut
        self._rest = self._rest[cut:]

    def _block(self, text: str, *, flows: bool = False) -> Block:
        starts = [self._offset]
        for line in text.split("\n")[:-1]:
            starts.append(starts[-1] + len(line) + 1)
        if text.endswith("\n"):
            text = text[:-1]
            starts.pop()
        return Block(
            Kind.PLAIN,
            text,
            tuple(starts),
            part=len(self.settled),
            glued=self._glued,
            flows=flows,
        )
