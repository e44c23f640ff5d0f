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
        at = 0
        while (cut := self._cut(at)) is not None:
            self._settle(at, cut)
            at = cut
        self._rest = self._rest[at:]

    def close(self) -> None:
        """The text has ended: settle what is open."""
        if self._rest:
            self._settle(0, len(self._rest))
            self._rest = ""

    def tail(self) -> list[Block]:
        """The blocks that would settle if the text ended here."""
        return [self._block(self._rest)] if self._rest else []

    def _cut(self, start: int) -> int | None:
        """Where the block that begins at `start` ends, once enough has arrived to tell."""
        at = start
        for _ in range(LINES):
            end = self._rest.find("\n", at)
            if end < 0 or end > start + LONG:
                break
            at = end + 1
        else:
            return at
        if len(self._rest) <= start + LONG:
            return None
        return at if at > start else start + seams.in_plain(self._rest[start : start + LONG])

    def _settle(self, start: int, cut: int) -> None:
        flows = cut < len(self._rest) and self._rest[cut - 1] != "\n"
        self.settled.append(self._block(self._rest[start:cut], flows=flows))
        self._glued = flows
        self._offset += cut - start

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
