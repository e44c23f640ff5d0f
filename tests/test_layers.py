"""The design's layers, proved: who may import whom, what loads when, and who writes files.

Statically, over the syntax tree of every module, so that an import within a function counts too;
and in a process of its own, where what really came along can be seen.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tui"

# A layer and what it may import of ours, besides itself. `files` is below all of them.
LAYERS = {
    "files": set[str](),
    "core": {"files"},
    "store": {"files", "core"},
    "provider": {"files", "core"},
    "session": {"files", "core", "store", "provider.base"},
    "ui": {"files", "core", "store", "provider.base", "session"},
    "cli": {"files", "core", "store", "provider", "session", "ui"},
}
# Heavy, hence imported at module level by those modules only that wrap them and are loaded late.
WRAPPED = {
    "openai": {"tui.provider.openai"},
    "httpx2": {"tui.provider.openai"},
    "pydantic": set[str](),
    "genai_prices": set[str](),
    "markdown_it": {"tui.store.formats.html_markdown"},
    "pygments": {"tui.store.formats.html_markdown"},
}
# Which layer may import it at all, at any level.
AT_HOME = {
    "textual": {"ui"},
    "rich": {"ui", "cli"},  # the command line measures columns by `rich.cells`
    "markdown_it": {"ui", "store"},  # the store makes HTML of Markdown
    "pygments": {"ui", "store"},
    "openai": {"provider"},
    "httpx2": {"provider"},
    "pydantic": {"provider"},
    "genai_prices": {"provider"},
    "xllamacpp": {"provider"},
    "sqlite3": {"store"},
    "gc": {"cli"},  # settings of the process: `cli.collector` alone
}


@dataclass(frozen=True)
class Import:
    """`module` imports `name`; at module level (`early`) or when it is used."""

    module: str
    name: str
    line: int
    early: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.name}"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {
    module_name(path): ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
}


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in (
        "TYPE_CHECKING",
        "typing.TYPE_CHECKING",
    )


def imports_in(module: str, node: ast.AST, *, early: bool = True) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if is_type_checking(child):
            continue
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(module, alias.name, child.lineno, early)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"{module}:{child.lineno}: name the module in full"
            assert child.module is not None
            for alias in child.names:
                full = f"{child.module}.{alias.name}"
                yield Import(module, full if full in TREES else child.module, child.lineno, early)
        else:
            later = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from imports_in(module, child, early=early and not later)


IMPORTS = [found for module, tree in TREES.items() for found in imports_in(module, tree)]


def layer(module: str) -> str:
    """`tui.provider.base` is a layer of its own: the contract, without the SDK."""
    if module == "tui.provider.base":
        return "provider.base"
    return [*module.split("."), ""][1]


def test_imports_point_left() -> None:
    wrong = [
        str(found)
        for found in IMPORTS
        if found.name.startswith("tui.")
        and layer(found.module) in LAYERS
        # The contract belongs to its layer, seen from within.
        and layer(found.name).partition(".")[0] != layer(found.module)
        and layer(found.name) not in LAYERS[layer(found.module)]
        and layer(found.name).partition(".")[0] not in LAYERS[layer(found.module)]
    ]
    assert not wrong


def test_every_module_is_in_a_layer() -> None:
    top = {"tui", "tui.__main__"}
    assert {layer(module).partition(".")[0] for module in TREES if module not in top} == set(LAYERS)


def test_frameworks_stay_in_their_layer() -> None:
    wrong = [
        str(found)
        for found in IMPORTS
        if (homes := AT_HOME.get(found.name.partition(".")[0]))
        and layer(found.module).partition(".")[0] not in homes
    ]
    assert not wrong


def test_what_is_heavy_is_wrapped_and_loaded_late() -> None:
    wrong = [
        str(found)
        for found in IMPORTS
        if found.early
        and found.module not in WRAPPED.get(found.name.partition(".")[0], {found.module})
    ]
    assert not wrong


# --- who writes files -----------------------------------------------------------------------

# By the name of what is called: `path.write_text(...)`, `tempfile.mkstemp(...)`. A temporary folder
# is 0700 by itself, and what is put into it is opened like all else.
WRITING = {
    "write_text", "write_bytes", "mkdir", "makedirs", "mkstemp", "mkfifo", "NamedTemporaryFile",
    "TemporaryFile", "FileHandler", "RotatingFileHandler", "symlink_to", "hardlink_to", "copyfile",
    "copy2", "copytree",
}  # fmt: skip


def called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def opens_for_writing(node: ast.Call) -> bool:
    """`open(...)` or `x.open(...)` with a mode that writes, or one that is not spelled out."""
    name = called(node)
    if name == "os.open":
        return True
    if name.rpartition(".")[2] != "open" or name in ("webbrowser.open", "self.open"):
        return False
    own = name in ("open", "io.open")
    places = node.args[1:2] if own else node.args[:1]
    modes = [*places, *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    for mode in modes:
        if isinstance(mode, ast.Constant) and isinstance(mode.value, str):
            if set(mode.value) <= set("rbt") or not set(mode.value) <= set("rwxabt+"):
                continue
            return True
        if own:
            return True
    return False


def writes_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            last = called(node).rpartition(".")[2]
            touches = last == "touch" and not node.args  # a path's own; ours take what to touch
            if last in WRITING or touches or opens_for_writing(node):
                yield f"line {node.lineno}: {called(node)}"


@pytest.mark.parametrize(
    "line",
    [
        "open(p, 'w')", "open(p, mode='ab')", "p.open('r+b')", "os.open(p, flags)", "open(p, mode)",
        "p.write_text('')", "Path(p).write_bytes(b'')", "tempfile.mkstemp()", "p.mkdir()",
        "p.touch()",
    ],
)  # fmt: skip
def test_writing_is_recognised(line: str) -> None:
    assert list(writes_in(ast.parse(line)))


@pytest.mark.parametrize(
    "line", ["open(p)", "open(p, 'rb')", "p.open('rb')", "sessions.open(chat_id)", "p.read_text()"]
)
def test_reading_is_no_writing(line: str) -> None:
    assert not list(writes_in(ast.parse(line)))


def test_only_one_module_opens_files_for_writing() -> None:
    found = {module: list(writes_in(tree)) for module, tree in TREES.items()}
    assert {module for module, lines in found.items() if lines} == {"tui.files"}, found


def test_databases_are_opened_by_the_store_alone() -> None:
    callers = {
        layer(module)
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) == "sqlite3.connect"
    }
    assert callers == {"store"}


# --- who names keys -------------------------------------------------------------------------

A_KEY = re.compile(r"\b(Ctrl|Shift|Alt)\+\w|\bEsc(ape)?\b|\bF\d\d?\b")
TOUR = "tui.provider.demo.script"  # what it is about


def texts_in(tree: ast.AST) -> Iterator[str]:
    """All strings but those that stand alone, as docstrings do."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def test_what_a_turn_says_names_no_key() -> None:
    """There it may be another one, on the command line there is none, and what failed is saved."""
    found = {
        module: [text for text in texts_in(tree) if A_KEY.search(text)]
        for module, tree in TREES.items()
        if layer(module).partition(".")[0] in ("core", "store", "provider", "session")
    }
    assert {module for module, texts in found.items() if texts} == {TOUR}, found


