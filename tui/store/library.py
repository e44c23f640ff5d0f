"""The library: every chat, in one SQLite database that several processes may have open.

Invariants: what a method has written when it returns survives a power cut; what it writes is one
short transaction, so that another process never sees half of it and never waits long. Emptying the
trash and making the search index anew are many of those, each of which leaves the library whole.
Nothing that was said is overwritten: a message's text changes only while a process writes it.

Synchronous, for one thread: `LibraryThread` keeps it off the event loop.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Unpack

from tui.core.conversation import Conversation
from tui.core.errors import ChatError
from tui.core.hit import Hit
from tui.core.message import Message, Role, utc_now
from tui.core.query import Query
from tui.core.results import Results
from tui.core.safe import storable
from tui.core.tree import Node
from tui.store import branch_rows, word_index
from tui.store import conversations as conversation_rows
from tui.store import messages as message_rows
from tui.store.backups import Backups
from tui.store.branches import Branches
from tui.store.catching_up import catch_up, rebuild
from tui.store.conversations import ConversationChanges
from tui.store.copies import Copies
from tui.store.database import IN_MEMORY, Database, LibrarySize
from tui.store.emptying import empty_some
from tui.store.failures import in_plain_words
from tui.store.listing import Listing
from tui.store.liveness import Liveness, Unshared
from tui.store.not_there import CANDIDATES_NAMED, ambiguous, no_such_chat, no_such_message
from tui.store.search import BEGINNING, PIECE, Page, Place, page
from tui.store.spending import Spending

TRASH_KEPT = timedelta(days=30)


class Library:
    """All chats on disk.

    Every method may raise `ChatError` of kind LIBRARY when the disk or the file fails.

    Attributes:
        copies: takes whole chats out and puts them in.
        branches: names, forks, deletes and restores the branches of chats.
        spending: adds up what replies took.
        backups: makes the weekly copy.
        listing: chats in the order of the list, and what is done to many of them at once.
    """

    def __init__(self, path: Path) -> None:
        """Open the database at `path`, made if it is missing, and settle what dead processes left.

        Args:
            path: the file; `IN_MEMORY` for a library that never touches the disk.

        Raises:
            ChatError: it can't be opened, or a newer chinwag wrote it (kind LIBRARY).
        """
        self.path = path
        self._database = Database(path)
        self.copies = Copies(self._database)
        self.branches = Branches(self._database)
        self.spending = Spending(path)
        self.backups = Backups(path)
        self.listing = Listing(self._database)
        self._due: datetime | None = None  # what was deleted before is to be removed
        self._liveness: Liveness | Unshared
        try:
            with in_plain_words(path):
                self._liveness = Unshared() if path == IN_MEMORY else Liveness(path.parent / "live")
                self._liveness.sweep()
            self.recover()
        except BaseException:
            self._database.close()
            raise

    def close(self) -> None:
        """Close it; a reply of ours that is still in flight becomes interrupted."""
        self.backups.close()
        with suppress(ChatError):  # what can't be written now, the next opening will do
            self._interrupt(lambda owner: owner == self._liveness.token)
        self._database.close()
        self._liveness.close()

    # Conversations

    def create(self, conversation: Conversation) -> None:
        """Add a chat without messages.

        Raises:
            ValueError: its id is taken, or it names an active leaf.
        """
        with self._database.transaction() as connection:
            conversation_rows.insert(connection, conversation)

    def conversation(self, conversation_id: str) -> Conversation:
        """The chat of that id, in the trash or not.

        Raises:
            ChatError: there is none (kind NO_SUCH_CHAT).
        """
        with self._database.reading() as connection:
            found = conversation_rows.by_ids(connection, [conversation_id])
        if not found:
            raise no_such_chat(conversation_id)
        return found[0]

    def resolve(self, prefix: str) -> str:
        """The id that begins with `prefix`; chats in the trash count only where no other matches.

        Raises:
            ChatError: no chat or several have such an id (kind NO_SUCH_CHAT).
        """
        prefix = storable(prefix.strip().lower())
        for deleted in (False, True) if prefix else ():
            with self._database.reading() as connection:
                found = conversation_rows.by_prefix(
                    connection, prefix, deleted=deleted, limit=CANDIDATES_NAMED + 1
                )
            if found and (len(found) == 1 or found[0][0] == prefix):
                return found[0][0]
            if found:
                raise ambiguous(prefix, found)
        raise no_such_chat(prefix)

    def conversations(
        self, *, limit: int = 200, before: Conversation | None = None, archived: bool = False
    ) -> list[Conversation]:
        """Chats by the time of their last message, newest first; never those in the trash.

        Args:
            limit: how many at most.
            before: the last one of the page before, for the next page.
            archived: those in the archive instead of those out of it.
        """
        with self._database.reading() as connection:
            ids = conversation_rows.newest_ids(
                connection, archived=archived, before=before, limit=limit
            )
            return conversation_rows.by_ids(connection, ids)

    def latest(self) -> Conversation | None:
        """The chat whose last message is the newest, None in an empty library."""
        return next(iter(self.conversations(limit=1)), None)

    def change(self, conversation_id: str, **changes: Unpack[ConversationChanges]) -> None:
        """Set the named fields of a chat and no others.

        Raises:
            ChatError: there is no such chat (kind NO_SUCH_CHAT).
            ValueError: `active_leaf` is no message of this chat.
        """
        with self._database.transaction() as connection:
            if not conversation_rows.change(connection, conversation_id, changes):
                raise no_such_chat(conversation_id)

    def delete(self, conversation_id: str, at: datetime) -> None:
        """Put a chat into the trash.

        Raises:
            ChatError: there is no such chat (kind NO_SUCH_CHAT).
        """
        with self._database.transaction() as connection:
            if not conversation_rows.mark_deleted(connection, conversation_id, at):
                raise no_such_chat(conversation_id)

    def restore(self, conversation_id: str) -> None:
        """Take a chat out of the trash.

        Raises:
            ChatError: there is no such chat (kind NO_SUCH_CHAT).
        """
        with self._database.transaction() as connection:
            if not conversation_rows.mark_deleted(connection, conversation_id, None):
                raise no_such_chat(conversation_id)

    def empty_trash(self, before: datetime) -> int:
        """Remove for good what was deleted before that time; returns how many chats.

        Branches that were deleted go too. A chat that a reply is still written in stays for now.
        """
        removed, more = empty_some(self._database, before)
        while more:
            some, more = empty_some(self._database, before)
            removed += some
        return removed

    # Messages

    def nodes(self, conversation_id: str) -> list[Node]:
        """A chat's messages in the order of their creation, without their texts."""
        with self._database.reading() as connection:
            return message_rows.nodes(connection, conversation_id)

    def end_nodes(self, conversation_id: str, leaf: str, count: int) -> list[Node]:
        """The last messages of the branch that ends with `leaf`, and all that stand beside them.

        As `nodes`, in a time that does not grow with the chat. Where the branch goes on above, the
        first of them have no parent. None where there is no such leaf (any more).
        """
        with self._database.reading() as connection:
            return message_rows.end_nodes(connection, conversation_id, leaf, count)

    def spent(self, conversation_id: str) -> float | None:
        """US dollars that a chat's replies have cost, on all branches; None where unknown."""
        with self._database.reading() as connection:
            return message_rows.spent(connection, conversation_id)

    def messages(self, ids: Sequence[str]) -> list[Message]:
        """The messages of those ids, in that order, attachments included.

        Raises:
            ChatError: one is not there (any more) (kind NO_SUCH_CHAT).
        """
        with self._database.reading() as connection:
            found = message_rows.by_ids(connection, ids)
        if missing := next((one for one in ids if one not in found), None):
            raise no_such_message(missing)
        return [found[message_id] for message_id in ids]

    def begin_turn(
        self,
        messages: Sequence[Message],
        conversation: Conversation | None = None,
        *,
        leaf: str | None = None,
    ) -> None:
        """Add messages to one chat, all or none.

        Those in flight are this process's own from here on. A user message clears the draft. A chat
        in the trash comes out of it, and so does the branch that they follow.

        Args:
            messages: parents before their children.
            conversation: the chat, if it is new.
            leaf: the one that becomes its active leaf; None: the last.

        Raises:
            ChatError: there is no such chat (kind NO_SUCH_CHAT).
            ValueError: no messages, or of several chats; a parent that is not in the chat; an id
                that is taken.
        """
        if not messages:
            raise ValueError("a turn has at least one message")
        last = messages[-1]
        chat = last.conversation if conversation is None else conversation.id
        if any(message.conversation != chat for message in messages):
            raise ValueError("a turn's messages belong to one conversation")
        sent = any(message.role is Role.USER for message in messages)
        with self._database.transaction() as connection:
            if conversation is not None:
                conversation_rows.insert(connection, conversation)
            if not conversation_rows.move_on(
                connection, chat, leaf or last.id, last.created, sent=sent
            ):
                raise no_such_chat(chat)
            for parent in {message.parent for message in messages if message.parent}:
                branch_rows.restore(connection, parent)
            for message in messages:
                message_rows.insert(connection, message, self._liveness.token)
            word_index.add(connection, [message.id for message in messages])

    def flush(self, message_id: str, text: str, reasoning: str) -> None:
        """Save what a reply says so far; its status is streaming from here on.

        Raises:
            ChatError: its chat was removed for good (kind NO_SUCH_CHAT).
            ValueError: it is finished.
        """
        with self._database.transaction() as connection:
            owner = self._liveness.token
            word_index.remove(connection, [message_id])  # it was interrupted, and goes on
            if not message_rows.flush(connection, message_id, text, reasoning, owner):
                raise _not_writable(connection, message_id)

    def finish(self, message: Message) -> None:
        """Save the end of a reply: its last text with its status and all that is known of it.

        Raises:
            ChatError: its chat was removed for good (kind NO_SUCH_CHAT).
            ValueError: its status is still in flight, or it is finished already.
        """
        if message.status.in_flight:
            raise ValueError(f"a message can't be finished as {message.status}")
        with self._database.transaction() as connection:
            word_index.remove(connection, [message.id])
            if not message_rows.finish(connection, message):
                raise _not_writable(connection, message.id)
            word_index.add(connection, [message.id])
            conversation_rows.touch(connection, message.conversation, utc_now())

    # Searching

    def search(self, query: Query, *, limit: int, in_conversation: str | None = None) -> list[Hit]:
        """Messages of all chats and branches, by chat, the best and newest first (`Results`).

        None is of a chat in the trash. A chat whose title was found is there with a message.

        Args:
            query: what is asked for; an empty one finds nothing.
            limit: how many at most.
            in_conversation: the chat that is `in:this`; None where there is none.
        """
        results = Results(utc_now())
        place: Place | None = BEGINNING
        while place is not None and results.count < limit:
            some = self.search_page(query, PIECE, place, in_conversation)
            results.add(some.hits)
            place = some.further
        return list(islice(results, limit))

    def search_page(
        self, query: Query, limit: int, place: Place, in_conversation: str | None
    ) -> Page:
        """Some hits, as far as one gets in some 20 ms, for those who share a library.

        Args:
            query: what is asked for.
            limit: how many at most.
            place: `BEGINNING`, then `further` of the page before.
            in_conversation: the chat that is `in:this`.
        """
        with self._database.reading() as connection:
            return page(connection, query, limit=limit, place=place, here=in_conversation)

    def catch_up(self) -> bool:
        """Do some of what waits for a quiet moment; True while there is more. Some 20 ms.

        Older messages are taken into the search index; what is due of the trash is removed.
        """
        if self._due is not None:
            _, more = empty_some(self._database, self._due)
            self._due = self._due if more else None
            return True
        return catch_up(self._database)

    def repair(self) -> None:
        """Make the search index anew from the messages; takes as long as reading them all."""
        rebuild(self._database)

    # The library itself

    def recover(self) -> int:
        """Declare replies of dead processes interrupted, text kept; returns how many.

        Done on opening; worth doing again when another process may have died.
        """
        return self._interrupt(lambda owner: not self._liveness.alive(owner))

    def tend(self, now: datetime) -> None:
        """What is due from time to time: see to the dead, begin a copy, empty the trash.

        Of the trash only some goes now; the rest waits for quiet moments (`catch_up`).
        """
        self.recover()
        self._due = now - TRASH_KEPT
        self.catch_up()
        self.backups.tend(now)

    def data_version(self) -> int:
        """A number that moves when another connection has changed the library."""
        return self._database.data_version()

    def size(self) -> LibrarySize:
        """How much it holds."""
        return self._database.size()

    def check(self) -> list[str]:
        """What is wrong, in sentences; empty when it is healthy. Reads the whole file."""
        return self._database.check()

    def _interrupt(self, concerns: Callable[[str], bool]) -> int:
        with self._database.reading() as connection:
            owners = [owner for owner in message_rows.owners(connection) if concerns(owner)]
        if not owners:
            return 0  # the usual case takes no lock
        with self._database.transaction() as connection:
            ids = message_rows.in_flight_of(connection, owners)
            message_rows.interrupt(connection, ids)
            word_index.add(connection, ids)
        return len(ids)


def _not_writable(connection: sqlite3.Connection, message_id: str) -> Exception:
    found = message_rows.by_ids(connection, [message_id])
    if not found:
        return no_such_message(message_id)
    return ValueError(f"message {message_id} is {found[message_id].status} already")
