"""The command palette: every listed action by name, with its key.

Invariant: an action is offered only where it has its meaning. A dialog over the chat may have an
`action_rename` of its own, which renames something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.ui.actions import Action, Place, all_actions, chosen_actions, written_keys
from tui.ui.working_screen import WorkingScreen


class ActionCommands(Provider):
    """Offers the actions of the table.

    Attributes:
        ACTIONS: the table, with the keys that a person chose.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = all_actions()

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for action, run in self._offered():
            yield DiscoveryHit(action.text, partial(self._run, run), help=_help(action))

    async def search(self, query: str) -> Hits:
        """Those whose words fit."""
        matcher = self.matcher(query)
        for action, run in self._offered():
            score = matcher.match(action.text)
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(action.text),
                    partial(self._run, run),
                    help=_help(action),
                )

    def _offered(self) -> list[tuple[Action, str]]:
        """Those that mean something on the screen it was opened from, and what each runs there."""
        here = self.screen.PALETTE if isinstance(self.screen, WorkingScreen) else {}
        return [
            (action, action.target if action.place is Place.APP else here[action.id])
            for action in self.ACTIONS
            if action.listed and (action.place is Place.APP or action.id in here)
        ]

    async def _run(self, action: str) -> None:
        await self.app.run_action(action, default_namespace=self.screen)


def commands_with(chosen: Mapping[str, tuple[str, ...]]) -> type[ActionCommands]:
    """The same, with the keys that a person chose."""
    return type("ChosenCommands", (ActionCommands,), {"ACTIONS": chosen_actions(chosen)})


def _help(action: Action) -> str:
    keys = [written_keys(action.keys)] if action.keys else []
    return "   ".join([*keys, *([f"/{action.slash}"] if action.slash else [])])