# --- what really comes along ----------------------------------------------------------------


def run(code: str, home: Path) -> str:
    """What `code` prints in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "CHINWAG_HOME": str(home), "PATH": ""},
    ).stdout


def loaded_by(code: str, home: Path) -> set[str]:
    """Top-level names of all modules that are there after `code` ran."""
    told = run(f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))", home)
    return {name.partition(".")[0] for name in json.loads(told.splitlines()[-1])}


def test_the_layers_below_load_no_framework(tmp_path: Path) -> None:
    loaded = loaded_by(
        "import tui.core.settings, tui.store.library, tui.session.sessions", tmp_path
    )
    assert not loaded & {"textual", "rich", *WRAPPED}


def test_saying_where_things_are_loads_next_to_nothing(tmp_path: Path) -> None:
    code = "from tui.cli.main import main\nmain(['paths'])"
    assert not loaded_by(code, tmp_path) & {"asyncio", "sqlite3", "textual", "rich", *WRAPPED}


def test_asking_loads_no_screen(tmp_path: Path) -> None:
    assert not loaded_by("import tui.cli.ask", tmp_path) & {"textual", *WRAPPED}


def test_the_first_frame_loads_nothing_heavy(tmp_path: Path) -> None:
    """All that `chinwag` imports and makes before its first frame, and that frame."""
    code = """
import argparse, asyncio, json, os, sys
from textual._compositor import LayoutUpdate
from tui.cli.chat import add_arguments, load
from tui.core.paths import paths_for
from tui.ui.app import ChinwagApp
from tui.ui.memory import Memory

class Watched(ChinwagApp):
    frames = []
    def _display(self, screen, renderable):
        super()._display(screen, renderable)
        if isinstance(renderable, LayoutUpdate):
            self.frames.append(sorted(sys.modules))

async def first_frame():
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    memory, opened = Memory(paths_for(os.environ).state), []
    app = Watched(lambda: load(memory, parser.parse_args([]), opened), memory.state)
    async with app.run_test() as pilot:
        while app.chat_screen is None or "tui.ui.chat_screen" not in app.frames[-1]:
            await pilot.pause()
    for parts in opened:
        await parts.close()
    chat = next(frame for frame in Watched.frames if "tui.ui.chat_screen" in frame)
    print(json.dumps([Watched.frames[0], chat]))

asyncio.run(first_frame())
"""
    first, chat = (set(modules) for modules in json.loads(run(code, tmp_path)))
    assert "textual" in first
    assert not {name for name in first if name.startswith(("tui.session", "tui.provider"))}
    assert not {name.partition(".")[0] for name in chat} & set(WRAPPED)
