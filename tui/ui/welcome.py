"""What an empty chat shows: where to begin, each way one key away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message

from tui.core.safe import shown_line
from tui.ui.clickable import ClickableWidget, clickable


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to begin: the key that takes it, its name and a line about it."""

    key: str
    name: str
    text: str


OFFERS = (
    Offer("1", "Use an OpenAI key", "export OPENAI_API_KEY=… and start chinwag again"),
    Offer("2", "Use a local model", "SmolLM2 runs on this machine: no key, 93 MB once"),
    Offer("3", "Take the tour", "a scripted guide, no model behind it: two minutes"),
)

# A digit that nothing follows for so long is no message.
ALONE_SECONDS = 0.4


class Welcome(ClickableWidget, can_focus=True):
    """The empty chat. With `offers` it takes their keys; whatever else is typed is passed on."""

    DEFAULT_CSS = """
    Welcome { width: 1fr; height: 1fr; content-align: center middle; color: $text-muted; }
    """

    class Taken(Message):
        """An offer was taken; `key` says which."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Typed(Message):
        """Something else was typed: it belongs into the composer."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.offers: Sequence[Offer] = ()
        self.lines: Sequence[str] = ()
        self._held = ""  # a digit that may be an offer's key, or the start of a message

    def show(self, offers: Sequence[Offer], lines: Sequence[str]) -> None:
        """Offer ways to begin (none: just a greeting), with some lines below."""
        self.offers, self.lines = offers, lines
        self.refresh()

    def action_take(self, key: str) -> None:
        """Take an offer."""
        self.post_message(self.Taken(key))

    def on_key(self, event: events.Key) -> None:
        """A digit alone takes an offer; typing goes into the composer, also when it begins so."""
        if not (event.is_printable and event.character):
            return
        event.stop()
        typed, self._held = self._held + event.character, ""
        if typed in {offer.key for offer in self.offers}:
            self._held = typed
            self.set_timer(ALONE_SECONDS, self._take_held)
        else:
            self.post_message(self.Typed(typed))

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted is never an offer's key."""
        event.stop()
        typed, self._held = self._held + event.text, ""
        self.post_message(self.Typed(typed))

    def _take_held(self) -> None:
        if self._held:
            held, self._held = self._held, ""
            self.action_take(held)

    def render(self) -> RenderResult:
        """A name, the offers in one column, the lines."""
        content = [Content.styled("chinwag", "bold $text-primary")]
        width = max((len(offer.text) for offer in self.offers), default=0)
        for offer in self.offers:
            take = f"take('{offer.key}')"
            content += [
                Content(""),
                Content.assemble(
                    clickable(f"{offer.key}  ", take, "bold $text-accent"),
                    clickable(offer.name.ljust(width + 2), take, "$foreground"),
                ),
                Content("   " + offer.text.ljust(width + 2)),
            ]
        content.append(Content(""))
        content += [Content(shown_line(line)) for line in self.lines]
        return Content("\n").join(content)
