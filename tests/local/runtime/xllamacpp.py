"""Stands in for xllamacpp in the child process: the names that we use, and deaths on demand.

The model file says how it behaves: a JSON object after its four magic bytes.
- `loading`: `ok`; `fails` (as xllamacpp does on a file it can't read); `dies`; `hangs`, holding
  Python's lock as xllamacpp does while it loads;
- `deaths`: how often it dies in all, when it is told to.

A prompt of `die before` or `die after` makes it die before its first token or after it, `refuse`
gets status 400; any other is answered with its own words. What it was started with goes to a file
beside the model's.
"""

from __future__ import annotations

import ctypes
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any


class CommonParams(SimpleNamespace):
    """Takes any attribute, and knows the nested ones."""

    def __init__(self) -> None:
        super().__init__(
            model=SimpleNamespace(), cpuparams=SimpleNamespace(), cpuparams_batch=SimpleNamespace()
        )


class Server:
    """Serves while it is held."""

    def __init__(self, params: CommonParams) -> None:
        path = Path(params.model.path)
        behaviour = json.loads(path.read_bytes()[4:])
        loading = behaviour.get("loading", "ok")
        Path(f"{path}.started").write_text(
            json.dumps(
                {
                    "pid": os.getpid(),
                    "nice": os.nice(0),
                    "threads": [params.cpuparams.n_threads, params.cpuparams_batch.n_threads],
                    "context": params.n_ctx,
                    "slots": params.n_parallel,
                    "alias": list(params.model_alias),
                    "hostnames": params.hostnames,
                }
            )
        )
        os.write(1, b"a library prints on standard output\n")
        if loading == "fails":
            raise RuntimeError("Failed to init server, please check the input params.")
        if loading == "dies":
            self._die(path, behaviour)
        if loading == "hangs":
            ctypes.PyDLL(None).sleep(600)
        handler = type(
            "Handler", (_Handler,), {"params": params, "die": lambda: self._die(path, behaviour)}
        )
        server = ThreadingHTTPServer((params.hostnames[0], params.port), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.listening_address = f"http://127.0.0.1:{server.server_address[1]}"

    def _die(self, path: Path, behaviour: dict[str, Any]) -> None:
        counter = Path(f"{path}.deaths")
        deaths = int(counter.read_text()) if counter.exists() else 0
        if deaths < behaviour.get("deaths", 1000):
            counter.write_text(str(deaths + 1))
            os._exit(3)


class _Handler(BaseHTTPRequestHandler):
    params: Any
    die: Any

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("Authorization") not in {f"Bearer {k}" for k in self.params.api_keys}:
            self.send_error(401)
            return
        prompt = body["messages"][-1]["content"]
        if prompt == "die before":
            type(self).die()
        if prompt == "refuse":
            self.send_error(400)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for number, word in enumerate(prompt.split()):
            if prompt == "die after" and number == 1:
                type(self).die()
            self._event({"choices": [{"index": 0, "delta": {"content": f"{word} "}}]})
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, chunk: dict[str, object]) -> None:
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
