"""Addresses: which of them can be used, and what is shown of any text at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.addresses import host_of, is_address, path_of, without_secrets
from tui.core.safe import shown


@pytest.mark.parametrize(
    ("text", "usable"),
    [
        ("http://localhost:11434/v1", True),
        ("https://[::1]:8080/v1", True),
        ("http://me:pw@host/v1", True),
        ("http://[::1:8080/v1", False),
        ("http://host:port/v1", False),
        ("http://host:99999/v1", False),
        ("http://:80/v1", False),
        ("localhost:11434/v1", False),
        ("ftp://host/v1", False),
        ("", False),
    ],
)
def test_where_a_request_can_be_sent(text: str, usable: bool) -> None:
    assert is_address(text) == usable


def test_a_login_and_a_query_are_not_shown() -> None:
    address = "http://me:secret@host:1/v1?key=secret#secret"
    assert (host_of(address), path_of(address)) == ("host:1", "/v1")
    assert without_secrets(address) == "http://host:1/v1"


@given(st.text() | st.text().map("http://[{}".format) | st.text().map("//{}/".format))
def test_any_text_has_an_answer(text: str) -> None:
    assert not is_address(text) or host_of(text)
    for told in (host_of(text), path_of(text), without_secrets(text)):
        assert told == shown(told)
