"""A turn in flight: one reply, from the request to its last saved byte.

The turn owns text, status and timing; a view pulls what is new when it likes, so the turn does
not care whether it is on screen. Invariants: what has arrived is saved at least once a second;
the final status is saved together with the last text, exactly once, also when the task that runs
the turn is cancelled.

It lives in a task of its own, for only so can a stop and a cancellation be told apart, and neither
reach the save at the end.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import replace

from tui.core.errors import ChatError, ErrorInfo, ErrorKind
from tui.core.message import STATUS_OF_FINISH, Message, Status
from tui.core.safe import storable
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
from tui.session.aside import aside
from tui.session.cancelling import to_the_end
from tui.session.observers import Observers
from tui.session.pace import REAL_TIME, Pace
from tui.session.prompt import PromptSize, estimate_usage
from tui.session.retrying import countdown, wait_before_next
from tui.store.thread import LibraryThread

MISTAKE = ErrorInfo(
    ErrorKind.INTERNAL,
    "chinwag made a mistake here and noted it in its log (`chinwag paths` says where). "
    "What had arrived is kept; ask again.",
)
log = logging.getLogger(__name__)


class Turn:
    """One reply being written.

    Attributes:
        reply: the message as last saved; its final value once `done`.
        request: what was asked.
        prompt_size: how long its prompt is; requests that share the prompt share this too.
        waiting: what holds it up before the first token, in a few words; empty when nothing does.
        saved: the final value is in the library.
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
        pace: Pace = REAL_TIME,
        prompt_size: PromptSize | None = None,
    ) -> None:
        self.reply = reply
        self.request = request
        self.prompt_size = prompt_size or PromptSize(request.messages)
        self.waiting = ""
        self.saved = False
        self.revision = 0
        self.parts: list[str] = []
        self.reasoning_parts: list[str] = []
        self.observers: Observers[Turn] = Observers()
        self._provider = provider
        self._library = library
        self._prices = prices
        self._pace = pace
        self._asked: float | None = None
        self._first_token: float | None = None
        self._reasoned: float | None = None
        self._usage: Usage | None = None
        self._finish_reason: str | None = None
        self._request_id: str | None = None
        self._notices: list[str] = []
        self._unsaved: tuple[str, ...] = ()  # why the last save on the way failed, if it did
        self._passing_error: ErrorInfo | None = None
        self._task: asyncio.Task[Message] | None = None
        self._receiving = False
        self._stopped = False

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
        """What the user should know: how the request was made, and what is not on disk yet."""
        return (*self._notices, *self._unsaved)

    @property
    def reasoning_ms(self) -> int | None:
        """How long it thought before it answered, in milliseconds; None before it answers."""
        return _milliseconds(self._first_token, self._reasoned)

    @property
    def times(self) -> tuple[int | None, int | None]:
        """Milliseconds from the request to the first token, and to now; None where not yet."""
        first = _milliseconds(self._asked, self._first_token)
        return first, _milliseconds(self._asked, self._pace.clock())

    def stop(self) -> None:
        """Stop the reply at once and keep what has arrived; nothing happens when it has ended."""
        if self._stopped:
            return
        self._stopped = True
        if self._receiving:
            # Not from here: the caller may be an observer, which is called by the task itself. A
            # task that cancels itself is hit at its next wait, which could be the save at the end.
            asyncio.get_running_loop().call_soon(self._break_off)

    async def end(self) -> None:
        """Stop, and wait until what has arrived is saved, also where nobody came to run it.

        Whoever runs it is told when it could not be saved; here `saved` says so.

        Raises:
            ChatError: nobody runs it, and the library could not save it (kind LIBRARY).
        """
        self.stop()
        if self._task is None:
            await self.run()
        elif not self._task.done():
            await asyncio.wait({self._task})

    async def run(self) -> Message:
        """Ask, receive and save until the reply has its final status.

        Whoever calls this as well waits for the same end.

        Returns:
            The reply as saved; failures are in its `status` and `error`, not raised.

        Raises:
            ChatError: the library could not save it (kind LIBRARY); `reply` has its final value
                all the same.
            asyncio.CancelledError: the caller was cancelled; the reply is stopped and saved.
        """
        if self._task is None:
            self._task = asyncio.create_task(self._live())
        return await to_the_end(self._task, self.stop)

    async def _live(self) -> Message:
        flushing = asyncio.create_task(self._flush_regularly())
        status, error = await self._answer()
        # A save that is under way stays ahead of the last one: the library keeps the order.
        flushing.cancel()
        await self._save_final(status, error)
        return self.reply

    def _break_off(self) -> None:
        if self._receiving and self._task is not None:
            self._task.cancel()

    async def _answer(self) -> tuple[Status, ErrorInfo | None]:
        """Receive the reply; returns how it ended."""
        try:
            if not self._stopped:
                self._receiving = True
                await self._receive()
        except asyncio.CancelledError:
            pass  # by `stop`, or by a loop that closes down
        except ChatError as failure:
            self._request_id = self._request_id or failure.request_id
            return Status.FAILED, failure.info
        except Exception:  # whatever we got wrong, the words must be saved
            log.exception("a reply ended by a mistake of chinwag's")
            return Status.FAILED, MISTAKE
        finally:
            self._receiving = False
        if self._finish_reason is None:
            return Status.STOPPED, self._passing_error
        return STATUS_OF_FINISH.get(self._finish_reason, Status.COMPLETE), None

    async def _receive(self) -> None:
        """Read one reply, sending the request again where the rules allow it."""
        tries = 0
        while True:
            tries += 1
            self._asked = self._pace.clock()
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
                self._forget_try()
            else:
                if self._finish_reason is None:
                    raise RuntimeError("a provider's stream ended without saying how")
                return

    def _forget_try(self) -> None:
        """What was learnt of a try that failed says nothing of the next one."""
        self._passing_error = None
        self._usage = None
        self._request_id = None
        self._notices.clear()

    async def _count_down(self, failure: ChatError, seconds: float) -> None:
        end = self._pace.clock() + seconds
        while (left := end - self._pace.clock()) > 0:
            self._say(countdown(failure, left))
            await self._pace.sleep(min(1.0, left))
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
                self._asked = self._pace.clock()  # the model's time, not its download's
            case Notice(text):
                self._notices.append(text)
        self._changed()

    def _first_output(self) -> float | None:
        """Note the moment of the first token; returns the present one when it may be needed."""
        if self._first_token is None:
            self._first_token = self._pace.clock()
            self.waiting = ""
            return self._first_token
        return self._pace.clock() if self.reasoning_parts and self._reasoned is None else None

    def _say(self, waiting: str) -> None:
        if waiting != self.waiting:
            self.waiting = waiting
            self._changed()

    def _changed(self) -> None:
        self.revision += 1
        self.observers.tell(self)

    async def _flush_regularly(self) -> None:
        saved = 0
        due = self._pace.clock()
        while True:
            # By the clock, so that the time a save takes does not put off the next one.
            due = max(due + self._pace.flush_seconds, self._pace.clock())
            await self._pace.sleep(due - self._pace.clock())
            arrived = len(self.parts) + len(self.reasoning_parts)
            if arrived == saved:
                continue
            try:
                await self._flush(self.reply.id, self.text, self.reasoning)
                saved = arrived
                self._tell_unsaved()
            except ChatError as failure:
                # A full disk must not end the reply: the next save tries again, the final one too.
                self._tell_unsaved(f"Not on disk yet. {failure.text}")
            except Exception:
                log.exception("a reply in flight could not be saved")

    def _tell_unsaved(self, *why: str) -> None:
        if why != self._unsaved:
            self._unsaved = why
            self._changed()

    async def _flush(self, reply_id: str, text: str, reasoning: str) -> None:
        await self._library.run(lambda library: library.flush(reply_id, text, reasoning))

    async def _save_final(self, status: Status, error: ErrorInfo | None) -> None:
        first_token_ms, total_ms = self.times
        # As the library will have it, for this is what goes into the next prompt too.
        text, reasoning = storable(self.text), storable(self.reasoning)
        usage = self._usage
        if usage is None and self._first_token is not None:
            usage = estimate_usage(self.prompt_size, text, reasoning)
        final = replace(
            self.reply,
            text=text,
            reasoning=reasoning,
            status=status,
            error=error,
            notices=tuple(self._notices),
            finish_reason=self._finish_reason,
            usage=usage,
            cost_usd=None if usage is None else await self._cost(usage),
            first_token_ms=first_token_ms,
            reasoning_ms=self.reasoning_ms,
            total_ms=total_ms,
            request_id=self._request_id,
        )
        try:
            await self._library.run(lambda library: library.finish(final))
            self.saved = True
        finally:
            self.reply = final
            self.waiting = ""
            self._unsaved = ()  # whoever runs it is told how this save went
            self._changed()

    async def _cost(self, usage: Usage) -> float | None:
        """Its price, None where nobody can tell: no reply is lost over its price."""
        request = self.request
        try:
            return await aside(lambda: self._prices.cost(request.endpoint, request.model, usage))
        except asyncio.CancelledError:
            return None  # the loop closes down: there is only just time to save
        except Exception:
            log.exception("the price of a reply could not be told")
            return None


def _milliseconds(since: float | None, until: float | None) -> int | None:
    return None if since is None or until is None else round((until - since) * 1000)
