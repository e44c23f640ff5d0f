"""Keeping chats in order: rename, pin, tag, archive, delete, undo, export.

While the list has the focus, all of these act on the chats that are marked there, else on the
highlighted one; otherwise on the chat on screen. What was done is told, with the key that undoes
it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import date, datetime
from functools import partial

from textual import on

from tui.core.arranging import Deed, archive_toggled, pin_toggled, renamed, tagged
from tui.core.conversation import Conversation
from tui.core.safe import shown_line
from tui.core.tags import common_tags, parse_tag_changes, parse_tags, tag_changes, written_tags
from tui.session.arranging import Arranging
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.ui.actions import chosen_actions, written_keys
from tui.ui.chat_rows import DeleteRequested, UndoRequested
from tui.ui.choosing import ModelChoice
from tui.ui.listed_screen import ListedScreen
from tui.ui.memory import Memory

# What is done to chats of these ids, and waits for the disk.
Act = Callable[[Sequence[str]], Coroutine[object, object, None]]

LISTED_SECONDS = 2.0
MANY = 100  # chats; exporting more takes a while, which is said


class ArrangingScreen(ListedScreen):
    """A conversation, and the list kept in order."""

    def __init__(
        self,
        sessions: Sessions,
        chat: Chat,
        run_turn: Callable[[Turn], object],
        choice: ModelChoice,
        memory: Memory,
    ) -> None:
        super().__init__(sessions, chat, run_turn, choice, memory)
        self._arranging = Arranging(sessions)

    # What is acted on

    def _on_targets(self, act: Act, *, asks: bool = False) -> None:
        """Do something to what is marked or highlighted in the list, else to the chat on screen.

        Args:
            act: what is done.
            asks: it opens a dialog first; what is typed behind it is for that.
        """
        if self.focused is not self.chats:
            self.opening(act, (self.chat.id,))
        elif asks:
            self.opening(self._ask_of_listed, act)
        else:
            # Behind what was typed there before.
            self.chats.call_later(self.chats.when_ready, partial(self._on_listed, act))

    def _on_listed(self, act: Act) -> None:
        if targets := self.chats.targets:
            self.doing(act, targets)

    async def _ask_of_listed(self, act: Act) -> None:
        ready = asyncio.Event()
        self.chats.call_later(self.chats.when_ready, ready.set)
        try:
            # Keys wait meanwhile: not for ever, where the library can't be read.
            await asyncio.wait_for(ready.wait(), LISTED_SECONDS)
        except TimeoutError:
            return
        if targets := self.chats.targets:
            await act(targets)

    def _is_new(self, ids: Sequence[str]) -> bool:
        """Whether it is about the chat on screen before anything was said in it."""
        return tuple(ids) == (self.chat.id,) and not self.chat.saved

    async def _read(self, ids: Sequence[str]) -> Sequence[Conversation]:
        if self._is_new(ids):
            return [self.chat.conversation]
        return await self.sessions.library.run(lambda library: library.listing.chats(ids))

    async def _do(self, deed: Deed, ids: Sequence[str]) -> None:
        if self._is_new(ids):
            (wish,) = deed([self.chat.conversation])
            await self.sessions.change(
                self.chat, title=wish.title, titled=wish.titled, pinned=wish.pinned, tags=wish.tags
            )
        else:
            await self._done(await self._arranging.do(ids, deed))

    async def _done(self, what: str) -> None:
        """Show what was done, and say so."""
        await self._show_anew()
        if not what:
            self.tell("It was so already.")
            return
        actions = chosen_actions(self.sessions.settings.keys)
        key = next(written_keys(action.keys, 1) for action in actions if action.id == "undo")
        ways = f"{key} in the list, or /undo, takes" if key else "/undo takes"
        self.tell(f"{what}. {ways} it back.")

    async def _show_anew(self) -> None:
        await self.feed.refresh()
        if await self.sessions.refresh(self.chat):
            self.chat_shown()

    # Pin, archive, rename, tags

    def action_pin(self) -> None:
        """Pin, or unpin."""
        self._on_targets(partial(self._do, pin_toggled))

    def action_archive(self) -> None:
        """Put into the archive, or take out of it."""
        self._on_targets(self._archive)

    async def _archive(self, ids: Sequence[str]) -> None:
        if self._is_new(ids):
            self.tell("There is nothing to archive yet.")
            return
        await self._do(archive_toggled, ids)
        self.chats.unmark()

    def action_rename(self) -> None:
        """Give a chat a title."""
        self._on_targets(self._ask_title, asks=True)

    async def _ask_title(self, ids: Sequence[str]) -> None:
        from tui.ui.dialogs import RenameDialog

        if len(ids) > 1:
            self.tell(f"{len(ids):,} chats are marked: they are renamed one by one.")
            return

        def renaming(title: str | None) -> None:
            if title:
                self.doing(self._do, renamed(title), ids)

        for chat in await self._read(ids):
            self.app.push_screen(RenameDialog(chat.title), renaming)

    def action_tag(self) -> None:
        """Change the tags of a chat, or those that several have in common."""
        self._on_targets(self._ask_tags, asks=True)

    async def _ask_tags(self, ids: Sequence[str]) -> None:
        from tui.ui.dialogs import LineDialog

        before = common_tags([chat.tags for chat in await self._read(ids)])

        def tagging(written: str | None) -> None:
            if written is None:
                return
            add, remove = tag_changes(before, parse_tags(written))
            if add or remove:
                self.doing(self._do, tagged(add, remove), ids)

        of = "this chat" if len(ids) == 1 else f"{len(ids):,} chats"
        self.app.push_screen(
            LineDialog(
                f"Tags of {of}",
                "Enter saves · Esc cancels",
                f"{written_tags(before)} " if before else "",
                "work ideas",
                "" if len(ids) == 1 else "Those that all of them have; the others stay.",
                adding=True,
            ),
            tagging,
        )

    # Delete, undo

    def action_delete_chat(self) -> None:
        """Throw away; it can be brought back."""
        self._on_targets(self._delete)

    @on(DeleteRequested)
    def _delete_requested(self, event: DeleteRequested) -> None:
        self.doing(self._delete, event.ids)

    async def _delete(self, ids: Sequence[str]) -> None:
        if self._is_new(ids):
            return
        what = await self._arranging.delete(ids)
        in_list = self.chats.has_focus
        self.chats.unmark()
        if self.chat.id in ids:
            await self.show_chat(self.sessions.new(self.choice.default))
            if in_list:  # to go on there, or to undo
                self.focus_list()
        await self._done(what)

    @on(UndoRequested)
    def action_undo(self) -> None:
        """Take back what was done last."""
        self.doing(self._undo)

    async def _undo(self) -> None:
        undone = await self._arranging.undo()
        if undone is None:
            self.tell("There is nothing to undo: nothing was done since chinwag started.")
            return
        await self._show_anew()
        if self.chats.has_focus:
            self.chats.seek(undone.ids[0])
        left = f" {undone.left:,} changed since and stay." if undone.left else ""
        self.tell(f"Undone: {undone.what}.{left}")
        # What was on screen when it was deleted is there again.
        alone = undone.restored and len(undone.ids) == 1
        if alone and not self.chat.saved and not self.writer.draft.strip():
            in_list = self.chats.has_focus
            await self.open_chat(undone.ids[0])
            if in_list:
                self.focus_list()

    # Export

    def action_export(self) -> None:
        """Write the chat on screen into a file; from the list, ask how and where to."""
        if self.focused is self.chats:
            self._on_targets(self._ask_export, asks=True)
        else:
            self.doing(self._export_chat, "")

    async def _export_chat(self, words: str) -> None:
        if not self.chat.saved:
            self.tell("There is nothing to export yet.")
            return
        from tui.ui.exporting import export_chats

        ids = (self.chat.id,)
        _, path = await export_chats(self.sessions.library, ids, words, _today())
        self.tell(f"Exported to {path}")

    def action_export_all(self) -> None:
        """Ask how and where to write all chats."""
        self.opening(self._export_all, "")

    async def _export_all(self, words: str) -> None:
        from tui.ui.exporting import all_ids

        ids = await all_ids(self.sessions.library)
        if not ids:
            self.tell("There is nothing to export yet.")
        elif words:
            await self._export(words, ids)
        else:
            await self._ask_export(ids)

    async def _ask_export(self, ids: Sequence[str]) -> None:
        from tui.ui.dialogs import LineDialog
        from tui.ui.exporting import EXPORT_HELP, suggested_words

        def exporting(words: str | None) -> None:
            if words is not None:
                self.doing(self._export, words, ids)

        self.app.push_screen(
            LineDialog(
                "Export this chat" if len(ids) == 1 else f"Export {len(ids):,} chats",
                "Enter exports · Esc cancels",
                suggested_words(_today(), len(ids)),
                help_text=EXPORT_HELP,
            ),
            exporting,
        )

    async def _export(self, words: str, ids: Sequence[str]) -> None:
        from tui.ui.exporting import export_chats

        if len(ids) > MANY:
            self.tell(f"Exporting {len(ids):,} chats…")
        count, path = await export_chats(self.sessions.library, ids, words, _today())
        what = "1 chat" if count == 1 else f"{count:,} chats"
        self.tell(f"Exported {what} to {path}")

    # By slash, for the chat on screen

    def arrange_by_words(self, name: str, words: str) -> bool:
        """What stands behind `/title`, `/tag` and `/export`."""
        ids = (self.chat.id,)
        if name == "title":
            if title := shown_line(words):
                self.doing(self._do, renamed(title), ids)
        elif name == "tag":
            self.doing(self._do, tagged(*parse_tag_changes(words)), ids)
        elif name == "export":
            self.doing(self._export_chat, words)
        elif name == "export-all":
            self.doing(self._export_all, words)
        else:
            return False
        return True


def _today() -> date:
    return datetime.now().astimezone().date()
