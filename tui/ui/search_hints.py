"""What the line under the search box says of a filter that is being typed, and what Tab does."""

from __future__ import annotations

from tui.core.query import CHOICES, Field, Unfinished, unfinished

HELP = (
    'Words find what begins with them. Also: "these words"  -without  foo_bar(  role:user  '
    "model:gpt-4o  tag:work  after:2026-01-31  is:pinned  has:code  in:this"
)
_FREE = {
    Field.MODEL: "gpt-4o or ollama/llama3.2: the beginning of the name of what wrote a reply",
    Field.TAG: 'work or "two words": a tag of the chat',
    Field.BEFORE: "2026-01-31, 2026-01 or 2026: said before that began",
    Field.AFTER: "2026-01-31, 2026-01 or 2026: said then or later",
}


def hint_for(typed: str) -> str | None:
    """What may follow; None where no filter is being typed at the end."""
    found = unfinished(typed)
    if found is None:
        return None
    if free := _FREE.get(found.field):
        return f"{found.field}:{free}"
    return "  ".join(f"{found.field}:{choice}" for choice in _fitting(found)) + "   Tab completes"


def completed(typed: str) -> str | None:
    """`typed` with the filter at its end completed; None where there is nothing to complete."""
    found = unfinished(typed)
    if found is None or found.field in _FREE:
        return None
    first, *_ = _fitting(found)
    return f"{typed[: len(typed) - len(found.value)]}{first} "


def _fitting(found: Unfinished) -> list[str]:
    return sorted(choice for choice in CHOICES[found.field] if choice.startswith(found.value))
