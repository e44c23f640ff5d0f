"""The child process: llama.cpp's own server for one model, until the parent goes.

Started by `server.py` as a script, it imports nothing of ours, so that it starts fast and stays
small. The protocol, a JSON value on each line:
- on standard input, once: `{"model", "alias", "threads", "context", "slots", "key"}`. The key
  comes this way because others can read a process's command line and its environment;
- on standard output: `{"event": "progress", "text"}`, then `{"event": "ready", "port"}`, or
  `{"event": "error", "text"}` and the end. xllamacpp passes no progress of loading on, so the
  stages are all that can be told;
- what llama.cpp prints goes to standard error, which is the log file.

Invariant: it never outlives its parent. Standard input ends when the parent does, however it does,
and a thread waits for that; on Linux the kernel is asked to see to it as well, because xllamacpp
holds Python's lock while it loads a model, and that thread with it.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
import time
from typing import IO
from urllib.parse import urlsplit

NICE = 5  # the app that draws the screen goes first
LOG_LIMIT = 4_000_000  # bytes; llama.cpp writes about one thousand for each request
CACHE_MIB = 512  # memory for prompts of other chats; llama.cpp's own default is 8 GiB
_PR_SET_PDEATHSIG = 1  # prctl(2)


class LoadError(Exception):
    """The model can't be served; its text is for the user."""


def main() -> None:
    """Serve until standard input ends."""
    step_back()
    channel = report_channel()
    options = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        address, server = serve(options, channel)
    except LoadError as error:
        report(channel, event="error", text=str(error))
        os._exit(1)
    report(channel, event="ready", port=urlsplit(address).port)
    while server:
        time.sleep(60)
        if os.fstat(2).st_size > LOG_LIMIT:
            os.ftruncate(2, 0)  # it is open for appending: what follows starts at the top


def step_back() -> None:
    """Die with the parent, leave Ctrl+C to it, and let it have the cores first."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICE)


def report_channel() -> IO[str]:
    """The way to the parent; whatever a library prints on standard output goes to the log."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return channel


def report(channel: IO[str], **fields: object) -> None:
    """Tell the parent."""
    channel.write(json.dumps(fields) + "\n")
    channel.flush()


def end_with_parent() -> None:
    """Wait for the end of standard input, then end the process: nothing here needs saving."""
    sys.stdin.buffer.read()
    os._exit(0)


def serve(options: dict[str, str | int], channel: IO[str]) -> tuple[str, object]:
    """Load the model and serve it; returns the address, and the server, which lives while held.

    Raises:
        LoadError: it could not be done.
    """
    path, alias = str(options["model"]), str(options["alias"])
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib alone would double the imports
            magic = file.read(4)
    except OSError as error:
        raise LoadError(f"{path} could not be read: {error.strerror}.") from None
    if magic != b"GGUF":
        raise LoadError(f"{path} is not a GGUF file.")
    report(channel, event="progress", text="Starting llama.cpp")
    try:
        import xllamacpp
    except ImportError as error:
        raise LoadError(
            f'llama.cpp could not be loaded ({error}). Run: python -m pip install "chinwag[local]"'
        ) from None
    parameters = xllamacpp.CommonParams()
    parameters.model.path = path
    parameters.model_alias = {alias}
    parameters.port = 0  # the system chooses
    parameters.hostnames = ["127.0.0.1"]
    parameters.api_keys = [str(options["key"])]
    parameters.n_parallel = int(options["slots"])
    # llama.cpp divides the context among its slots.
    parameters.n_ctx = int(options["context"]) * int(options["slots"])
    parameters.cpuparams.n_threads = int(options["threads"])
    parameters.cpuparams_batch.n_threads = int(options["threads"])
    parameters.cache_ram_mib = CACHE_MIB
    parameters.ui = False
    parameters.endpoint_slots = False
    report(channel, event="progress", text=f"Loading {alias}")
    try:
        server = xllamacpp.Server(parameters)
    except RuntimeError:  # its text says nothing; the reasons are in what llama.cpp printed
        raise LoadError(f"llama.cpp could not load {path}.") from None
    return server.listening_address, server


if __name__ == "__main__":
    main()
