"""Keys of our own servers are found by name and listed to nobody."""

from __future__ import annotations

import pytest

from tui.core.errors import ChatError
from tui.core.settings import Endpoint
from tui.provider.keys import Keys
from tui.provider.loopback import LoopbackKeys

OWN = Endpoint("own", "http://127.0.0.1/v1", api_key_env="OWN")


async def test_an_own_key_is_found_until_it_is_taken_away() -> None:
    keys = LoopbackKeys({"OTHER": "other"})
    keys["OWN"] = "secret"
    assert (await Keys(keys).key_for(OWN)).value == "secret"
    assert keys["OTHER"] == "other"
    keys.pop("OWN")
    with pytest.raises(ChatError):
        await Keys(keys).key_for(OWN)
    assert keys.pop("OWN", None) is None


async def test_a_command_does_not_get_it_with_its_environment() -> None:
    keys = LoopbackKeys({"PATH": "/usr/bin:/bin", "OTHER": "other"})
    keys["OWN"] = "secret"
    endpoint = Endpoint("x", "http://127.0.0.1/v1", api_key_command="sh -c 'echo got:$OWN:$OTHER'")
    assert (await Keys(keys).key_for(endpoint)).value == "got::other"
    assert "secret" not in repr(keys)
