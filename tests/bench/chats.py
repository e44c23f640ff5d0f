"""Three years of chats, the same each time, shaped as a busy person's: see `plan` and `Chat`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tests.bench.words import Vocabulary
from tui.core.conversation import Conversation, title_from
from tui.core.errors import ErrorInfo, ErrorKind
from tui.core.message import Attachment, Message, Role, Status
from tui.core.usage import ModelFacts, Usage, estimate_tokens

SEED = 20260301
MESSAGES_PER_CHAT = 100  # on average
LONGEST_SHARE = 0.01  # one chat of 10,000 in a million
LARGEST_SHARE = 0.004  # any other
BURST = 40  # messages written in one go, at most; then the chat rests
_BEGINNING = datetime(2023, 11, 1, tzinfo=UTC)
_DAYS = 3 * 365
_END = _BEGINNING + timedelta(days=_DAYS)
# Name, endpoint, how often, what it costs.
_MODELS = (
    ("gpt-4o", "openai", 5, ModelFacts(128_000, 2.5, 10.0)),
    ("gpt-4o-mini", "openai", 4, ModelFacts(128_000, 0.15, 0.6)),
    ("o3-mini", "openai", 1, ModelFacts(200_000, 1.1, 4.4)),
    ("claude-sonnet-4", "openrouter", 2, ModelFacts(200_000, 3.0, 15.0)),
    ("llama3.2", "ollama", 2, ModelFacts(8_192)),
    ("qwen2.5-coder", "ollama", 1, ModelFacts(32_768)),
)
_TAGS = (
    "work", "home", "python", "travel", "recipes", "ideas", "writing", "health", "money", "todo",
)  # fmt: skip
_CODE = (
    "def foo_bar(x):\n    return x + 1",
    "std::vector<int> numbers{1, 2, 3};  // C++",
    "result = a.b.c(self.app.run())",
    "git commit -m 'fixes #123'",
    "SELECT id, title FROM chats WHERE updated > ?;",
    "for (const item of items) { console.log(`${item}`) }",
    "x += 1\nif x >= 10:\n    raise ValueError(x)",
    "docker run --rm -it -p 8080:80 nginx",
)
_CJK = (
    "潮汐是由月球引力引起的。",
    "请用简单的话解释这个问题,谢谢。",
    "なぜ潮は一日に二回あるのですか。",
    "このコードの意味を教えてください。",
    "조석은 달의 중력 때문에 생깁니다.",
    "오늘 저녁에 무엇을 먹을까요?",
)


@dataclass(frozen=True, slots=True)
class Burst:
    """What is said in a chat in one go.

    Attributes:
        chat: its place among the chats.
        at: when it begins.
        count: messages.
    """

    chat: int
    at: datetime
    count: int


def plan(messages: int, rng: random.Random) -> list[Burst]:
    """When what is said, oldest first, as the messages of a library lie on disk.

    Half of the chats are short, a few are very long: their sizes are log-normal. A long one goes
    on for months, between others.
    """
    chats = max(1, messages // MESSAGES_PER_CHAT)
    longest = max(2, round(messages * LONGEST_SHARE))
    drawn = [rng.lognormvariate(0, 1.5) for _ in range(chats - 1)]
    scale = (messages - longest) / max(1, sum(drawn))
    largest = max(MESSAGES_PER_CHAT, round(messages * LARGEST_SHARE))
    sizes = [min(largest, max(2, round(size * scale))) for size in drawn]
    # What the longest were cut by goes to the others, until the sum is right.
    short = messages - longest - sum(sizes)
    while short and sizes:
        lucky = rng.randrange(len(sizes))
        step = min(short, 7) if short > 0 else -min(1, sizes[lucky] - 2)
        sizes[lucky] += step
        short -= step
    bursts: list[Burst] = []
    for chat, size in enumerate([*sizes, longest]):
        at = _BEGINNING + timedelta(days=_DAYS * (rng.random() if chat < len(sizes) else 0.02))
        rest = timedelta(days=1.1 * _DAYS * BURST / max(size, 4000))
        while size > 0:
            count = min(size, rng.randint(BURST // 2, BURST))
            bursts.append(Burst(chat, min(at, _END), count))
            size -= count
            at += rest * rng.expovariate(1)
    return sorted(bursts, key=lambda burst: (burst.at, burst.chat))


class Chat:
    """One chat while it is made, a burst at a time; one in twenty messages forks it.

    Attributes:
        conversation: without a leaf: `move_on` sets that as it grows.
    """

    def __init__(self, at: datetime, rng: random.Random, vocabulary: Vocabulary) -> None:
        self._rng = rng
        self._vocabulary = vocabulary
        self._script = rng.choice(_CJK) if rng.random() < 0.04 else ""
        self._model = rng.choices(_MODELS, [weight for _, _, weight, _ in _MODELS])[0]
        self._leaf: Message | None = None
        self._first = self._question()
        named = rng.random() < 0.2
        deleted = rng.random() < 0.005
        self.conversation = Conversation(
            id=self._id(),
            title=" ".join(vocabulary.topics(2)) if named else title_from(self._first),
            titled=named,
            created=at,
            updated=at,
            model=self._model[0],
            endpoint=self._model[1],
            pinned=rng.random() < 0.002,
            archived=rng.random() < 0.2,
            deleted_at=_END if deleted else None,
            tags=tuple(rng.sample(_TAGS, rng.choice((0,) * 8 + (1, 2)))),
        )

    def burst(self, burst: Burst) -> Iterator[Message]:
        """Its messages, parents before their children."""
        at = burst.at
        asked: Message | None = None
        for _ in range(burst.count):
            at += timedelta(seconds=self._rng.uniform(5, 90))
            if asked is not None and self._rng.random() < 0.05:  # asked again, or edited
                if self._rng.random() < 0.6 and self._leaf is not asked:
                    self._leaf = self._reply(asked, at)
                else:
                    self._leaf = asked = self._asked(asked.parent, at)
            elif self._leaf is None or self._leaf.role is Role.ASSISTANT:
                first = self._first if self._leaf is None else None
                parent = self._leaf.id if self._leaf else None
                self._leaf = asked = self._asked(parent, at, first)
            else:
                self._leaf = self._reply(self._leaf, at)
            yield self._leaf

    def _asked(self, parent: str | None, at: datetime, text: str | None = None) -> Message:
        chance = self._rng.random()
        attachments: tuple[Attachment, ...] = ()
        if chance < 0.01:
            attachments = (Attachment("picture.png", "image/png", 48_000),)
        elif chance < 0.02:
            attachments = (Attachment("notes.txt", "text/plain", 21, "what the notes say..."),)
        return Message(
            id=self._id(),
            conversation=self.conversation.id,
            parent=parent,
            role=Role.USER,
            text=self._question() if text is None else text,
            created=at,
            attachments=attachments,
        )

    def _reply(self, to: Message, at: datetime) -> Message:
        model, endpoint, _, facts = self._model
        if self._rng.random() < 0.03:
            model, endpoint, _, facts = self._rng.choice(_MODELS)
        text = self._answer()
        reasons = model == "o3-mini" or self._rng.random() < 0.02
        usage = Usage(
            input=self._rng.randint(50, 4000),
            output=estimate_tokens(text),
            exact=endpoint != "ollama",
        )
        first = self._rng.randint(120, 2500)
        reply = Message(
            id=self._id(),
            conversation=self.conversation.id,
            parent=to.id,
            role=Role.ASSISTANT,
            text=text,
            created=at,
            reasoning=" ".join(self._vocabulary.draw(40)) if reasons else "",
            model=model,
            endpoint=endpoint,
            finish_reason="stop",
            usage=usage,
            cost_usd=facts.cost(usage),
            first_token_ms=first,
            total_ms=first + usage.output * self._rng.randint(8, 30),
            request_id=f"req_{self._id()}",
        )
        return self._ended(reply)

    def _ended(self, reply: Message) -> Message:
        chance = self._rng.random()
        if chance < 0.02:
            return replace(reply, status=Status.STOPPED, finish_reason=None)
        if chance < 0.03:
            error = ErrorInfo(ErrorKind.NETWORK, "The connection broke.")
            return replace(
                reply, status=Status.FAILED, error=error, usage=None, cost_usd=None, text=""
            )
        if chance < 0.035:
            return replace(reply, status=Status.TRUNCATED, finish_reason="length")
        return reply

    def _question(self) -> str:
        words = self._vocabulary.draw(max(2, int(self._rng.expovariate(1 / 18))))
        if self._rng.random() < 0.3:
            words[self._rng.randrange(len(words))] = self._vocabulary.topics(1)[0]
        text = " ".join(words).capitalize() + "?"
        return f"{self._script}{text}" if self._script else text

    def _answer(self) -> str:
        parts: list[str] = []
        words = self._vocabulary.draw(max(4, int(self._rng.expovariate(1 / 110))))
        while words:
            count = self._rng.randint(20, 70)
            parts.append(" ".join(words[:count]).capitalize() + ".")
            words = words[count:]
        chance = self._rng.random()
        if chance < 0.06:
            parts.insert(1, f"```\n{self._rng.choice(_CODE)}\n```")
        elif chance < 0.1:
            parts.append("\n".join(f"- **{word}**" for word in self._vocabulary.draw(4)))
        if self._script:
            parts.append(self._rng.choice(_CJK))
        return "\n\n".join(parts)

    def _id(self) -> str:
        return f"{self._rng.getrandbits(64):016x}"
