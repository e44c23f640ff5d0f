"""Identities."""

from __future__ import annotations

import re

from tui.core.ids import new_id


def test_sixteen_hexadecimal_digits() -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", new_id())


def test_no_two_are_the_same() -> None:
    assert len({new_id() for _ in range(10_000)}) == 10_000
