"""What holds for all tests."""

from __future__ import annotations

import signal

from hypothesis import settings

# How long an example takes says more of the machine than of what is tested.
settings.register_profile("untimed", parent=settings(), deadline=None)
settings.load_profile("untimed")


def pytest_configure() -> None:
    """Let Ctrl+C be heard by the programs that tests start.

    A shell that runs the tests in the background has them ignore it, which all they start would
    inherit, and chinwag respects that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
