"""Sizes and counts in words."""

from __future__ import annotations


def written_size(count: int) -> str:
    """A number of bytes as people read it: `0 bytes`, `12 kB`, `98.4 MB`."""
    if count < 1000:
        return counted(count, "byte")
    size, units = count / 1000, iter(("kB", "MB", "GB"))
    unit = next(units)
    while size >= 999.5 and unit != "GB":
        size, unit = size / 1000, next(units)
    return f"{size:.1f} {unit}" if size < 99.95 and unit != "kB" else f"{size:.0f} {unit}"


def counted(count: int, what: str) -> str:
    """`1 chat`, `2,000 chats`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
