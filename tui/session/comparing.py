"""One message to several models at once: their replies are siblings, begun together.

All are saved with the message in one transaction, so that no crash leaves some of them; from then
on each is a turn like any other, which fails, stops and ends by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.message import Role
from tui.core.models import ModelRef
from tui.session.chat import Chat
from tui.session.new_messages import asked_by, pending, question
from tui.session.sessions import Sessions
from tui.session.turn import Turn


async def send_to_all(
    sessions: Sessions,
    chat: Chat,
    text: str,
    models: Sequence[ModelRef],
    editing: str | None = None,
) -> list[Turn]:
    """Save a message of the user's, and make a turn by each of `models`; the same one may be twice.

    Args:
        sessions: where turns live.
        chat: the chat; the message goes to the end of the branch one looks at.
        text: the message.
        models: who answers, at least one.
        editing: a message of the user's in whose place this one is said.

    Raises:
        ValueError: the message is empty, or `editing` is not the user's.
        ChatError: `editing` was deleted meanwhile, or it could not be saved; nothing of it is kept
            in `chat` then.
    """
    async with sessions.writing(chat):
        if editing is None:
            asked = question(chat, chat.leaf, text)
        else:
            chat.check(editing)
            (before,) = await sessions.load(chat, [editing])
            if before.role is not Role.USER:
                raise ValueError("only the user's own messages can be edited")
            asked = question(chat, before.parent, text, before.attachments)
        return await sessions.begin(
            chat, [asked, *(pending(chat, asked.id, ref) for ref in models)]
        )


async def ask_all_again(
    sessions: Sessions, chat: Chat, message_id: str, models: Sequence[ModelRef]
) -> list[Turn]:
    """Another reply beside `message_id` (or to it, where it is the user's) by each of `models`.

    Raises:
        ChatError: there is nothing to answer (kind BRANCH), or they could not be saved; nothing of
            them is kept in `chat` then.
    """
    async with sessions.writing(chat):
        asked = asked_by(chat, message_id)
        return await sessions.begin(chat, [pending(chat, asked, ref) for ref in models])
