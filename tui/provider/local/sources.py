"""Where pip would look for a wheel: its own settings, read but never changed.

Whoever can install chinwag can reach these places: a company's mirror, a folder of wheels, PyPI.
pip's rule holds: the `global` section of its files, then `download`, then the environment, the
later one wins; empty values count as absent. Without pip (uv, pipx) the environment alone speaks.
"""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

PYPI = "https://pypi.org/simple"
_SECTIONS = ("global", "download")
_TRUE = frozenset({"1", "true", "yes", "on", "y", "t"})  # what pip takes for yes


@dataclass(frozen=True, slots=True)
class Sources:
    """Places to look, in this order: `find_links`, then `indexes`.

    Attributes:
        find_links: folders, pages or `file:` addresses that list wheels.
        indexes: addresses of simple indexes (PEP 503), each without a slash at its end.
        certificates: a file or folder of certificates instead of the system's; empty: the system's.
        proxy: address of a proxy instead of what `https_proxy` says; empty: what that says.
    """

    find_links: tuple[str, ...] = ()
    indexes: tuple[str, ...] = (PYPI,)
    certificates: str = ""
    proxy: str = ""


def sources(environ: Mapping[str, str]) -> Sources:
    """Where pip would look; takes about half a second, in which pip is asked."""
    return sources_from(_configured(environ) if importlib.util.find_spec("pip") else "", environ)


def sources_from(listing: str, environ: Mapping[str, str]) -> Sources:
    """The sources that `pip config list` and the environment name."""
    settings: dict[str, str] = {}
    for section in _SECTIONS:
        settings |= _section(listing, section)
    settings |= {
        name.removeprefix("PIP_").lower().replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("PIP_") and value
    }
    indexes = [settings.get("index-url", PYPI), *settings.get("extra-index-url", "").split()]
    if settings.get("no-index", "").lower() in _TRUE:
        indexes = []
    return Sources(
        find_links=tuple(settings.get("find-links", "").split()),
        indexes=tuple(index.rstrip("/") for index in indexes),
        certificates=settings.get("cert", ""),
        proxy=settings.get("proxy", ""),
    )


def _section(listing: str, section: str) -> dict[str, str]:
    """The settings of one section: lines such as `global.index-url='https://...'`."""
    settings = {}
    for line in listing.splitlines():
        name, equals, value = line.partition("=")
        if equals and name.startswith(f"{section}."):
            try:
                text = ast.literal_eval(value)
            except (SyntaxError, ValueError):  # not pip's form: a line of something else
                continue
            if isinstance(text, str) and text:
                settings[name.removeprefix(f"{section}.")] = text
    return settings


def _configured(environ: Mapping[str, str]) -> str:
    # -P: a file called pip.py in the folder the user happens to be in is not run.
    command = [sys.executable, "-P", "-m", "pip", "config", "list"]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, no argument from outside
            command, env=dict(environ), capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
