"""What the rows of the bench share: programs on terminals of their own, homes, a large library."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.bench.large import Large, large_library
from tests.bench.reference import end_of
from tests.bench.terminal import Program
from tui.cli.chat import FRAMES


class Row(NamedTuple):
    """One line of the table."""

    what: str
    measured: str
    reference: str
    goal: str
    reached: bool


class Bench:
    """What the rows share: homes and results, a server, a large library, how often to measure."""

    def __init__(self, folder: Path, base_url: str, runs: int, library: Path) -> None:
        self.folder = folder
        self.runs = runs
        self.environ = {
            "OPENAI_API_KEY": "sk-bench",
            "OPENAI_BASE_URL": base_url,
            "NO_PROXY": "127.0.0.1",
            "PYTHONPATH": os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")]),
            # Compiled modules are kept, as they are where a person installed them.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        }
        self._homes = 0
        self._library_folder = library
        self._library: Large | None = None

    @property
    def large(self) -> Large:
        """The large library; made when it is first asked for, if it is nowhere."""
        if self._library is None:
            self._library = large_library(self._library_folder)
        return self._library

    def home(self, *, large: bool = False) -> str:
        """A home of its own, empty or with the large library."""
        self._homes += 1
        folder = self.folder / f"home{self._homes}"
        return self.large.home(folder) if large else str(folder)

    def median(self, measure: Callable[[], float]) -> float:
        """Of as many measurements as were asked for."""
        return statistics.median(measure() for _ in range(self.runs))

    def pane(self, scenario: str, *arguments: str) -> dict[str, float]:
        """A measurement of `tests.bench.pane`; the median of each of its figures."""
        return self._figures("tests.bench.pane", scenario, *arguments)

    def whole_app(self, scenario: str, *arguments: str, large: bool = True) -> dict[str, float]:
        """As `pane`, of `tests.bench.app`: on the large library or an empty one."""
        return self._figures("tests.bench.app", scenario, *arguments, large=large)

    def _figures(self, module: str, *arguments: str, large: bool = False) -> dict[str, float]:
        results = []
        out = self.folder / "result.json"
        scenario, *others = arguments
        argv = [sys.executable, "-m", module, scenario, str(out), *others]
        for _ in range(self.runs):
            environ = {
                **self.environ,
                "CHINWAG_HOME": self.home(large=large),
                "TEXTUAL_FPS": FRAMES,  # as the command itself sets it
            }
            with Program(argv, environ) as program:
                if program.ended():
                    raise RuntimeError(bytes(program.output[-2000:]).decode("utf-8", "replace"))
            results.append(json.loads(out.read_text(encoding="utf-8")))
        return {name: statistics.median(one[name] for one in results) for name in results[0]}

    def app(self, *, large: bool = False) -> Program:
        """chinwag itself, in a home of its own."""
        argv = [sys.executable, "-m", "tui", "-m", "bench"]
        return Program(argv, {**self.environ, "CHINWAG_HOME": self.home(large=large)})

    def ready_app(self) -> Program:
        """chinwag after its first answered message: everything that loads late is loaded."""
        program = self.app()
        program.seen("\x1b[?1049h")
        time.sleep(1.5)
        ask(program, "hello")
        time.sleep(1.5)
        return program

    def sdk(self) -> Program:
        """The bare streaming loop, after its first answer."""
        argv = [sys.executable, "-m", "tests.bench.reference", "sdk"]
        program = Program(argv, self.environ)
        ask(program, "hello", enter="\n")
        return program


def ask(program: Program, prompt: str, enter: str = "\r") -> tuple[float, float]:
    """Send a prompt and wait for the end of its reply; (seconds, processor seconds) it took."""
    start, cpu, before = len(program.output), program.cpu(), time.perf_counter()
    program.write(prompt)
    program.write(enter)
    program.seen(end_of(prompt), start)
    program.quiet()
    return time.perf_counter() - before, program.cpu() - cpu


def first_echo(program: Program) -> float:
    """Seconds from starting a program to the first key it echoes."""
    program.seen("\x1b[?1049h")
    program.write("α")
    return program.seen("α") - program.started
