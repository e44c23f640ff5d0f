"""What the keys and the chips do: each acts on the focus, and asks for what is not its own.

Copying, opening, editing, trying again and stepping through siblings are messages: the transcript
shows, others do.
"""

from __future__ import annotations

from textual.selection import Selection

from tui.core.message import Role
from tui.ui.transcript import events as told
from tui.ui.transcript import selecting
from tui.ui.transcript.awaiting import AwaitingView
from tui.ui.transcript.block import Kind
from tui.ui.transcript.compose import may_link
from tui.ui.transcript.focusing import Focus
from tui.ui.transcript.folding import Foldable
from tui.ui.transcript.layout import Place
from tui.ui.transcript.picture import Picture


class ActingView(AwaitingView):
    """A view that acts on what has the focus, else on the last message."""

    _last_link = (
        "",
        0,
        0,
    )  # message, piece of its text, and number in that, of the last one opened

    def _chosen(self, place: Place, action: str) -> None:
        entry_id = self._laid.outline[place.message].id
        if action == "copy_code":
            block = self._block_at(place)
            if block is not None:
                self._focus_on(Focus(entry_id, block.leaf))
                self._copy_code(entry_id, block.leaf)
        elif action == "fold_code":
            block = self._block_at(place)
            if block is not None:
                self._focus_on(Focus(entry_id, block.leaf))
                self._fold(place.message, block.leaf)
        elif action == "fold_message":
            self._focus_on(Focus(entry_id))
            self._fold(place.message, "message")
        elif action == "fold_reasoning":
            self._fold(place.message, "reasoning")
        elif action in ("previous_sibling", "next_sibling"):
            self.post_message(told.SiblingStepped(entry_id, -1 if action[0] == "p" else 1))
        else:
            self.post_message(told.ActionChosen(entry_id, action.removeprefix("action:")))

    def _acted_on(self, role: Role) -> int | None:
        """The focused message, else the last one of `role`."""
        layout = self._laid
        focus = self._inner_focus
        if focus is not None and (at := layout.index_of(focus.entry)) is not None:
            return at
        last = reversed(range(len(layout)))
        return next((at for at in last if layout.outline[at].role is role), None)

    def _name_of(self, role: Role) -> str | None:
        at = self._acted_on(role)
        return None if at is None else self._laid.outline[at].id

    def _code(self, at: int, leaf: int) -> str:
        """The whole of a code block."""
        picture = self._laid.picture(at)
        text = ""
        for piece in picture.pieces if picture else ():
            block = piece.block
            if block is not None and block.kind is Kind.CODE and block.leaf == leaf:
                text += ("" if block.glued or block.part == 0 else "\n") + block.text
        return text

    def _copy(self, text: str, what: str) -> None:
        if text:
            self.post_message(told.Copied(text, what))

    def action_copy_focused(self) -> None:
        """Copy the selection, else the focused code block or message."""
        if self._selected is not None:
            self._copy_selected("selection")
        elif (focus := self._inner_focus) is not None and (leaf := focus.leaf) is not None:
            self._copy_code(focus.entry, leaf)
        else:
            self._copy_message("message")

    def action_copy_source(self) -> None:
        """Copy the same as the Markdown it was made of."""
        if self._selected is not None:
            self._copy_selected("Markdown")
        else:
            self._copy_message("Markdown")

    def _copy_message(self, what: str) -> None:
        if (name := self._name_of(Role.ASSISTANT)) is not None:
            self._once_here(
                lambda: (name,), lambda: self._copy(self._text_of(name), what), read=False
            )

    def _copy_code(self, name: str, leaf: int) -> None:
        def copy() -> None:
            if (at := self._laid.index_of(name)) is not None:
                self._copy(self._code(at, leaf), "code")

        self._once_here(lambda: (name,), copy)

    def _text_of(self, name: str) -> str:
        at = self._laid.index_of(name)
        return "" if at is None else self._laid.text(at) or ""

    def _copy_selected(self, what: str) -> None:
        """Copy the selection, once all of it is here."""
        selected, layout = self._selected, self._laid
        if selected is None:
            return
        extract = selecting.selected_source if what == "Markdown" else selecting.selected_text
        self._once_here(
            lambda: selecting.covered(layout, selected),
            lambda: self._copy(extract(layout, selected), what),
        )

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What Textual's copy action takes; what is not here of it is copied as soon as it is."""
        text = super().get_selection(selection)
        if self._selected is not None and not selecting.all_here(self._laid, self._selected):
            self._copy_selected("selection")
        return text

    def action_edit_message(self) -> None:
        """Edit the focused message, else the last one of the user's."""
        if (name := self._name_of(Role.USER)) is not None:
            self.post_message(told.EditRequested(name))

    def action_retry_message(self) -> None:
        """Try the focused reply again, else the last one."""
        if (name := self._name_of(Role.ASSISTANT)) is not None:
            self.post_message(told.RetryRequested(name))

    def action_previous_sibling(self) -> None:
        """Show the version before."""
        if (name := self._name_of(Role.ASSISTANT)) is not None:
            self.post_message(told.SiblingStepped(name, -1))

    def action_next_sibling(self) -> None:
        """Show the version after."""
        if (name := self._name_of(Role.ASSISTANT)) is not None:
            self.post_message(told.SiblingStepped(name, 1))

    def action_show_branches(self) -> None:
        """Show where the chat forked."""
        self.post_message(told.BranchesWanted(self.focused_entry))

    def action_open_link(self) -> None:
        """Open a link of the message; the next one each time."""
        if (name := self._name_of(Role.ASSISTANT)) is not None:
            self._once_here(lambda: (name,), lambda: self._open_link(name))

    def _open_link(self, name: str) -> None:
        at = self._laid.index_of(name)
        picture = None if at is None else self._laid.picture(at)
        if picture is None:
            return
        last, piece, number = self._last_link
        found = self._link_from(picture, piece, number + 1) if last == name else None
        found = found or self._link_from(picture, 0, 0)
        if found is not None:
            piece, number, href = found
            self._last_link = (name, piece, number)
            self.post_message(told.LinkClicked(href))

    def _link_from(self, picture: Picture, start: int, number: int) -> tuple[int, int, str] | None:
        """The first link from one of a piece on: its piece, its number in that, where it leads."""
        for index in range(start, picture.below - picture.above):
            piece = picture.pieces[picture.above + index]
            if may_link(piece.block, picture.references):
                links = self._laid.renderer.passage(piece, picture.references).links
                if number < len(links):
                    return index, number, links[number].href
            number = 0
        return None

    def action_toggle_fold(self) -> None:
        """Fold the focused code block or message, or open it; else the last reply's reasoning."""
        focus = self._inner_focus
        at = None if focus is None else self._laid.index_of(focus.entry)
        if focus is None or at is None:
            self.action_toggle_reasoning()
        else:
            self._fold(at, "message" if focus.leaf is None else focus.leaf)

    def action_toggle_reasoning(self) -> None:
        """Show the reasoning of the message, or hide it."""
        if (name := self._name_of(Role.ASSISTANT)) is not None:
            self._once_here(lambda: (name,), lambda: self._fold_reasoning(name), read=False)

    def _fold_reasoning(self, name: str) -> None:
        at = self._laid.index_of(name)
        entry = None if at is None else self._laid.entry(at)
        if at is not None and entry is not None and entry.reasoning:
            self._fold(at, "reasoning")

    def _fold(self, at: int, what: Foldable) -> None:
        """Fold or open something; its header stays where it is, or else the line that is read."""
        layout = self._laid
        header = self._steadily(lambda: layout.header(at, what))
        row = layout.row(header) - self.scroll_offset.y
        if not 0 <= row < self.scrollable_content_region.height:
            self._keep(lambda: layout.fold(at, what))
            return
        self._wanted = None
        before = layout.heights[at]
        layout.fold(at, what)
        if layout.heights[at] > before:
            self._follow(False)  # what opens is to be seen: following would push its beginning off
        self._settle(layout.header(at, what), row)
        self._follow(self.scroll_offset.y >= layout.heights.total - self.size.height)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The key that drops is not ours while a reply may be stopped, nor without what to drop.

        Who finds that there is none to stop (another window writes it) calls the action itself.
        """
        if action != "drop_selection":
            return super().check_action(action, parameters)
        layout = self._laid
        last = layout.entry(len(layout) - 1) if len(layout) else None
        if last is not None and last.live:
            return False
        return self.seeking or self._selected is not None or self._inner_focus is not None

    def action_drop_selection(self) -> None:
        """Drop the selection, else the focus."""
        if self.seeking:
            self._end_seek()
        elif self._selected is not None:
            self._select(None)
        else:
            self._focus_on(None)
