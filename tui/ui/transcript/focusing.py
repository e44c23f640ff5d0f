"""The focus inside the transcript: on a message, or on a code block of one.

What the keys act on, and what each of them copies, opens and asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.core.message import Role
from tui.ui.transcript import events as told
from tui.ui.transcript import selecting
from tui.ui.transcript.block import Block, Kind
from tui.ui.transcript.entry import Entry
from tui.ui.transcript.layout import Place
from tui.ui.transcript.passage import Link
from tui.ui.transcript.picture import is_code
from tui.ui.transcript.pointing import PointedView


@dataclass(frozen=True, slots=True)
class Focus:
    """A message, and the number of its code block if that has the focus."""

    entry: str
    leaf: int | None = None


class FocusedView(PointedView):
    """A view in which a message or a code block can have the focus."""

    _focus_: Focus | None = None
    _last_link: Link | None = None

    @property
    def focused_entry(self) -> str | None:
        """Id of the message that has the focus inside the transcript."""
        return self._focus_.entry if self._focus_ else None

    def _focus_on(self, focus: Focus | None) -> None:
        before, self._focus_ = self._focus_, focus
        self._last_link = None
        if (before and before.entry) != (focus and focus.entry):
            self.post_message(told.EntryFocused(focus.entry if focus else None))
        self.refresh()

    def _focused_at(self, place: Place) -> bool:
        focus = self._focus_
        if focus is None or not self.has_focus:
            return False
        if self._layout_.outline[place.message].id != focus.entry:
            return False
        if place.piece == 0 and place.row == 0:
            return False  # the blank row above the heading
        if focus.leaf is None:
            return True
        block = self._block_at(place)
        if block is None or block.kind is not Kind.CODE or block.leaf != focus.leaf:
            return False
        return not (block.gap and place.row == 0)

    def _block_at(self, place: Place) -> Block | None:
        picture = self._layout_.picture(place.message)
        return None if picture is None else picture.pieces[place.piece].block

    def _clicked(self, place: Place) -> None:
        block = self._block_at(place)
        leaf = block.leaf if block is not None and block.kind is Kind.CODE else None
        self._focus_on(Focus(self._layout_.outline[place.message].id, leaf))

    def _chosen(self, place: Place, action: str) -> None:
        entry_id = self._layout_.outline[place.message].id
        if action == "copy_code":
            block = self._block_at(place)
            if block is not None:
                self._focus_on(Focus(entry_id, block.leaf))
                self._copy(self._code(place.message, block.leaf), "code")
        elif action == "toggle_fold":
            self._fold(place.message)
        elif action in ("previous_sibling", "next_sibling"):
            self.post_message(told.SiblingStepped(entry_id, -1 if action[0] == "p" else 1))
        else:
            self.post_message(told.ActionChosen(entry_id, action.removeprefix("action:")))

    # -------------------------------------------------------------- what is acted on

    def _acted_on(self, role: Role | None = None) -> tuple[int, Entry] | None:
        """The focused message, else the last one (of `role`) whose text is here."""
        layout = self._layout_
        at = None if self._focus_ is None else layout.index_of(self._focus_.entry)
        if at is not None and (entry := layout.entry(at)) is not None:
            return at, entry
        for at in range(len(layout) - 1, -1, -1):
            if role is None or layout.outline[at].role is role:
                entry = layout.entry(at)
                return None if entry is None else (at, entry)
        return None

    def _code(self, at: int, leaf: int) -> str:
        """The whole of a code block."""
        picture = self._layout_.picture(at)
        text = ""
        for piece in picture.pieces if picture else ():
            block = piece.block
            if block is not None and block.kind is Kind.CODE and block.leaf == leaf:
                text += ("" if block.glued or block.part == 0 else "\n") + block.text
        return text

    def _copy(self, text: str, what: str) -> None:
        if text:
            self.post_message(told.Copied(text, what))

    def _codes(self, at: int, by: int) -> Iterator[tuple[int, int]]:
        """(message, piece) of the code blocks from message `at` on, forwards or backwards."""
        while 0 <= at < len(self._layout_):
            picture = self._layout_.picture(at)
            pieces = picture.pieces if picture else []
            for index in range(len(pieces))[::by]:
                if is_code(pieces[index]):
                    yield at, index
            at += by

    # -------------------------------------------------------------- actions

    def _step_message(self, by: int) -> None:
        layout = self._layout_
        if not len(layout):
            return
        at = None if self._focus_ is None else layout.index_of(self._focus_.entry)
        if at is None:
            at = self._top.message if by < 0 else layout.place(self._top_row() - 1).message
        at = max(0, min(at + by, len(layout) - 1))
        self._focus_on(Focus(layout.outline[at].id))
        self._reveal(Place(at, 0, 0), layout.heights[at])

    def _top_row(self) -> int:
        return self.scroll_offset.y

    def action_next_message(self) -> None:
        """Focus the next message."""
        self._step_message(1)

    def action_previous_message(self) -> None:
        """Focus the previous message."""
        self._step_message(-1)

    def _step_code(self, by: int) -> None:
        layout, focus = self._layout_, self._focus_
        if not len(layout):
            return
        at = None if focus is None else layout.index_of(focus.entry)
        top = self._top
        here = (top.message, top.piece) if at is None else (at, -1 if by > 0 else 1 << 60)
        if at is not None and focus is not None and focus.leaf is not None:
            own = (spot for spot in self._codes(at, 1) if self._leaf(spot) == focus.leaf)
            here = next(own, here)
        for spot in self._codes(here[0], by):
            if (spot > here) if by > 0 else (spot < here):
                self._focus_on(Focus(layout.outline[spot[0]].id, self._leaf(spot)))
                self._reveal(Place(*spot, 0), 3)
                return

    def _leaf(self, spot: tuple[int, int]) -> int | None:
        block = self._block_at(Place(*spot, 0))
        return None if block is None else block.leaf

    def action_next_code(self) -> None:
        """Focus the next code block."""
        self._step_code(1)

    def action_previous_code(self) -> None:
        """Focus the previous code block."""
        self._step_code(-1)

    def action_copy_focused(self) -> None:
        """Copy the selection, else the focused code block or message."""
        if self._selected is not None:
            self._copy(self.selected_text, "selection")
        elif (found := self._acted_on(Role.ASSISTANT)) is not None:
            leaf = self._focus_.leaf if self._focus_ else None
            if leaf is not None:
                self._copy(self._code(found[0], leaf), "code")
            else:
                self._copy(found[1].text, "message")

    def action_copy_source(self) -> None:
        """Copy the same as the Markdown it was made of."""
        if self._selected is not None:
            source = selecting.selected_source(self._layout_, self._selected)
            self._copy(source, "Markdown")
        elif (found := self._acted_on(Role.ASSISTANT)) is not None:
            self._copy(found[1].text, "Markdown")

    def action_edit_message(self) -> None:
        """Edit the focused message, else the last one of the user's."""
        if (found := self._acted_on(Role.USER)) is not None:
            self.post_message(told.EditRequested(found[1].id))

    def action_retry_message(self) -> None:
        """Try the focused reply again, else the last one."""
        if (found := self._acted_on(Role.ASSISTANT)) is not None:
            self.post_message(told.RetryRequested(found[1].id))

    def action_previous_sibling(self) -> None:
        """Show the version before."""
        if (found := self._acted_on(Role.ASSISTANT)) is not None:
            self.post_message(told.SiblingStepped(found[1].id, -1))

    def action_next_sibling(self) -> None:
        """Show the version after."""
        if (found := self._acted_on(Role.ASSISTANT)) is not None:
            self.post_message(told.SiblingStepped(found[1].id, 1))

    def action_open_link(self) -> None:
        """Open a link of the message; the next one each time."""
        found = self._acted_on(Role.ASSISTANT)
        picture = None if found is None else self._layout_.picture(found[0])
        if picture is None:
            return
        links = [
            link
            for piece in picture.pieces
            if piece.block is not None
            for link in self._layout_.renderer.passage(piece, picture.references).links
        ]
        if not links:
            return
        at = next((n + 1 for n, link in enumerate(links) if link is self._last_link), 0)
        self._last_link = links[at % len(links)]
        self.post_message(told.LinkClicked(self._last_link.href))

    def action_toggle_fold(self) -> None:
        """Show the reasoning of the message, or hide it."""
        if (found := self._acted_on(Role.ASSISTANT)) is not None and found[1].reasoning:
            self._fold(found[0])

    def _fold(self, at: int) -> None:
        """The line that is read stays, unless it was inside of what is hidden."""
        if self._following and self._layout_.heights.before(at) >= self._top_row():
            self._follow(False)  # what unfolds is to be seen: it would push its beginning off
        self._keep(lambda: self._layout_.fold(at))

    def action_drop_selection(self) -> None:
        """Drop the selection, else the focus."""
        if self._selected is not None:
            self._select(None)
        else:
            self._focus_on(None)
