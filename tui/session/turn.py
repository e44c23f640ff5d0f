"""A turn in flight: one reply, from the request to its last saved byte.

The turn owns text, status and timing; a view pulls what is new when it likes, so the turn does
not care whether it is on screen. Invariants: what has arrived is saved at least once a second;
the final status is saved together with the last text, exactly once, also when the task that runs
the turn is cancelled.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import replace

from tui.core.errors import ChatError, ErrorInfo, ErrorKind
from tui.core.message import STATUS_OF_FINISH, Message, Status
from tui.core.usage import Usage
from tui.provider.base import (
    Event,
    Finished,
    Notice,
    Preparing,
    Prices,
    Provider,
    ReasoningDelta,
    Request,
    Started,
    TextDelta,
    UsageReport,
)
from tui.session.prompt import estimate_usage
from tui.session.retrying import countdown, wait_before_next
from tui.store.thread import LibraryThread

FLUSH_SECONDS = 1.0
MISTAKE = ErrorInfo(
    ErrorKind.INTERNAL,
    "chinwag made a mistake here and noted it in its log (`chinwag paths` says where). "
    "What had arrived is kept; retry with Ctrl+R.",
)
log = logging.getLogger(__name__)


class Turn:
    """One reply being written.

    Attributes:
        reply: the message as last saved; its final value once `done`.
        request: what was asked.
        waiting: what holds it up before the first token, in a few words; empty when nothing does.
        revision: grows with each change; a view that saw this revision has nothing to fetch.
        parts, reasoning_parts: the deltas so far; a view remembers how many it has shown.
        observers: called after each change, with nothing but the turn; they must be quick.
    """

    def __init__(
        self,
        reply: Message,
        request: Request,
        *,
        provider: Provider,
        library: LibraryThread,
        prices: Prices,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.reply = reply
        self.request = request
        self.waiting = ""
        self.revision = 0
        self.parts: list[str] = []
        self.reasoning_parts: list[str] = []
        self.observers: list[Callable[[Turn], None]] = []
        self._provider = provider
        self._library = library
        self._prices = prices
        self._clock = clock
        self._started = clock()
        self._first_token: float | None = None
        self._reasoned: float | None = None
        self._usage: Usage | None = None
        self._finish_reason: str | None = None
        self._request_id: str | None = None
        self._notices: list[str] = []
        self._passing_error: ErrorInfo | None = None
        self._task: asyncio.Task[object] | None = None
        self._ending = False

    @property
    def done(self) -> bool:
        """Whether the reply has its final status."""
        return not self.reply.status.in_flight

    @property
    def text(self) -> str:
        """The reply so far."""
        return "".join(self.parts)

    @property
    def reasoning(self) -> str:
        """The reasoning so far."""
        return "".join(self.reasoning_parts)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know of how the request was made."""
        return tuple(self._notices)

    @property
    def reasoning_ms(self) -> int | None:
        """How long it thought before it answered, in milliseconds; None before it answers."""
        if self._reasoned is None or self._first_token is None:
            return None
        return round((self._reasoned - self._first_token) * 1000)

    def stop(self) -> None:
        """Stop the reply at once and keep what has arrived; nothing happens when it has ended."""
        if not self._ending and self._task is not None:
            self._task.cancel()
        self._ending = True

    async def run(self) -> Message:
        """Ask, receive and save until the reply has its final status.

        Returns:
            The reply as saved; failures are in its `status` and `error`, not raised.

        Raises:
            ChatError: the library could not save it (kind LIBRARY).
            asyncio.CancelledError: the task was cancelled from outside; what had arrived is saved.
        """
        self._task = asyncio.current_task()
        stopped = self._ending  # stopped before it ran
        flusher = asyncio.create_task(self._flush_each_second())
        status, error = Status.STOPPED, None
        cancelled = False
        try:
            if not stopped:
                await self._receive()
                status = STATUS_OF_FINISH.get(self._finish_reason or "", Status.COMPLETE)
        except asyncio.CancelledError:
            cancelled = not self._ending
            error = self._passing_error
        except ChatError as failure:
            status, error = Status.FAILED, failure.info
            self._request_id = self._request_id or failure.request_id
        except Exception:  # whatever we got wrong, the words must be saved
            log.exception("a reply ended by a mistake of chinwag's")
            status, error = Status.FAILED, MISTAKE
        self._ending = True
        flusher.cancel()
        with suppress(asyncio.CancelledError):
            await flusher
        # Shielded: a second cancellation must not part the last text from its status.
        await asyncio.shield(asyncio.ensure_future(self._save_final(status, error)))
        if cancelled:
            raise asyncio.CancelledError
        return self.reply

    async def _receive(self) -> None:
        """Read one reply, sending the request again where the rules allow it."""
        tries = 0
        while True:
            tries += 1
            self._started = self._clock()
            try:
                async with aclosing(self._provider.stream(self.request)) as events:
                    async for event in events:
                        self._take(event)
            except ChatError as failure:
                wait = wait_before_next(failure, tries)
                if wait is None or self._first_token is not None:
                    raise
                self._passing_error = failure.info
                await self._count_down(failure, wait)
                self._passing_error = None
            else:
                return

    async def _count_down(self, failure: ChatError, seconds: float) -> None:
        end = self._clock() + seconds
        while (left := end - self._clock()) > 0:
            self._say(countdown(failure, left))
            await asyncio.sleep(min(1.0, left))
        self._say("")

    def _take(self, event: Event) -> None:
        match event:
            case TextDelta(text):
                now = self._first_output()
                if self.reasoning_parts and self._reasoned is None:
                    self._reasoned = now
                self.parts.append(text)
            case ReasoningDelta(text):
                self._first_output()
                self.reasoning_parts.append(text)
            case UsageReport(usage):
                self._usage = usage
            case Finished(reason):
                self._finish_reason = reason
            case Started(request_id):
                self._request_id = request_id
                self.waiting = ""
            case Preparing():
                share = "" if event.fraction is None else f" {event.fraction:.0%}"
                self.waiting = event.text + share
                self._started = self._clock()  # the model's time, not its download's
            case Notice(text):
                self._notices.append(text)
        self._changed()

    def _first_output(self) -> float | None:
        """Note the moment of the first token; returns the present one when it may be needed."""
        if self._first_token is None:
            self._first_token = self._clock()
            self.waiting = ""
            return self._first_token
        return self._clock() if self.reasoning_parts and self._reasoned is None else None

    def _say(self, waiting: str) -> None:
        if waiting != self.waiting:
            self.waiting = waiting
            self._changed()

    def _changed(self) -> None:
        self.revision += 1
        for observer in self.observers:
            observer(self)

    async def _flush_each_second(self) -> None:
        saved = 0
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            arrived = len(self.parts) + len(self.reasoning_parts)
            if arrived == saved:
                continue
            text, reasoning, reply_id = self.text, self.reasoning, self.reply.id
            # A full disk must not end the reply: the final save tries again, and reports.
            with suppress(ChatError):
                await self._library.run(
                    lambda library: library.flush(reply_id, text, reasoning)  # noqa: B023 - run at once
                )
                saved = arrived

    async def _save_final(self, status: Status, error: ErrorInfo | None) -> None:
        now = self._clock()
        text, reasoning = self.text, self.reasoning
        usage = self._usage
        if usage is None and self._first_token is not None:
            usage = estimate_usage(self.request.messages, text, reasoning)
        cost = None
        if usage is not None:
            cost = await asyncio.to_thread(
                self._prices.cost, self.request.endpoint, self.request.model, usage
            )
        first = self._first_token
        final = replace(
            self.reply,
            text=text,
            reasoning=reasoning,
            status=status,
            error=error,
            notices=self.notices,
            finish_reason=self._finish_reason,
            usage=usage,
            cost_usd=cost,
            first_token_ms=None if first is None else round((first - self._started) * 1000),
            total_ms=round((now - self._started) * 1000),
            request_id=self._request_id,
        )
        try:
            await self._library.run(lambda library: library.finish(final))
        finally:
            self.reply = final
            self.waiting = ""
            self._changed()
