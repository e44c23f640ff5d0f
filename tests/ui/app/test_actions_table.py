"""The one table of actions and all that is made from it: none of it may fall behind."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from textual.command import DiscoveryHit
from textual.dom import DOMNode

from tests.readme import README, rewritten
from tests.server import Server
from tests.ui.app.chatting import Chinwag, chinwag
from tui.core.settings import commented_config, parse_settings
from tui.ui.actions import (
    UNBOUND,
    Action,
    Place,
    all_actions,
    chosen_actions,
    clashes,
    default_keys,
    keymap,
    written_key,
    written_keys,
)
from tui.ui.commands import commands_with
from tui.ui.slash import parse_slash


def owner(chat: Chinwag, action: Action) -> DOMNode:
    """The node that an action of that place belongs to."""
    places: dict[Place, DOMNode] = {
        Place.APP: chat.app,
        Place.CHAT: chat.screen,
        Place.COMPOSER: chat.screen.writer.composer,
        Place.TRANSCRIPT: chat.screen.transcript,
        Place.LIST: chat.screen.chats,
    }
    return places[action.place]


def bound_keys(node: DOMNode, action: Action) -> set[str]:
    return {
        binding.key
        for bindings in node._bindings.key_to_bindings.values()
        for binding in bindings
        if binding.id == action.id
    }


async def test_each_action_is_done_and_bound_where_the_table_says(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        for action in all_actions():
            node = owner(chat, action)
            assert callable(getattr(node, f"action_{action.id}", None)), action.id
            if action.place not in (Place.COMPOSER, Place.LIST):
                expected = (action.keys or UNBOUND).split(",")
                assert bound_keys(node, action) == {key.strip() for key in expected}, action.id
        composer = chat.screen.writer.composer
        assert set(composer._keys.values()) == {
            action.id for action in all_actions() if action.place is Place.COMPOSER
        }
        chats = chat.screen.chats
        assert set(chats._keys.values()) == chats._actions.keys()
        assert set(chats._keys.values()) == {
            action.id for action in all_actions() if action.place is Place.LIST
        }


async def test_what_is_run_from_a_menu_can_be_run_from_the_main_screen(
    tmp_path: Path, server: Server
) -> None:
    async with chinwag(tmp_path, server) as chat:
        offered = [action for action in all_actions() if action.listed or action.slash]
        for action in offered:
            node = chat.app if action.place is Place.APP else chat.screen
            assert callable(getattr(node, f"action_{action.id}", None)), action.id


def test_no_id_and_no_slash_command_stands_for_two_actions() -> None:
    actions = all_actions()
    assert max(Counter(action.id for action in actions).values()) == 1
    assert max(Counter(action.slash for action in actions if action.slash).values()) == 1


def test_no_key_does_two_things_in_one_place() -> None:
    assert clashes(all_actions()) == []


def test_no_key_is_one_that_terminals_send_for_another() -> None:
    """Ctrl+M is Enter, Ctrl+I is Tab, Ctrl+H is Backspace and Ctrl+[ is Escape."""
    keys = {key.strip() for action in all_actions() for key in action.keys.split(",")}
    assert not keys & {"ctrl+m", "ctrl+i", "ctrl+h", "ctrl+left_square_bracket"}


def test_every_action_can_be_reached_by_key_or_by_name() -> None:
    for action in all_actions():
        assert action.keys or action.slash, action.id


def test_each_slash_command_runs_its_action() -> None:
    for action in all_actions():
        if action.slash:
            command = parse_slash(f"/{action.slash}")
            assert command is not None
            assert command.action == action.target


async def test_the_palette_offers_every_listed_action(tmp_path: Path, server: Server) -> None:
    async with chinwag(tmp_path, server) as chat:
        hits = [hit async for hit in commands_with({})(chat.screen).discover()]
        listed = [action.text for action in all_actions() if action.listed]
        assert [hit.display for hit in hits if isinstance(hit, DiscoveryHit)] == listed


def test_the_readme_says_what_the_code_says() -> None:
    readme = README.read_text("utf-8")
    assert readme == rewritten(readme), "run `python -m tests.readme`"


def test_the_config_that_is_written_at_first_names_every_action_and_is_right() -> None:
    text = commented_config(default_keys())
    for action in all_actions():
        assert f'# {action.id} = "{action.keys}"' in text
    live = "\n".join(line.removeprefix("# ") for line in text.split("# [keys]")[1].splitlines()[1:])
    settings, problems = parse_settings(f"[keys]\n{live}")
    assert not problems
    keys, wrong = keymap(settings.keys)
    assert wrong == []
    assert keys.keys() == default_keys().keys()


class TestKeysOfOnesOwn:
    def test_they_replace_the_table_s(self) -> None:
        keys, problems = keymap({"new_chat": ("f7", "f8")})
        assert (keys, problems) == ({"new_chat": "f7,f8"}, [])
        action = next(one for one in chosen_actions({"new_chat": ("f7",)}) if one.id == "new_chat")
        assert action.keys == "f7"

    def test_an_action_without_a_key_can_have_one(self) -> None:
        keys, problems = keymap({"retry_with": ("f9",)})
        assert (keys, problems) == ({"retry_with": "f9"}, [])

    def test_a_key_can_be_taken_away(self) -> None:
        keys, problems = keymap({"quit": ()})
        assert (keys, problems) == ({"quit": UNBOUND}, [])

    def test_an_unknown_action_is_reported(self) -> None:
        keys, (problem,) = keymap({"fly": ("f7",)})
        assert keys == {}
        assert problem.startswith("keys.fly: no such action")

    def test_a_key_for_two_things_is_reported(self) -> None:
        _, (problem,) = keymap({"new_chat": ("ctrl+o",)})
        assert problem.startswith("keys.new_chat: ctrl+o does two things")
        assert "pick_model" in problem

    def test_a_key_freed_from_one_action_serves_another(self) -> None:
        _, problems = keymap({"new_chat": ("ctrl+o",), "pick_model": ("f8",)})
        assert problems == []


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("ctrl+n", "Ctrl+N"),
        ("f2", "F2"),
        ("up", "↑"),
        ("shift+enter", "Shift+Enter"),
        ("left_square_bracket", "["),
        ("g", "g"),
        ("G", "G"),
        ("ctrl+shift+left", "Ctrl+Shift+←"),
        ("+", "+"),
    ],
)
def test_keys_are_written_as_people_read_them(key: str, written: str) -> None:
    assert written_key(key) == written


def test_of_many_keys_the_first_two_are_shown() -> None:
    assert written_keys("ctrl+j, shift+enter,alt+enter") == "Ctrl+J Shift+Enter"
    assert written_keys("") == ""
