"""The command palette: every listed action by name, with its key."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.ui.actions import Action, Place, all_actions, written_keys


class ActionCommands(Provider):
    """Offers the actions of the table."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for action in self._offered():
            yield DiscoveryHit(action.text, partial(self._run, action), help=_help(action))

    async def search(self, query: str) -> Hits:
        """Those whose words fit."""
        matcher = self.matcher(query)
        for action in self._offered():
            score = matcher.match(action.text)
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(action.text),
                    partial(self._run, action),
                    help=_help(action),
                )

    def _offered(self) -> list[Action]:
        """Those that there are on the screen it was opened from."""
        return [
            action
            for action in all_actions()
            if action.listed
            and (action.place is Place.APP or hasattr(self.screen, f"action_{action.id}"))
        ]

    async def _run(self, action: Action) -> None:
        await self.app.run_action(action.target, default_namespace=self.screen)


def _help(action: Action) -> str:
    keys = [written_keys(action.keys)] if action.keys else []
    return "   ".join([*keys, *([f"/{action.slash}"] if action.slash else [])])
