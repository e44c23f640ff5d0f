# ruff: noqa: T201 - a command prints
"""An account's export as large as they come, and what importing it takes.

python -m tests.bench.importing FOLDER [MB]

writes FOLDER/conversations.json, 1,000 MB if no number is given, imports it into FOLDER/home twice
and says how long that took and how much memory at most, beside an import of one chat; then removes
both.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

from tests.bench.chats import SEED
from tests.bench.words import Vocabulary
from tui.files import open_private

MEGABYTE = 1_000_000
TURNS = 12  # of a chat, on average; one in 200 has a hundred times as many
# What stands in each message of real exports besides its words: some 1,500 bytes.
_METADATA = {
    "citations": [],
    "content_references": [],
    "search_result_groups": [{"type": "none", "entries": []} for _ in range(20)],
    "request_id": "ecc8b2d2-e4f3-469d-873e-baf7ec186a2d",
    "message_type": "next",
    "model_slug": "gpt-4o",
    "default_model_slug": "gpt-4o",
    "serialization_metadata": {"custom_symbol_offsets": []},
}


def write(path: Path, size: int) -> int:
    """Write an export of `size` bytes; returns how many chats it has."""
    rng = random.Random(SEED)
    vocabulary = Vocabulary(rng)
    written, count = 0, 0
    with open_private(path, "wb") as file:
        file.write(b"[")
        while written < size:
            text = json.dumps(_chat(rng, vocabulary, count), separators=(",", ":"))
            written += file.write((", " if count else "").encode() + text.encode())
            count += 1
        file.write(b"]")
    return count


def _chat(rng: random.Random, vocabulary: Vocabulary, number: int) -> dict[str, object]:
    turns = max(1, int(rng.expovariate(1 / TURNS))) * (100 if number % 200 == 199 else 1)
    mapping: dict[str, object] = {}
    parent, at = None, 1_700_000_000.0 + 3600 * number
    for turn in range(2 * turns):
        key = str(UUID(int=rng.getrandbits(128), version=4))
        words = 20 if turn % 2 == 0 else 150
        mapping[key] = {
            "id": key,
            "parent": parent,
            "children": [],
            "message": {
                "id": key,
                "author": {"role": ("user", "assistant")[turn % 2], "name": None, "metadata": {}},
                "create_time": at + turn * 10,
                "content": {"content_type": "text", "parts": [" ".join(vocabulary.draw(words))]},
                "status": "finished_successfully",
                "weight": 1.0,
                "metadata": _METADATA,
                "recipient": "all",
            },
        }
        parent = key
    source = str(UUID(int=rng.getrandbits(128), version=4))
    return {"title": f"Chat {number}", "create_time": at, "mapping": mapping, "id": source}


def measured(path: Path, home: Path) -> tuple[float, float, str]:
    """Seconds, MB at most, and what it said."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "tui", "import", str(path)],
        env={**os.environ, "CHINWAG_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / MEGABYTE
    return time.perf_counter() - started, peak, done.stdout.strip()


def main() -> None:
    """Make it, import it twice, and say what that took."""
    folder = Path(sys.argv[1])
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    path, home = folder / "conversations.json", folder / "home"
    write(path, 1)
    _, floor, _ = measured(path, folder / "home")
    print(f"one chat: at most {floor:.0f} MB", flush=True)
    chats = write(path, size * MEGABYTE)
    try:
        for what in ("first", "again"):
            seconds, peak, said = measured(path, home)
            print(f"{size:,} MB, {chats:,} chats, {what}: {seconds:.0f} s, at most {peak:.0f} MB")
            print(f"  {said}", flush=True)
    finally:
        path.unlink()
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
