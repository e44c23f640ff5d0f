"""A conversation and the model it goes to: picked from all, or the next of the quick ones."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING

from tui.core.models import ModelRef
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.ui.choosing import ModelChoice
from tui.ui.searchable_screen import SearchableScreen

if TYPE_CHECKING:  # imported when it is opened: start-up does without it
    from tui.ui.model_picker import ModelPicker, PickedModel

# What is done with the models that were picked: one, or those that were marked.
Then = Callable[[Sequence[ModelRef]], Coroutine[object, object, None]]


class PickingScreen(SearchableScreen):
    """A conversation whose model can be picked."""

    def __init__(
        self,
        sessions: Sessions,
        chat: Chat,
        run_turn: Callable[[Turn], object],
        choice: ModelChoice,
    ) -> None:
        super().__init__(sessions, chat, run_turn)
        self.choice = choice

    @property
    def model(self) -> ModelRef:
        """What the next message goes to."""
        conversation = self.chat.conversation
        return ModelRef(conversation.endpoint, conversation.model)

    def model_names(self) -> Sequence[str]:
        """The models one can name, as a person writes them."""
        return self.choice.names()

    async def use_model(self, ref: ModelRef) -> None:
        """From the next message on, this model."""
        self.choice.chosen(ref)
        if not self.chat.saved:
            self.choice.start_with(ref)
        await self.sessions.change(self.chat, model=ref.model, endpoint=ref.endpoint)

    def action_next_model(self) -> None:
        """The next of the quick models."""
        self.doing(self.use_model, self.choice.next_quick(self.model))

    def pick(self, then: Then, *, comparing: bool = False) -> None:
        """Have one model picked, or several marked; `comparing` says that it is for that."""
        from tui.ui.model_picker import ModelPicker

        picker = ModelPicker(
            self.choice.options(self.model), self.choice.notes(), comparing=comparing
        )

        def picked(models: tuple[PickedModel, ...] | None) -> None:
            if models:
                self.doing(then, [one.ref or self.choice.parse(one.name) for one in models])

        self.app.push_screen(picker, picked)
        self.newest("models", self._refresh, picker)

    async def _refresh(self, picker: ModelPicker) -> None:
        """Show at once what is known, then what the endpoints say."""

        def show() -> None:
            if picker in self.app.screen_stack:
                picker.update_options(self.choice.options(self.model), self.choice.notes())

        await self.choice.learn()
        show()
        await self.choice.refresh()
        show()
