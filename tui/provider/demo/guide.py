"""Which step of the tour answers a message: a pure rule over the chat so far.

The chat itself remembers where the tour is: each step begins with its own heading, and `next` is
the step after the last heading that the guide wrote on this branch. So the tour survives a
restart, an edit and another branch, and the guide keeps no state.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui.core.message import Role
from tui.provider.demo.script import LOST, STEPS, Step

_NEXT = frozenset({"next", "go", "on", "more", "continue", "yes", "ok", "okay"})


def answer(chat: Sequence[tuple[Role, str]], earlier: int) -> str:
    """What the guide says next.

    Args:
        chat: role and text of each message, oldest first; the last one is answered.
        earlier: how often this very chat was answered before: each time is worded differently.
    """
    said = [text for role, text in chat if role is Role.ASSISTANT]
    asked = chat[-1][1] if chat else ""
    step = STEPS[0] if not said else _step_for(asked, said)
    if step is None:
        return LOST[earlier % len(LOST)]
    body = step.wordings[earlier % len(step.wordings)]
    return f"{_heading(step)}\n\n{body}"


def _step_for(asked: str, said: Sequence[str]) -> Step | None:
    words = re.findall(r"[a-z]+", asked.lower())
    for step in STEPS:
        if not step.keywords.isdisjoint(words):
            return step
    if _NEXT.isdisjoint(words):
        return None
    for text in reversed(said):
        for number, step in enumerate(STEPS):
            if text.startswith(_heading(step)):
                return STEPS[min(number + 1, len(STEPS) - 1)]
    return STEPS[1]


def _heading(step: Step) -> str:
    return f"## {STEPS.index(step) + 1} of {len(STEPS)}: {step.title}"
