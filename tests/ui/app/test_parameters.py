"""System prompt and parameters of a chat, by dialog or command; the config's are the default."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.server import Server
from tests.ui.app.chatting import Chinwag, chinwag
from tests.wire import Received, Reply, failure, says
from tui.core.conversation import Parameters
from tui.core.message import Status
from tui.ui.dialogs import ChatSettingsDialog

CONFIG = """
system_prompt = "Be brief."
[parameters]
temperature = 0.7
max_tokens = 1000
"""


def sent(server: Server, index: int = -1) -> dict[str, object]:
    return dict(server.requests[index].body)


def roles(server: Server) -> list[tuple[str, str]]:
    messages = json.loads(json.dumps(sent(server)["messages"]))
    return [(message["role"], message["content"]) for message in messages]


async def open_dialog(chat: Chinwag) -> ChatSettingsDialog:
    await chat.send("/set")
    await chat.until(lambda: isinstance(chat.app.screen, ChatSettingsDialog))
    dialog = chat.app.screen
    assert isinstance(dialog, ChatSettingsDialog)
    return dialog


async def test_nothing_is_sent_that_nobody_set(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("hi")
        assert not {"temperature", "max_tokens", "max_completion_tokens"} & sent(server).keys()
        assert roles(server) == [("user", "hi")]


async def test_the_config_s_values_go_with_each_request_and_stand_in_the_status_line(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server, config=CONFIG) as chat:
        await chat.ask("hi")
        assert (sent(server)["temperature"], sent(server)["max_tokens"]) == (0.7, 1000)
        assert roles(server) == [("system", "Be brief."), ("user", "hi")]
        await chat.shows("system prompt · temperature 0.7 · max 1,000")


async def test_the_dialog_sets_them_for_this_chat_alone(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await open_dialog(chat)
        await chat.type("Answer in rhymes.")
        await chat.press("tab")  # past "when empty", which there is none of
        await chat.type("0.2")
        await chat.press("tab")
        await chat.type("50")
        await chat.press("enter")
        await chat.shows("system prompt · temperature 0.2 · max 50")
        await chat.ask("hi")
        assert (sent(server)["temperature"], sent(server)["max_tokens"]) == (0.2, 50)
        assert roles(server)[0] == ("system", "Answer in rhymes.")
        await chat.press("ctrl+n")
        await chat.until(lambda: not chat.branch)
        await chat.ask("plain")
        assert "temperature" not in sent(server)


async def test_they_hold_over_a_restart(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.send("/set temperature 0.2")
        await chat.send("/system Be a pirate.")
        await chat.ask("hi")
    async with chinwag(tmp_path, server) as chat:
        await chat.screen.open_chat(chat.rows[0].id)
        await chat.ask("again")
        assert sent(server)["temperature"] == 0.2
        assert roles(server)[0] == ("system", "Be a pirate.")


async def test_a_wrong_value_is_said_and_nothing_is_saved(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        dialog = await open_dialog(chat)
        await chat.press("tab")
        await chat.type("9")
        await chat.shows("a number from 0 to 2")
        await chat.press("ctrl+s")
        assert chat.app.screen is dialog
        await chat.press("escape")
        assert chat.screen.chat.conversation.parameters == Parameters()


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("/set temperature 0.5", Parameters(temperature=0.5)),
        ("/set temperature = 0,5", Parameters(temperature=0.5)),
        ("/set max_tokens 200", Parameters(max_tokens=200)),
        ("/set max-tokens 200", Parameters(max_tokens=200)),
        ("/set stream off", Parameters(stream=False)),
    ],
)
async def test_set_changes_one_value(
    tmp_path: Path, server: Server, command: str, expected: Parameters
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.send(command)
        await chat.until(lambda: chat.screen.chat.conversation.parameters == expected)
        assert chat.typed == ""
        _, name, *_ = command.split()
        await chat.send(f"/set {name} default")
        await chat.until(lambda: chat.screen.chat.conversation.parameters == Parameters())


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/set temperature hot", "temperature: expected a number from 0 to 2."),
        ("/set max_tokens 0", "max_tokens: expected a whole number from 1"),
        ("/set warmth 3", "expected one of temperature, max_tokens, stream."),
    ],
)
async def test_what_set_can_t_read_is_said_and_can_be_mended(
    tmp_path: Path, server: Server, command: str, said: str
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.send(command)
        await chat.until(lambda: any(said in toast for toast in chat.toasts))
        assert chat.typed == command
        assert not server.requests


async def test_system_alone_opens_the_dialog_and_an_empty_one_sends_none(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server, config=CONFIG) as chat:
        await chat.send("/system")
        await chat.shows("Be brief.", "send none")
        await chat.press("tab", "right", "ctrl+s")
        await chat.until(lambda: chat.app.screen is chat.screen)
        await chat.ask("hi")
        assert roles(server) == [("user", "hi")]


async def test_one_chat_can_do_without_streaming(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.send("/set stream off")
        await chat.shows("in one piece")
        reply = await chat.ask("hi")
        assert (reply.text, reply.status) == ("hi", Status.COMPLETE)
        assert not server.requests[-1].streamed
        await chat.press("ctrl+n")
        await chat.until(lambda: not chat.branch)
        await chat.ask("hi")
        assert server.requests[-1].streamed


async def test_a_length_goes_by_the_name_that_other_servers_know(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.send("/set max_tokens 64")
        await chat.ask("hi")
        assert sent(server)["max_tokens"] == 64
        assert "max_completion_tokens" not in sent(server)


async def test_a_server_that_wants_the_other_name_gets_it_without_a_word(
    tmp_path: Path, server: Server
) -> None:
    server.script(
        failure(
            400,
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            code="unsupported_parameter",
            param="max_tokens",
        )
    )
    async with chinwag(tmp_path, server) as chat:
        await chat.send("/set max_tokens 64")
        reply = await chat.ask("hi")
        assert reply.status is Status.COMPLETE
        assert sent(server)["max_completion_tokens"] == 64
        assert reply.notices == ()


async def test_a_parameter_that_is_refused_is_left_out_and_that_is_shown(
    tmp_path: Path, server: Server
) -> None:
    def answer(received: Received) -> Reply:
        if "temperature" in received.body:
            return failure(
                400,
                "Unsupported value: 'temperature' does not support 0.2 with this model.",
                code="unsupported_value",
                param="temperature",
            )
        return says("well then", usage=(3, 2))

    server.answer = answer
    async with chinwag(tmp_path, server) as chat:
        await chat.send("/set temperature 0.2")
        reply = await chat.ask("hi")
        assert reply.text == "well then"
        await chat.shows("temperature 0.2 is not accepted by gpt-4o: sent without it", "well then")
        await chat.ask("again")  # and it is known from now on
        assert len(server.requests) == 3


async def test_what_is_changed_holds_from_the_next_message_on(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("one")
        await chat.send("/set temperature 1")
        await chat.ask("two")
        assert "temperature" not in sent(server, 0)
        assert sent(server, 1)["temperature"] == 1
