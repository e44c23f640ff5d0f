"""The welcome: what it offers where there is no way to a model yet."""

from __future__ import annotations

from pathlib import Path

from textual import events

from tests.server import Server
from tests.ui.app.chatting import chinwag
from tests.wire import failure
from tui.core.settings import DEMO, LOCAL, Endpoint
from tui.ui.start import Start
from tui.ui.welcome import OFFERS


class TestWelcome:
    """With no way to a model yet, three ways are one key away."""

    async def test_it_says_which_variable_holds_the_key(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS)) as chat:
            await chat.shows("Use an OpenAI key", "Use a local model", "Take the tour")
            await chat.press("1")
            await chat.until(lambda: any("OPENAI_API_KEY" in toast for toast in chat.toasts))

    async def test_2_is_the_local_model(self, tmp_path: Path, server: Server) -> None:
        extra = (Endpoint(LOCAL, server.base_url, models=("SmolLM2",)),)
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS), extra=extra) as chat:
            await chat.press("2")
            await chat.shows("New chat with local/SmolLM2")
            await chat.ask("hi")
            assert server.requests[0].model == "SmolLM2"

    async def test_3_is_the_tour_and_begins_at_once(self, tmp_path: Path, server: Server) -> None:
        extra = (Endpoint(DEMO, server.base_url, models=("guide",)),)
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS), extra=extra) as chat:
            await chat.press("3")
            await chat.until(lambda: chat.replies and not chat.sessions.turns)
            assert server.requests[0].model == "guide"

    async def test_a_click_takes_one_too(self, tmp_path: Path, server: Server) -> None:
        extra = (Endpoint(LOCAL, server.base_url, models=("SmolLM2",)),)
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS), extra=extra) as chat:
            await chat.click("Use a local model")
            await chat.shows("New chat with local/SmolLM2")

    async def test_whatever_else_is_typed_reaches_the_composer(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS)) as chat:
            await chat.type("hello 123")
            assert chat.typed == "hello 123"

    async def test_a_message_may_begin_with_the_key_of_an_offer(
        self, tmp_path: Path, server: Server
    ) -> None:
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS)) as chat:
            await chat.type("12 apples")
            assert chat.typed == "12 apples"

    async def test_so_does_what_is_pasted(self, tmp_path: Path, server: Server) -> None:
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS)) as chat:
            for text in ("1", " apple\n"):
                chat.app.post_message(events.Paste(text))
            await chat.until(lambda: chat.typed == "1 apple\n")

    async def test_a_failure_leads_on_to_other_models(self, tmp_path: Path, server: Server) -> None:
        server.script(failure(401))
        async with chinwag(tmp_path, server, start=Start(offers=OFFERS)) as chat:
            await chat.ask("hello")
            await chat.shows("Other model", "Retry")
