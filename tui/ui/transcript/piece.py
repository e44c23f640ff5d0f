"""What a message's picture is made of: blocks of its text, and the lines around them.

Every piece can say what it holds, about how tall it is, and what its rows are at a width. Pieces
are compared by identity and never change, so whatever is made of them can be kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Protocol

from tui.core.safe import shown, shown_line
from tui.ui.format import cut
from tui.ui.transcript import look as looks
from tui.ui.transcript.block import Block, Kind
from tui.ui.transcript.compose import compose
from tui.ui.transcript.flow import Flow, flow_of, settle
from tui.ui.transcript.inline import References
from tui.ui.transcript.passage import Passage
from tui.ui.transcript.rows import MEASURE, Hot, Literal, Row, block_rows, estimate
from tui.ui.transcript.wrap import width_of


class Piece(Protocol):
    """A piece of a message's picture."""

    @property
    def block(self) -> Block | None:
        """The block of the message's own text that it shows, if it does."""

    def passage(self, references: References) -> Passage:
        """Its text with looks; for no width and no theme in particular."""

    def laid(
        self, passage: Passage, width: int, references: References
    ) -> tuple[Passage, list[Row]]:
        """Its rows in a column of `width` cells, and the passage that they speak of."""

    def estimate(self, width: int) -> int:
        """About how many rows it takes."""


@dataclass(frozen=True, slots=True, eq=False)
class BodyPiece:
    """A block of the message's text, or of its reasoning.

    Attributes:
        look: added to all of it.
        folded: the lines of a code block that only its header is shown of; None: it is open.
        before: the part that flows into it.
        sign: stands before each of its rows.
    """

    block: Block
    look: int = looks.PLAIN
    folded: int | None = None
    before: BodyPiece | None = None
    sign: str = ""
    _flow: list[Flow] = field(default_factory=list, init=False, repr=False)

    def passage(self, references: References) -> Passage:
        """See `Piece`."""
        return compose(self.block, references, self.look)

    def laid(
        self, passage: Passage, width: int, references: References
    ) -> tuple[Passage, list[Row]]:
        """See `Piece`."""
        if self.before is not None:
            passage = replace(passage, lead=self.before.rest(width, references))
        until = None
        if self.block.flows:
            if not self._flow:
                self._flow.append(flow_of(self.block, passage))
            until = self.settled(width, references).start
            self._flow[0].rest = passage.tail(until)
        fill = self.look & looks.USER
        rows = block_rows(
            self.block, passage, self._room(width), fill=fill, folded=self.folded, until=until
        )
        if self.sign:
            lead = Literal(self.sign, self.look)
            rows = [replace(row, items=(lead, *row.items)) for row in rows]
        return passage, rows

    def _room(self, width: int) -> int:
        """Cells that are left beside its sign."""
        return max(8, width - width_of(self.sign)) if self.sign else width

    def rest(self, width: int, references: References) -> Passage:
        """The row that it leaves to the next part."""
        flow = self.settled(width, references)
        if flow.rest is None:
            flow.rest = self.passage(references).tail(flow.start)
        return flow.rest

    def settled(self, width: int, references: References) -> Flow:
        """Where its own rows end; what is before it in the same line is settled first."""
        todo = [self]
        while (flow := todo[-1].flow(references)).width != width:
            if flow.alone or (before := todo[-1].before) is None:
                break
            todo.append(before)
        for piece in reversed(todo):
            flow = piece.flow(references)
            if flow.width != width:
                left = ""
                if piece.before is not None and not flow.alone:
                    left = piece.before.flow(references).left
                settle(flow, left, piece.block, self._room(width))
                flow.width = width
        return flow

    def flow(self, references: References) -> Flow:
        """What it leaves to the next part, at the width asked for last."""
        if not self._flow:
            self._flow.append(flow_of(self.block, self.passage(references)))
        return self._flow[0]

    def forget(self) -> None:
        """What it says has changed: a link that it refers to was defined."""
        self._flow.clear()

    def estimate(self, width: int) -> int:
        """See `Piece`."""
        if self.folded is not None:
            return 1 + self.block.gap
        return estimate(self.block, self._room(width))


