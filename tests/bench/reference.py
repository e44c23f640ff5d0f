"""What chinwag is measured against: the bare SDK's streaming loop, and a bare Textual app.

`python -m tests.bench.reference sdk` reads prompts from standard input and streams the answers;
`python -m tests.bench.reference app` shows one Input.
"""

from __future__ import annotations

import asyncio
import sys


def end_of(prompt: str) -> str:
    """What ends the bench server's reply to a prompt: seen when the reply is on the screen."""
    return "⟂" + prompt.strip().replace(" ", "-")


async def stream() -> None:
    """Answer each line of input, as the SDK's documentation has it."""
    from openai import AsyncOpenAI

    async with AsyncOpenAI() as client:
        for line in iter(sys.stdin.readline, ""):
            answer = await client.chat.completions.create(
                model="bench",
                messages=[{"role": "user", "content": line.strip()}],
                stream=True,
                stream_options={"include_usage": True},
            )
            parts = [
                chunk.choices[0].delta.content
                async for chunk in answer
                if chunk.choices and chunk.choices[0].delta.content
            ]
            sys.stdout.write("".join(parts)[-40:] + "\n")
            sys.stdout.flush()


def bare_app() -> None:
    """The least that echoes a key in Textual."""
    from textual.app import App, ComposeResult
    from textual.widgets import Input

    class Bare(App[None]):
        def compose(self) -> ComposeResult:
            yield Input()

    Bare().run()


if __name__ == "__main__":
    if sys.argv[1] == "sdk":
        asyncio.run(stream())
    else:
        bare_app()
