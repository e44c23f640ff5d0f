"""Which model: the choices a chat has, in the order people look for them."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.errors import ChatError, ErrorKind
from tui.core.models import MOST_COMPARED, ModelRef, is_chat_model, parse_model, written
from tui.core.safe import shown_line
from tui.core.usage import ModelFacts
from tui.session.catalog import Catalog
from tui.session.sessions import Sessions
from tui.ui.memory import Memory
from tui.ui.model_list import QUICK, RECENT, ModelOption


class ModelChoice:
    """Knows the models one can choose from."""

    def __init__(
        self, sessions: Sessions, catalog: Catalog, memory: Memory, default: ModelRef | None = None
    ) -> None:
        self.catalog = catalog
        self._sessions = sessions
        self._memory = memory
        self._default = default

    def parse(self, name: str) -> ModelRef:
        """The model a person means by `name`."""
        return parse_model(name, self._sessions.endpoints, self.catalog.listed)

    async def known(self, names: Sequence[str]) -> list[ModelRef]:
        """The models a person means, where they may also have meant something else by a word.

        A name with its endpoint in front is taken as it is; of an endpoint that lists none, any is.

        Raises:
            ChatError: no endpoint has one of them, or they are too many (kind UNKNOWN_MODEL).
        """
        if any(not self._listed(name) for name in names):
            await self.refresh()  # it may be new, or the first time that it is asked for
        unknown = [shown_line(name) for name in names if not self._listed(name)]
        if unknown:
            raise ChatError(
                ErrorKind.UNKNOWN_MODEL,
                f"No endpoint lists a model {' or '.join(unknown)}. The message to compare on goes "
                "below the models, or behind ` -- `; /model shows the models there are.",
            )
        if len(names) > MOST_COMPARED:
            raise ChatError(
                ErrorKind.UNKNOWN_MODEL, f"At most {MOST_COMPARED} models can be compared at once."
            )
        return [self.parse(name) for name in names]

    def _listed(self, name: str) -> bool:
        ref = self.parse(name)
        if name == f"{ref.endpoint}/{ref.model}" or ref in self.quick():
            return True
        listed = self._lists(ref.endpoint)
        return ref.model in listed or (not listed and ref.endpoint in self.catalog.failures)

    def names(self) -> list[str]:
        """What one can pick, each once, as a person writes it."""
        options = self.options(self.default)
        return list(dict.fromkeys(option.label for option in options if option.chat))

    def written(self, ref: ModelRef) -> str:
        """How a person writes that model."""
        return written(ref, self._sessions.endpoints)

    @property
    def default(self) -> ModelRef:
        """What a new chat starts with."""
        return self._default or self.parse(self._sessions.settings.model)

    def start_with(self, ref: ModelRef) -> None:
        """Let new chats start with this model, until chinwag ends."""
        self._default = ref

    def quick(self) -> list[ModelRef]:
        """The quick models, in the config's order."""
        return [self.parse(name) for name in self._sessions.settings.quick_models]

    def next_quick(self, current: ModelRef) -> ModelRef:
        """The quick model after the current one; the first one when it is none of them."""
        quick = self.quick() or [current]
        place = quick.index(current) + 1 if current in quick else 0
        return quick[place % len(quick)]

    def chosen(self, ref: ModelRef) -> None:
        """Remember a model that was chosen and is listed; another may be a slip of the pen."""
        if ref.model in self._lists(ref.endpoint):
            self.replied(ref)

    def replied(self, ref: ModelRef) -> None:
        """Remember a model that gave a reply."""
        self._memory.change(recent_models=self._memory.state.with_recent(self.written(ref)))

    def _lists(self, endpoint: str) -> Sequence[str]:
        return self.catalog.listed.get(endpoint) or self._sessions.endpoint(endpoint).models

    def facts(self, ref: ModelRef) -> ModelFacts:
        """What is known of a model so far."""
        return self.catalog.facts.get(ref, ModelFacts())

    def options(self, current: ModelRef) -> list[ModelOption]:
        """Everything one can pick: quick ones, recent ones, then what each endpoint lists.

        What the chat uses is among them, also where no endpoint lists it and it never replied.
        """
        recent = [self.parse(name) for name in self._memory.state.recent_models]
        listed = [
            (
                endpoint.name,
                [ModelRef(endpoint.name, model) for model in self._lists(endpoint.name)],
            )
            for endpoint in self._sessions.endpoints
        ]
        if all(current not in refs for refs in (recent, *(refs for _, refs in listed))):
            recent.insert(0, current)
        groups = [
            (QUICK, self.quick()),
            (RECENT, [ref for ref in recent if ref not in self.quick()]),
            *listed,
        ]
        return [
            ModelOption(
                ref=ref,
                label=shown_line(self.written(ref)),
                group=group,
                facts=self.facts(ref),
                chat=is_chat_model(ref.model),
                current=ref == current,
            )
            for group, refs in groups
            for ref in refs
        ]

    def notes(self) -> list[str]:
        """What is being asked, and who could not be."""
        asking = [f"asking {name}…" for name in sorted(self.catalog.asking)]
        return asking + [
            f"{name}: {shown_line(why)}" for name, why in sorted(self.catalog.failures.items())
        ]

    async def learn(self) -> None:
        """Look up windows and prices of everything one can pick."""
        await self.catalog.learn({option.ref for option in self.options(self.default)})

    async def refresh(self) -> None:
        """Ask all endpoints what they have, and remember it."""
        await self.catalog.refresh()
        self._memory.change(listed=dict(self.catalog.listed))
        await self.learn()
