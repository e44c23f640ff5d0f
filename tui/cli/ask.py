"""`chinwag ask`: one question; the answer on standard output, token by token as it arrives.

Standard output carries the answer and nothing else. What goes on meanwhile is said on standard
error, and only when that is a terminal.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

from tui.cli.answering import Answering
from tui.cli.asked import asked_model, default_model
from tui.cli.attaching import attachment_from, piped_text
from tui.cli.compose import Parts, compose
from tui.cli.log import log_to
from tui.cli.options import add_chat_options, whole_number
from tui.cli.output import UsageError, add_json_option, leave
from tui.cli.surroundings import Surroundings, checked_surroundings
from tui.core.conversation import Parameters
from tui.core.message import Attachment
from tui.core.settings import MOST_TOKENS
from tui.provider.base import Request
from tui.session.chat import Chat
from tui.store.conversations import ConversationChanges
from tui.store.database import IN_MEMORY

_NOTES = """\
What is piped in is joined to the prompt. Options that concern the chat (model, system prompt,
parameters) hold for its later messages too. Ctrl+C stops the answer and keeps what there is.

exit status: 0 answered, 1 no answer (why is on standard error), 2 wrong usage,
130 stopped by Ctrl+C, 141 nobody read the answer.

  chinwag ask "Why is the sky blue?"
  git diff | chinwag ask -m gpt-4o-mini "Write a commit message for this."
  chinwag ask -c "Shorter, please."
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.epilog = _NOTES
    parser.add_argument(
        "prompt", nargs="*", metavar="PROMPT", help="the question; words are joined"
    )
    add_chat_options(parser)
    parser.add_argument(
        "-f", "--file", action="append", type=Path, default=[], metavar="FILE",
        help="send a text file along; may be given again",
    )  # fmt: skip
    parser.add_argument("--no-stream", action="store_true", help="have the answer in one piece")
    parser.add_argument(
        "--max-tokens", type=whole_number(MOST_TOKENS), metavar="N", help="the longest answer"
    )
    parser.add_argument("--temperature", type=_temperature, metavar="T", help="0 to 2")
    add_json_option(parser)
    parser.add_argument(
        "--no-save", action="store_true", help="keep nothing of it (a new chat, in memory only)"
    )


def run(arguments: argparse.Namespace) -> NoReturn:
    """Ask, print, save, and end with the exit status.

    Raises:
        UsageError: the arguments or what is piped in make no question.
        ChatError: it could not be asked or saved.
    """
    if arguments.no_save and (arguments.last or arguments.chat is not None):
        raise UsageError("--no-save asks in a new chat: leave out -c and --chat")
    attachments = [attachment_from(path) for path in arguments.file]
    spoken, piped = " ".join(arguments.prompt), piped_text(sys.stdin)
    text = "\n\n".join(part for part in (spoken, piped) if part.strip())
    if not text and not attachments:
        raise UsageError("nothing to ask: give a prompt, or pipe it in")
    place = checked_surroundings()
    if not arguments.no_save:
        log_to(place.paths.log)
    leave(asyncio.run(_ask(place, arguments, text, attachments)))


async def _ask(
    place: Surroundings,
    arguments: argparse.Namespace,
    text: str,
    attachments: Sequence[Attachment],
) -> int:
    parts = compose(place, IN_MEMORY if arguments.no_save else None)
    parts.wire.warm_up()  # it loads while the chat is read and the question saved
    try:
        chat = await _chat(parts, place, arguments)
        await parts.wire.loaded()
        turn = await parts.sessions.send(chat, text, attachments)
        # While the model thinks there is time for what the price at the end would have to wait for;
        # an end that has none, after a failure or Ctrl+C, waits for nothing.
        load = partial(_load_prices, parts, turn.request)
        threading.Thread(target=load, name="prices", daemon=True).start()
        return await Answering(turn, as_json=arguments.json).run()
    finally:
        await parts.close()


def _load_prices(parts: Parts, request: Request) -> None:
    with suppress(Exception):  # a reply without its price is better than none
        parts.prices.facts(request.endpoint, request.model)


async def _chat(parts: Parts, place: Surroundings, arguments: argparse.Namespace) -> Chat:
    """The chat to ask in, with what the options set."""
    sessions = parts.sessions
    model = asked_model(parts, place.paths, arguments)
    prefix: str | None = arguments.chat
    if prefix is not None:
        chat_id = await parts.library.run(lambda library: library.resolve(prefix))
        chat = await sessions.open(chat_id)
    elif arguments.last and (last := await parts.library.run(lambda library: library.latest())):
        chat = await sessions.open(last.id)
    else:
        chat = sessions.new(model or default_model(parts, place.paths))
    own = chat.conversation.parameters
    changes: ConversationChanges = {
        "parameters": Parameters(
            arguments.temperature, arguments.max_tokens, False if arguments.no_stream else None
        ).over(own)
    }
    if model is not None:
        changes |= {"model": model.model, "endpoint": model.endpoint}
    if arguments.system is not None:
        changes["system_prompt"] = arguments.system
    await sessions.change(chat, **changes)
    return chat


def _temperature(text: str) -> float:
    with suppress(ValueError):
        if 0 <= (temperature := float(text)) <= 2:
            return temperature
    raise argparse.ArgumentTypeError(f"expected a number from 0 to 2, not {text!r}")
