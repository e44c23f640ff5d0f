"""A parent to be killed: `python -m tests.local.parent MODEL LOG` starts a child and waits."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tui.provider.local.server import ModelServer, ServerOptions


async def _main() -> None:
    model, log = sys.argv[1:]
    await ModelServer.start(ServerOptions(model, "own", 1, 256), Path(log), lambda *_: None)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
