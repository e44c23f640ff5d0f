"""The transcript as a widget: values in, past-tense messages out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import ClassVar

from textual.binding import BindingType

from tui.ui.transcript.acting import ActingView
from tui.ui.transcript.actions import BINDINGS
from tui.ui.transcript.entry import Entry, Outline, Position
from tui.ui.transcript.focusing import Focus
from tui.ui.transcript.layout import Place, offset_in
from tui.ui.transcript.paint import Mark
from tui.ui.transcript.rendered import Rendered


class Transcript(ActingView, can_focus=True):
    """Shows a conversation; see the package for its parts."""

    BINDINGS: ClassVar[list[BindingType]] = [*BINDINGS]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._found: dict[str, Sequence[tuple[int, int]]] = {}
        self._revealed: tuple[str, int] | None = None

    def show(
        self,
        outline: Sequence[Outline],
        entries: Sequence[Entry] = (),
        *,
        at: Position | None = None,
        same: bool = False,
    ) -> None:
        """Replace the whole content; what is selected or has the focus stays so if it is there.

        Args:
            outline: every message, first to last.
            entries: texts that are at hand; the others are asked for when they come into view.
            at: where to read; by default where one was, or at what took the place of that
                message, or where it was left if it is back before one read on; the end, if
                nothing of what was shown is.
            same: it is the same chat, also where nothing is left of what was shown: then its
                first message has taken the place of that.
        """
        read = at or self._wanted or self.position
        keep = self._still(read, outline, same)
        if at is not None:
            self._left.clear()
        elif keep.entry != read.entry:
            self._left[read.entry] = read
        if self._left:
            back = (self._left[one.id] for one in reversed(outline) if one.id in self._left)
            keep = next(back, keep)
        focus = self._focus_in(outline, same)
        self._follow(not keep.entry)
        self._asked = frozenset()
        self._end_seek()
        if all(self._laid.index_of(one.id) is None for one in outline):  # another chat
            self._shift = 0
            self._owe_nothing()
        self._keep(lambda: self._laid.show(outline, entries), at=keep)
        self._drop_gone()
        self._focus_on(focus)

    def _still(self, keep: Position, outline: Sequence[Outline], same: bool) -> Position:
        """Where to read what is shown now: what is gone has left its place to another version.

        That is read as far from its beginning as this was, so nothing moves if they begin alike.
        """
        if not keep.entry:
            return keep
        was, at = self._stand_in(keep.entry, outline, same)
        if at is None or not outline:
            return Position()  # another chat
        name = outline[min(at, len(outline) - 1)].id
        if name == keep.entry:
            return keep
        read = was == self._laid.index_of(keep.entry)
        rows = self.scroll_offset.y - self._laid.row(Place(was, 0, 0)) if read else 0
        return Position(name, max(0, rows), max(0, -rows), "above")

    def _focus_in(self, outline: Sequence[Outline], same: bool) -> Focus | None:
        """What has the focus in what is shown now: the version that took its message's place."""
        focus = self._inner_focus
        at = None if focus is None else self._stand_in(focus.entry, outline, same)[1]
        if focus is None or at is None or at >= len(outline):
            return None
        return focus if outline[at].id == focus.entry else Focus(outline[at].id)

    def _stand_in(
        self, name: str, outline: Sequence[Outline], same: bool
    ) -> tuple[int, int | None]:
        """Where a message was, and where it is in `outline`; if it is gone, what took its place.

        That is the first that goes another way than what was shown up to there; after the last
        one of `outline` if nothing does, None if nothing that was shown is left before it, and
        it is not the `same` chat.
        """
        places = {one.id: at for at, one in enumerate(outline)}
        known = self._laid.outline
        was = self._laid.index_of(name) or 0
        if name in places:
            return was, places[name]
        while was and known[was - 1].id not in places:
            was -= 1
        if not was:
            return 0, 0 if same else None
        return was, places[known[was - 1].id] + 1

    def _drop_gone(self) -> None:
        """Nothing is selected in a message that is not shown any more."""
        here, selected = self._laid.index_of, self._selected
        if selected is not None and None in (
            here(selected.anchor.entry),
            here(selected.head.entry),
        ):
            self._select(None)

    def append(self, entry: Entry) -> None:
        """A new last message."""
        self._keep(lambda: self._laid.append(entry))

    def extend(self, entry_id: str, text: str, reasoning: str = "") -> None:
        """More streamed text of a live message; the caller gathers what came within a frame."""
        self._keep(lambda: self._laid.extend(entry_id, text, reasoning))

    def update(self, entry: Entry) -> None:
        """Whatever else changed of a message; its text is the whole text so far."""
        self._keep(lambda: self._laid.provide([entry]))

    # -------------------------------------------------------------- what was found

    def highlight(self, found: Mapping[str, Sequence[tuple[int, int]]]) -> None:
        """Mark stretches of messages, as (start, end) characters of their texts, in order."""
        self._found = dict(found)
        self.refresh()

    def reveal(self, entry_id: str, character: int) -> None:
        """Scroll to a character of a message's text, a third down the pane; out of any fold."""
        at = Position(entry_id, character, self.size.height // 3)
        if (message := self._laid.index_of(entry_id)) is not None:
            self._revealed = (entry_id, character)
            self._left.clear()
            self._follow(False)
            self._keep(lambda: self._laid.uncover(message, character), at=at)

    def action_next_found(self) -> None:
        """Show the next of what is marked; after the last comes the first."""
        self._step_found(1)

    def action_previous_found(self) -> None:
        """Show the one before; before the first comes the last."""
        self._step_found(-1)

    def _step_found(self, by: int) -> None:
        marked = [
            (one.id, start)
            for one in self._laid.outline
            for start, _ in self._found.get(one.id, ())
        ]
        if marked:
            before_all = -1 if by > 0 else 0
            at = marked.index(self._revealed) if self._revealed in marked else before_all
            self.reveal(*marked[(at + by) % len(marked)])

    def _marks(self, place: Place, made: Rendered) -> list[Mark]:
        marks = super()._marks(place, made)
        entry_id = self._laid.outline[place.message].id
        spans = self._found.get(entry_id)
        picture = self._laid.picture(place.message)
        if not spans or picture is None:
            return marks
        piece = picture.pieces[place.piece]
        if piece.block is None or place.piece < picture.above:
            return marks
        first, last = piece.block.start, piece.block.starts[-1] + len(piece.block.text)
        style = self._component("highlight")
        for start, end in spans[bisect_left(spans, first, key=itemgetter(1)) :]:
            if start >= last:
                break
            left, right = (offset_in(piece, made.passage, edge) for edge in (start, end))
            is_now = (entry_id, start) == self._revealed
            look = self._component("highlight-now") if is_now else style
            marks.insert(0, Mark(left, right, look))
        return marks

    # -------------------------------------------------------------- scrolling

    def action_line_down(self) -> None:
        """Scroll down a line."""
        self.scroll_to(y=self.scroll_offset.y + 1, animate=False)

    def action_line_up(self) -> None:
        """Scroll up a line."""
        self.scroll_to(y=self.scroll_offset.y - 1, animate=False)

    def action_page_further(self) -> None:
        """Scroll down a page, less a line to go on from."""
        self.scroll_to(y=self.scroll_offset.y + self.size.height - 1, animate=False)

    def action_page_back(self) -> None:
        """Scroll up a page, less a line to go on from."""
        self.scroll_to(y=self.scroll_offset.y - self.size.height + 1, animate=False)

    def action_to_start(self) -> None:
        """Go to the first message."""
        if len(self._laid):
            self._follow(False)
            self._go(Place(0, 0, 0))

    def action_to_end(self) -> None:
        """Go to the end and follow it."""
        self.follow_end()
