"""What holds for all tests."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Let Ctrl+C be heard by the programs that tests start.

    A shell that runs the tests in the background has them ignore it, which all they start would
    inherit, and chinwag respects that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
