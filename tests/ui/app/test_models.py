"""Models: choosing one, switching with one key, and what a chat does with the choice."""

from __future__ import annotations

from pathlib import Path

from tests.server import Server, refused_url
from tests.ui.app.chatting import Chinwag, chinwag
from tests.wire import failure
from tui.core.message import Status
from tui.core.settings import LOCAL, Endpoint
from tui.store.state import load_state
from tui.ui.model_list import ModelList, Offer
from tui.ui.model_picker import ModelPicker

TWO_QUICK = 'quick_models = ["gpt-4o", "echo"]'


def offered(chat: Chinwag) -> list[str]:
    """The names in the picker that is open, top to bottom, without headings."""
    assert isinstance(chat.app.screen, ModelPicker)
    rows = chat.app.screen.query_one(ModelList).rows
    lines = [rows.at(number) for number in range(len(rows))]
    return [line.text for line in lines if isinstance(line, Offer)]


async def open_picker(chat: Chinwag) -> None:
    await chat.press("ctrl+o")
    await chat.until(lambda: isinstance(chat.app.screen, ModelPicker))


async def use(chat: Chinwag, name: str) -> None:
    await chat.send(f"/model {name}")
    await chat.until(lambda: chat.screen.model.model == name)


async def closed(chat: Chinwag) -> None:
    await chat.until(lambda: chat.app.screen is chat.screen)


async def test_ctrl_o_offers_quick_models_and_what_the_endpoint_lists(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server, config=TWO_QUICK) as chat:
        await open_picker(chat)
        await chat.shows("Quick", "openai", "gpt-4o-mini", "1 more that don't chat")
        assert offered(chat) == ["gpt-4o", "echo", "echo", "gpt-4o", "gpt-4o-mini"]


