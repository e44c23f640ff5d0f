"""A model that runs on this machine: its file, its server process, and the way to both."""

from tui.provider.local.package import LocalStatus, ModelStore
from tui.provider.local.provider import LocalProvider, local_endpoint

__all__ = ["LocalProvider", "LocalStatus", "ModelStore", "local_endpoint"]
