"""What can be done to the branches of a chat: look at them, name, fork, delete and bring back.

What another process does to them at the same time is taken in with each of these.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.branches import BranchRow, branch_rows
from tui.core.message import utc_now
from tui.core.tree import Tree
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.store.branches import Glimpse


class Branching:
    """The branches of one chat.

    Attributes:
        chat: the chat; it stays the one of these branches.
    """

    def __init__(self, sessions: Sessions, chat: Chat) -> None:
        self.chat = chat
        self._sessions = sessions
        self._library = sessions.library
        self._rows: list[BranchRow] = []
        self._drawn_of: tuple[Tree, int, str | None] | None = None
        self._left: dict[str, str] = {}  # where one was when a branch was deleted

    async def version(self) -> object:
        """A value that differs from the one before when anything may have changed."""
        version = await self._library.run(lambda library: library.data_version())
        turns = [turn.reply.id for turn in self._sessions.turns_of(self.chat.id)]
        return (version, len(self.chat.tree), self.chat.leaf, turns)

    async def rows(self) -> tuple[list[BranchRow], dict[str, str]]:
        """The branches as they are now, and the names of those that have one, by id.

        Raises:
            ChatError: the chat was removed for good, or the library can't be read.
        """
        chat = self.chat
        await self._sessions.refresh(chat)
        names = await self._library.run(lambda library: library.branches.names(chat.id))
        # A tree only ever grows: another shape is another tree.
        drawn_of = (chat.tree, len(chat.tree), chat.leaf)
        if drawn_of != self._drawn_of:
            self._rows, self._drawn_of = branch_rows(chat.tree, chat.leaf), drawn_of
        return self._rows, names

    def run_of(self, rows: Sequence[BranchRow], message_id: str | None) -> int:
        """Which of `rows` has a message in its run; None: the end of the branch on screen."""
        tree = self.chat.tree
        at = {row.id: number for number, row in enumerate(rows)}
        path = tree.path(message_id if message_id in tree else self.chat.leaf)
        return next((at[one] for one in reversed(path) if one in at), 0)

    async def glimpses(self, ids: list[str]) -> dict[str, Glimpse]:
        """How those of `ids` that are there begin."""
        return await self._library.run(lambda library: library.branches.glimpses(ids))

    async def rename(self, first: str, name: str) -> None:
        """Name the branch that begins with a message; an empty name takes its name away."""
        await self._library.run(lambda library: library.branches.rename(first, name))

    async def look_at(self, row: BranchRow) -> None:
        """Look at a branch: at the newest through it, unless one looks at one through it already.

        Raises:
            ChatError: it was deleted meanwhile, or that could not be saved.
        """
        await self._sessions.change(self.chat, active_leaf=self.leaf_of(row))

    def leaf_of(self, row: BranchRow) -> str | None:
        """The end of the branch that a row stands for.

        Raises:
            ChatError: it was deleted meanwhile (kind NO_SUCH_CHAT).
        """
        chat = self.chat
        chat.check(row.id)
        return chat.leaf if row.id in chat.path else chat.tree.leaf_under(row.id)

    def length(self, row: BranchRow) -> int:
        """How many messages the branch that a row stands for has, from the chat's beginning on.

        Raises:
            ChatError: it was deleted meanwhile (kind NO_SUCH_CHAT).
        """
        return len(self.chat.tree.path(self.leaf_of(row)))

    async def fork(self, row: BranchRow) -> str:
        """Make a chat of a branch, from its beginning on; returns the new chat's id.

        Raises:
            ChatError: it was deleted meanwhile, or that could not be saved.
        """
        chat, leaf = self.chat, self.leaf_of(row) or row.last
        fork = await self._library.run(
            lambda library: library.branches.fork(chat.id, leaf, utc_now())
        )
        self._sessions.observers.tell(chat)
        return fork

    async def delete(self, row: BranchRow) -> int:
        """Put a branch into the trash; returns how many messages it had.

        One who looks at it looks at what is beside it from now on.

        Raises:
            ChatError: it is all there is, a reply in it is being written, or it has gone.
        """
        chat, leaf = self.chat, self.chat.leaf
        count = await self._library.run(
            lambda library: library.branches.delete(chat.id, row.id, utc_now())
        )
        await self._sessions.refresh(chat)
        if leaf is not None and leaf not in chat.tree:
            self._left[row.id] = leaf
            await self._sessions.change(chat, active_leaf=chat.leaf)
        return count

    async def restore(self) -> tuple[str, int] | None:
        """Bring back the branch that was deleted last, and look at it again if one did.

        Returns:
            The id of its first message, and how many messages are back; None: there is none.
        """
        chat = self.chat
        back = await self._library.run(lambda library: library.branches.restore_last(chat.id))
        if back is not None:
            await self._sessions.refresh(chat)
            leaf = self._left.pop(back[0], None)
            if leaf is not None and leaf in chat.tree:
                await self._sessions.change(chat, active_leaf=leaf)
        return back
