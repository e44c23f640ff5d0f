"""The stand-in for llama.cpp, from the side of the tests: its models, and its child processes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

RUNTIME = Path(__file__).with_name("runtime")


def model_file(folder: Path, **behaviour: object) -> Path:
    """A model that behaves as `tests/local/runtime/xllamacpp.py` describes."""
    path = folder / "own.gguf"
    path.write_bytes(b"GGUF" + json.dumps(behaviour).encode())
    return path


def started(model: Path) -> dict[str, Any]:
    """What the last child was started with; empty before its library is loaded."""
    try:
        found: dict[str, Any] = json.loads(Path(f"{model}.started").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found


def runs(pid: int) -> bool:
    """Whether a process runs; one that is dead but not yet collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return not stat.parent.parent.exists()  # no /proc on this system
