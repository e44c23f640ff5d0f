"""Makes a chat of ours from the messages of another program's.

There, a tree has more in it than people see: empty roots, hidden messages, calls of tools and what
they answered, thoughts. Here a message is what a user, a model or a system prompt said. So

- what says nothing is passed over, and what followed it follows what was before it;
- what a model did on the way to a reply (`Role.TOOL`) becomes the beginning of that reply's
  reasoning, which is shown folded and never sent. Where the way ends or forks before any reply, a
  reply without text is made of it. So each step stands in exactly one message;
- a message whose parent is missing begins a branch of its own.

Ids are derived from the source's, so the same chat is the same here however often it is read.
Nothing here recurses, and the work grows with the number of messages alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tui.core.conversation import Conversation, title_from
from tui.core.errors import ErrorInfo
from tui.core.ids import derived_id
from tui.core.message import Attachment, Message, Role, Status
from tui.core.usage import Usage
from tui.core.whole import WholeConversation, whole_conversation
from tui.store.foreign.values import fenced
from tui.store.formats.fields import unreadable

STEP_LENGTH = 20_000  # characters of a step that are kept: tools answer with whole web pages
_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Said:
    """One node of another program's chat.

    Attributes:
        key: its id there.
        parent: the id of the one before it; None for the first.
        role: who said it; `Role.TOOL` for a step on the way to a reply; None for what says nothing.
        created: UTC; None where it is not known.
    """

    key: str
    parent: str | None
    role: Role | None
    text: str = ""
    created: datetime | None = None
    reasoning: str = ""
    reasoning_ms: int | None = None
    total_ms: int | None = None
    model: str = ""
    status: Status = Status.COMPLETE
    finish_reason: str | None = None
    error: ErrorInfo | None = None
    usage: Usage | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def says_nothing(self) -> bool:
        """Whether nobody would miss it."""
        silent = not (self.text.strip() or self.reasoning or self.attachments or self.error)
        return self.role is None or (silent and self.reasoning_ms is None)


def step(who: str, content: str, language: str = "") -> str:
    """What a model did on the way to its reply, in Markdown."""
    cut = content if len(content) <= STEP_LENGTH else content[:STEP_LENGTH] + "\n…"
    return f"{who}\n\n{fenced(cut, language)}"


def assembled(
    conversation: Conversation, said: Sequence[Said], leaf: str | None = None
) -> WholeConversation:
    """The chat of these nodes, which may come in any order; siblings come in the one they have.

    Args:
        conversation: its values, but for those that its messages say: the leaf it was left on and,
            where they are empty, title and model.
        said: its nodes.
        leaf: the key of the one it was left on.

    Raises:
        ChatError: the nodes are no trees (kind FILE).
    """
    made = _Assembly(conversation, said)
    made.run()
    messages = made.messages()
    at = made.places.get(leaf) if leaf is not None else None
    whole = whole_conversation(conversation, messages)
    tree = whole.tree()
    active = tree.newest_leaf() if at is None else tree.leaf_under(at)
    spoken = [message for message in messages if message.role is Role.USER] or messages
    return replace(
        whole,
        conversation=replace(
            whole.conversation,
            active_leaf=active,
            title=conversation.title or (title_from(spoken[0].text) if spoken else ""),
            model=conversation.model or next((m.model for m in reversed(messages) if m.model), ""),
        ),
    )


class _Assembly:
    """One chat's nodes on their way to messages.

    Attributes:
        places: the message in which each node ended, by its key; None where there was none before.
    """

    def __init__(self, conversation: Conversation, said: Sequence[Said]) -> None:
        self._conversation = conversation
        self._nodes = {one.key: one for one in said}
        if len(self._nodes) < len(said):
            raise unreadable("Two of its messages have the same id")
        self._below: dict[str | None, list[Said]] = {}
        for one in said:
            parent = one.parent if one.parent in self._nodes else None
            self._below.setdefault(parent, []).append(one)
        self._made: list[tuple[datetime, Message]] = []
        self.places: dict[str, str | None] = {}

    def run(self) -> None:
        """Walk all trees, depth first."""
        # A node, the message it follows, steps that wait for a reply, and the time it was not
        # made before. A node has its steps to itself: they never go past a fork.
        waiting: list[tuple[Said, str | None, list[Said], datetime]] = [
            (root, None, [], self._conversation.created)
            for root in reversed(self._below.get(None, []))
        ]
        while waiting:
            one, after, steps, earliest = waiting.pop()
            below = self._below.get(one.key, [])
            at = max(earliest, one.created or earliest)
            if one.says_nothing:
                pass
            elif one.role is Role.TOOL:
                if steps:
                    steps.append(one)  # nobody else has this list, for it is on no fork
                else:
                    steps = [one]
            elif one.role is Role.ASSISTANT:
                after, steps = self._add(one, steps, after, at), []
            else:
                if steps:
                    after, steps = self._add(_silent(steps[-1]), steps, after, earliest), []
                after = self._add(one, [], after, at)
            if steps and len(below) != 1:
                after, steps = self._add(_silent(steps[-1]), steps, after, at), []
            self.places[one.key] = after
            waiting += [(child, after, steps, at) for child in reversed(below)]
        if len(self.places) < len(self._nodes):
            raise unreadable("Its messages answer each other in a circle")

    def messages(self) -> list[Message]:
        """What was made, in the order of creation; `sorted` keeps parents before their children."""
        return [message for _, message in sorted(self._made, key=lambda made: made[0])]

    def _add(self, one: Said, steps: Sequence[Said], after: str | None, at: datetime) -> str:
        thought = [step.text for step in steps if step.text]
        spent = [step.reasoning_ms for step in (*steps, one) if step.reasoning_ms is not None]
        attached = [attachment for step in (*steps, one) for attachment in step.attachments]
        message = Message(
            id=derived_id(self._conversation.id, one.key),
            conversation=self._conversation.id,
            parent=after,
            role=one.role or Role.ASSISTANT,
            text=one.text,
            created=one.created or at,
            status=one.status,
            reasoning="\n\n".join([*thought, one.reasoning] if one.reasoning else thought),
            model=one.model or next((step.model for step in steps if step.model), ""),
            endpoint=self._conversation.endpoint if one.role is Role.ASSISTANT else "",
            error=one.error,
            finish_reason=one.finish_reason,
            usage=one.usage,
            reasoning_ms=sum(spent) if spent else None,
            total_ms=one.total_ms,
            attachments=tuple(dict.fromkeys(attached)),
        )
        self._made.append((at, message))
        return message.id


def _silent(last: Said) -> Said:
    """The reply without words at the end of steps, of which this was the last."""
    return replace(
        last, role=Role.ASSISTANT, text="", reasoning="", attachments=(), reasoning_ms=None
    )


class Chain:
    """The messages of a program that names none of them in a way that lasts.

    A message's id is made of what it says and of the one before it. So what was said before is the
    same when the chat is read again, and what was said instead of it stands beside it.
    """

    def __init__(self) -> None:
        self.said: list[Said] = []
        self._keys: set[str] = set()

    def add(self, one: Said) -> str:
        """Add a message behind its parent, if it is not there; returns its key.

        Args:
            one: it; the key it has is not looked at.
        """
        role = "" if one.role is None else one.role.value
        files = (attachment.name for attachment in one.attachments)
        key = derived_id(one.parent or "", role, one.text, *files)
        if key not in self._keys:
            self._keys.add(key)
            self.said.append(replace(one, key=key))
        return key


def in_turn(moment: datetime, number: int) -> datetime:
    """The time of the `number`th of those that are known to have come after each other."""
    return moment + number * _TICK