@dataclass(frozen=True, slots=True, eq=False)
class NotePiece:
    """Words about a message, wrapped, behind a sign: a status, an error, numbers.

    Attributes:
        aside: nobody means it who selects what was said around it.
    """

    text: str
    look: int
    sign: str = ""
    hot: str = ""
    aside: bool = False

    @property
    def block(self) -> Block | None:
        """None: it is no part of the message's own text."""
        return None

    def passage(self, references: References) -> Passage:  # noqa: ARG002 - the protocol's
        """See `Piece`."""
        return Passage(self.text, (0,), (self.look,))

    def laid(
        self,
        passage: Passage,
        width: int,
        references: References,  # noqa: ARG002 - the protocol's
    ) -> tuple[Passage, list[Row]]:
        """See `Piece`."""
        fill = self.look & looks.USER
        block = Block(Kind.PLAIN, self.text, (0,))
        margin = width_of(self.sign)
        rows: list[Row] = []
        for row in block_rows(block, passage, max(8, width - margin), fill=fill):
            lead = Literal(" " * margin if rows else self.sign, self.look)
            hot = (Hot(0, width, self.hot),) if self.hot else ()
            rows.append(Row((lead, *row.items), fill, hot))
        return passage, rows

    def estimate(self, width: int) -> int:
        """See `Piece`."""
        return 1 + len(self.text) // width


@dataclass(frozen=True, slots=True, eq=False)
class ChipsPiece:
    """A line of (text, look, action) stretches; those with an action can be clicked.

    Attributes:
        gap: a blank row stands before it.
        fill: the look behind its row.
    """

    parts: tuple[tuple[str, int, str], ...]
    gap: bool = False
    fill: int = looks.PLAIN

    @property
    def block(self) -> Block | None:
        """None: it is no part of the message's own text."""
        return None

    def passage(self, references: References) -> Passage:  # noqa: ARG002 - the protocol's
        """See `Piece`."""
        return Passage("")

    def laid(
        self,
        passage: Passage,
        width: int,
        references: References,  # noqa: ARG002 - the protocol's
    ) -> tuple[Passage, list[Row]]:
        """See `Piece`; what does not fit goes on in the next row."""
        rows = [Row()] if self.gap else []
        items: list[Literal] = []
        hot: list[Hot] = []
        at = 0
        for text, look, action in self.parts:
            text = shown(text)
            size = width_of(text)
            if items and at + size > width:
                rows.append(Row(tuple(items), self.fill, tuple(hot)))
                items, hot, at = [], [], 0
            items.append(Literal(text, look | self.fill))
            if action:
                hot.append(Hot(at, at + size, action))
            at += size
        rows.append(Row(tuple(items), self.fill, tuple(hot)))
        return passage, rows

    def estimate(self, width: int) -> int:  # noqa: ARG002 - the protocol's
        """See `Piece`."""
        return 1 + self.gap


@dataclass(frozen=True, slots=True, eq=False)
class FoldedPiece:
    """A whole message in one line, cut to the width: clicking it opens it.

    Attributes:
        left: (text, look, action) stretches that are never cut: who speaks, and which version;
            those with an action do that instead.
        words: how it begins.
        right: what is said of the rest.
        fill: the look behind it.
    """

    left: tuple[tuple[str, int, str], ...]
    words: str
    right: str
    fill: int = looks.PLAIN

    @property
    def block(self) -> Block | None:
        """None: it stands for the text and is no part of it."""
        return None

    def passage(self, references: References) -> Passage:  # noqa: ARG002 - the protocol's
        """See `Piece`."""
        return Passage("")

    def laid(
        self,
        passage: Passage,
        width: int,
        references: References,  # noqa: ARG002 - the protocol's
    ) -> tuple[Passage, list[Row]]:
        """See `Piece`."""
        items: list[Literal] = []
        hot: list[Hot] = []
        at = 0
        for text, look, action in self.left:
            items.append(Literal(text, look | self.fill))
            size = width_of(text)
            if action:
                hot.append(Hot(at, at + size, action))
            at += size
        hot.append(Hot(0, width, "fold_message"))
        right = f"  {self.right}" if self.right else ""
        room = min(width, MEASURE) - at - width_of(right)
        words = cut(shown_line(self.words), max(0, room - 2))
        items.append(Literal(f"  {words}" if words else "", looks.PLAIN | self.fill))
        items.append(Literal(right, looks.QUIET | self.fill))
        return passage, [Row(), Row(tuple(items), self.fill, tuple(hot))]

    def estimate(self, width: int) -> int:  # noqa: ARG002 - the protocol's
        """See `Piece`."""
        return 2


def alike(one: Piece, other: Piece) -> bool:
    """Whether two lines around a text say the same."""
    if not isinstance(one, NotePiece | ChipsPiece) or type(one) is not type(other):
        return False
    return all(getattr(one, each.name) == getattr(other, each.name) for each in fields(one))
