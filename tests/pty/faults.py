"""chinwag with a mistake built in, which the first argument names: `python -m tests.pty.faults`.

The rest are chinwag's own arguments; everything else is as `tui.cli` does it. Each mistake happens
when Ctrl+J is pressed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from textual.app import RenderResult

from tui.cli.main import main
from tui.ui.bars import KeyBar
from tui.ui.composer import Composer

MISTAKE = "a mistake [bold]with markup[/] and sk-words"


def _raise(*_: object) -> None:
    raise RuntimeError(MISTAKE)


async def _raise_later() -> None:
    _raise()


class _Broken(KeyBar):
    def render(self) -> RenderResult:
        """Fail."""
        raise RuntimeError(MISTAKE)


def _break_painting(composer: Composer) -> None:
    composer.screen.mount(_Broken())


FAULTS: dict[str, Callable[[Composer], object]] = {
    "a key": _raise,
    "painting": _break_painting,
    "a worker": lambda composer: composer.app.run_worker(_raise_later()),
    "a timer": lambda composer: composer.set_timer(0.01, _raise),
    "a callback of the loop": lambda composer: composer.call_later(_raise),
}


if __name__ == "__main__":
    setattr(Composer, "action_newline", FAULTS[sys.argv[1]])  # noqa: B010 - mypy allows no other
    sys.exit(main(sys.argv[2:]))
