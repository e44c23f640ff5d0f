"""Asking the loopback server through the real provider."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace

import pytest

from tests.server import Server
from tui.core.conversation import Parameters
from tui.core.errors import ChatError
from tui.core.message import Role
from tui.core.settings import Endpoint
from tui.provider.base import Event, PromptMessage, Request, TextDelta
from tui.provider.openai import OpenAIProvider

KEY = "sk-loopback-0123456789"


class Asker:
    """Asks `server` and gives back what came."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.endpoint = Endpoint("loopback", server.base_url, "LOOPBACK_KEY")
        self.environ = {"LOOPBACK_KEY": KEY}
        self.provider = OpenAIProvider(self.environ)

    def request(
        self,
        *messages: PromptMessage,
        model: str = "gpt-4o",
        endpoint: Endpoint | None = None,
        parameters: Parameters | None = None,
    ) -> Request:
        return Request(
            endpoint or self.endpoint,
            model,
            messages or (PromptMessage(Role.USER, "Hello"),),
            parameters or Parameters(),
        )

    async def events(self, request: Request | None = None) -> list[Event]:
        """All events of a reply that ends well."""
        async with aclosing(self.provider.stream(request or self.request())) as events:
            return [event async for event in events]

    async def failure(self, request: Request | None = None) -> tuple[str, ChatError]:
        """The text that came before a reply failed, and how it failed."""
        text = ""
        try:
            async with aclosing(self.provider.stream(request or self.request())) as events:
                async for event in events:
                    text += event.text if isinstance(event, TextDelta) else ""
        except ChatError as error:
            return text, error
        pytest.fail(f"ended well, with {text!r}")

    def at(self, base_url: str, timeout: float = 120.0) -> Request:
        """A request to another address."""
        return self.request(endpoint=replace(self.endpoint, base_url=base_url, timeout=timeout))
