"""How chinwag was asked to begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tui.session.sessions import Sessions
from tui.ui.choosing import ModelChoice
from tui.ui.memory import Memory
from tui.ui.welcome import Offer


@dataclass(frozen=True, slots=True)
class Start:
    """What to do once the screen is there.

    Attributes:
        prompt: sent at once; empty: nothing.
        system_prompt: that of the new chat; None: the config's.
        chat_id: the chat to open; None: a new one.
        continue_last: open the newest chat.
        offers: what the welcome offers; empty when there is a way to a model already.
        problems: what in the config could not be used.
    """

    prompt: str = ""
    system_prompt: str | None = None
    chat_id: str | None = None
    continue_last: bool = False
    offers: Sequence[Offer] = ()
    problems: Sequence[str] = ()

    @property
    def elsewhere(self) -> bool:
        """Whether it leads to another chat than the new one there is at first."""
        return self.continue_last or self.chat_id is not None


class Ready(NamedTuple):
    """What the chat screen is made from.

    Attributes:
        sessions: chats and turns.
        choice: models.
        memory: what is remembered between starts.
        start: what to do first.
        warm_up: called after its first frame, to load what is slow to load.
    """

    sessions: Sessions
    choice: ModelChoice
    memory: Memory
    start: Start
    warm_up: Callable[[], object]
