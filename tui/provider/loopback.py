"""Keys of the servers that chinwag itself starts on this machine.

Invariant: such a key is found by whoever asks for its name and listed to nobody, so it does not
reach a process that is given the environment (an `api_key_command`, say).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping


class LoopbackKeys(MutableMapping[str, str]):
    """An environment, and in front of it keys that only this process knows."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._own: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self._own[name] if name in self._own else self._environ[name]

    def __setitem__(self, name: str, key: str) -> None:
        self._own[name] = key

    def __delitem__(self, name: str) -> None:
        del self._own[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._environ)

    def __len__(self) -> int:
        return len(self._environ)