async def test_context_window_and_prices_stand_beside_a_model(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await open_picker(chat)
        await chat.shows("context", "in/M", "1k", "$1.00", "$2.00")


async def test_what_is_picked_holds_for_the_next_message(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.ask("one")
        await open_picker(chat)
        await chat.type("echo")
        await chat.press("enter")
        await closed(chat)
        await chat.ask("two")
        assert [request.model for request in server.requests] == ["gpt-4o", "echo"]
        assert [reply.model for reply in chat.replies] == ["gpt-4o", "echo"]
        # Each reply says which model wrote it.
        await chat.until(lambda: "gpt-4o" in chat.seen and chat.seen.count("echo") >= 2)


async def test_escape_leaves_the_model_as_it_is(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await open_picker(chat)
        await chat.press("down", "escape")
        await closed(chat)
        assert chat.screen.model.model == "gpt-4o"


async def test_a_second_enter_on_its_way_does_no_harm(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await open_picker(chat)
        picker = chat.app.screen
        assert isinstance(picker, ModelPicker)
        models = picker.query_one(ModelList)
        for _ in range(2):
            models.action_choose()
        await closed(chat)
        await chat.ask("hi")


async def test_a_name_that_no_list_has_is_used_as_it_is(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await open_picker(chat)
        await chat.type("my-own-model")
        await chat.shows('my-own-model" as it is')
        await chat.press("enter")
        await closed(chat)
        await chat.ask("hi")
        assert server.requests[0].model == "my-own-model"


async def test_what_replied_is_among_the_recent_ones_from_then_on(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await use(chat, "echo")
        await chat.ask("hi")
    async with chinwag(tmp_path, server) as chat:
        await open_picker(chat)
        await chat.shows("Recent")
        assert offered(chat)[:3] == ["gpt-4o", "gpt-4o-mini", "echo"]


async def test_what_never_replied_is_recent_only_while_the_chat_uses_it(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        for name in ("no-model", "my-own-model"):
            await use(chat, name)
            await chat.ask("hi")
        await open_picker(chat)
        assert "my-own-model" in offered(chat)
        assert "no-model" not in offered(chat)
        await chat.press("escape")
        await closed(chat)
        await use(chat, "no-model")
        await open_picker(chat)
        assert "no-model" in offered(chat)  # the one that is marked as in use
    async with chinwag(tmp_path, server) as chat:
        await open_picker(chat)
        assert "my-own-model" in offered(chat)
        assert "no-model" not in offered(chat)


async def test_lists_are_kept_for_the_next_start_and_asked_for_anew(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await open_picker(chat)
        await chat.until(lambda: "gpt-4o-mini" in offered(chat)[2:])
    assert load_state(tmp_path / "state.toml").listed["openai"][0] == "echo"
    server.models = ("brand-new",)
    async with chinwag(tmp_path, server) as chat:
        await open_picker(chat)
        await chat.until(lambda: "brand-new" in offered(chat))
        assert "echo" not in offered(chat)


async def test_a_list_from_the_last_start_is_there_though_nobody_answers(tmp_path: Path) -> None:
    async with Server() as server, chinwag(tmp_path, server) as chat:
        await open_picker(chat)
        await chat.until(lambda: "echo" in offered(chat))
    server.models = ()
    async with chinwag(tmp_path, server) as chat:  # it has stopped
        await open_picker(chat)
        await chat.shows("the connection was refused")
        assert "echo" in offered(chat)


async def test_an_endpoint_that_can_t_be_asked_is_a_note_under_the_list(
    tmp_path: Path, server: Server
) -> None:
    config = f'[[endpoints]]\nname = "down"\nbase_url = "{refused_url()}"'
    async with chinwag(tmp_path, server, config=config) as chat:
        await open_picker(chat)
        await chat.shows("down: Nothing answers at 127.0.0.1")
        assert "echo" in offered(chat)


async def test_without_a_key_the_note_is_short(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server, key="") as chat:
        await open_picker(chat)
        await chat.shows("openai: no key")


async def test_ctrl_t_steps_through_the_quick_models(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        for expected in ("gpt-4o-mini", "gpt-4o", "gpt-4o-mini"):
            await chat.press("ctrl+t")
            await chat.shows(f"New chat with {expected}\n")
        await chat.ask("hi")
        assert server.requests[0].model == "gpt-4o-mini"


async def test_a_new_chat_goes_on_with_the_model_chosen_for_the_one_before(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.press("ctrl+t")
        await chat.ask("hi")
        await chat.press("ctrl+n")
        await chat.until(lambda: not chat.branch)
        await chat.shows("New chat with gpt-4o-mini")


async def test_a_chat_keeps_its_model_over_a_restart(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        await chat.send("/model echo")
        await chat.until(lambda: chat.screen.model.model == "echo")
        await chat.ask("hi")
    async with chinwag(tmp_path, server) as chat:
        assert chat.screen.model.model == "gpt-4o"  # a new chat: the config's
        await chat.screen.open_chat(chat.rows[0].id)
        assert chat.screen.model.model == "echo"


async def test_the_model_asked_for_at_the_start_is_that_of_new_chats(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server, model="echo") as chat:
        await chat.shows("New chat with echo")
        await chat.ask("hi")
        assert server.requests[0].model == "echo"


async def test_an_unknown_model_is_the_server_s_to_say_and_another_is_one_key_away(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server, model="no-model") as chat:
        reply = await chat.ask("hi")
        assert reply.status is Status.FAILED
        await chat.shows("openai has no model no-model", "Ctrl+O", "Other model")
        await open_picker(chat)


async def test_another_model_picked_under_a_failed_reply_answers_at_once(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server, model="no-model") as chat:
        await chat.ask("hi")
        await chat.shows("Other model")
        await chat.click("Other model")
        await chat.until(lambda: isinstance(chat.app.screen, ModelPicker))
        await chat.type("echo")
        await chat.press("enter")
        await chat.until(lambda: len(server.requests) == 2 and not chat.sessions.turns)
        await chat.shows("2/2")
        assert (chat.replies[-1].model, chat.replies[-1].text) == ("echo", "hi")
        assert chat.screen.model.model == "echo"  # and it is what the next message goes to


async def test_two_endpoints_each_get_what_is_theirs(tmp_path: Path, server: Server) -> None:
    async with Server(models=("llama3.2",)) as other:
        config = f'[[endpoints]]\nname = "ollama"\nbase_url = "{other.base_url}"'
        async with chinwag(tmp_path, server, config=config) as chat:
            await chat.ask("one")
            await open_picker(chat)
            await chat.until(lambda: "ollama/llama3.2" in offered(chat))
            await chat.type("llama")
            await chat.press("enter")
            await closed(chat)
            await chat.ask("two")
            assert [request.model for request in server.requests] == ["gpt-4o"]
            assert [request.model for request in other.requests] == ["llama3.2"]
            assert "authorization" not in other.requests[0].headers  # no key of somebody else's
            await chat.shows("ollama/llama3.2")


async def test_retry_with_another_model_makes_a_reply_beside_the_first(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        first = await chat.ask("hi")
        await chat.send("/retry-with echo")
        await chat.until(lambda: len(server.requests) == 2 and not chat.sessions.turns)
        second = chat.replies[-1]
        assert (second.model, second.parent) == ("echo", first.parent)
        await chat.shows("1 gpt-4o", "2 echo")  # side by side
        await chat.press("escape")
        await chat.shows("2/2")
        assert chat.screen.model.model == "gpt-4o"  # for this reply only


async def test_a_local_model_is_listed_without_asking(tmp_path: Path, server: Server) -> None:
    local = Endpoint(LOCAL, server.base_url, models=("SmolLM2",))
    async with chinwag(tmp_path, server, extra=(local,)) as chat:
        await open_picker(chat)
        await chat.shows("local/SmolLM2")
        await chat.until(lambda: len(server.listings) == 1)  # OpenAI's alone


async def test_a_list_that_fails_is_said_in_the_server_s_words(
    tmp_path: Path, server: Server
) -> None:
    server.models_reply = failure(500, "Out of order.")
    async with chinwag(tmp_path, server) as chat:
        await open_picker(chat)
        await chat.shows("openai had a problem of its own (status 500).", "Out of order.")
