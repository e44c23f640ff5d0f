"""The messages that a turn begins with, as values: what the user says, and the replies to come."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.errors import ChatError, ErrorKind
from tui.core.ids import new_id
from tui.core.message import Attachment, Message, Role, Status, utc_now
from tui.core.models import ModelRef
from tui.core.safe import storable
from tui.session.chat import Chat


def question(
    chat: Chat, parent: str | None, text: str, attachments: Sequence[Attachment] = ()
) -> Message:
    """A message of the user's below `parent`.

    Raises:
        ValueError: it is empty.
    """
    text = storable(text.replace("\r\n", "\n"))
    if not text.strip() and not attachments:
        raise ValueError("an empty message is not sent")
    return Message(
        id=new_id(),
        conversation=chat.id,
        parent=parent,
        role=Role.USER,
        text=text,
        created=utc_now(),
        attachments=tuple(attachments),
    )


def pending(chat: Chat, parent: str, model: ModelRef | None = None) -> Message:
    """A reply to `parent` that is still to come, by `model` or the chat's."""
    conversation = chat.conversation
    ref = model or ModelRef(conversation.endpoint, conversation.model)
    return Message(
        id=new_id(),
        conversation=chat.id,
        parent=parent,
        role=Role.ASSISTANT,
        text="",
        created=utc_now(),
        status=Status.PENDING,
        model=ref.model,
        endpoint=ref.endpoint,
    )


def asked_by(chat: Chat, message_id: str) -> str:
    """What another reply beside this one answers; of a message of the user's, itself.

    Raises:
        ChatError: there is nothing to answer (kind BRANCH), as where a greeting begins the chat; or
            it was deleted meanwhile, in another window (kind NO_SUCH_CHAT).
    """
    chat.check(message_id)
    node = chat.tree[message_id]
    parent = message_id if node.role is Role.USER else node.parent
    if parent is None:
        raise ChatError(
            ErrorKind.BRANCH,
            "There is nothing to ask again here: this message begins the chat.",
        )
    return parent
