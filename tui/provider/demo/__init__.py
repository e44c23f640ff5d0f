"""The tour: a scripted guide, served on this machine in the wire format of a real endpoint."""

from tui.provider.demo.provider import DemoProvider, demo_endpoint

__all__ = ["DemoProvider", "demo_endpoint"]
