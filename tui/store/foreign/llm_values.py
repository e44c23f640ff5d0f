"""What both generations of llm's tables have: numbers of a reply, fragments, attachments."""

from __future__ import annotations

from tui.core.message import Attachment, Role
from tui.core.usage import Usage
from tui.store.foreign.branches import Said
from tui.store.foreign.sqlite_file import Row
from tui.store.foreign.values import count, moment, name, parsed, table, text


def reply(parent: str | None, row: Row, said: str, reasoning: str) -> Said:
    """What a model answered, with the numbers of its response or turn."""
    sent, got = count(row["input_tokens"]), count(row["output_tokens"])
    details = table(parsed(row["token_details"]))
    cached = count(table(details.get("prompt_tokens_details")).get("cached_tokens"))
    thought = count(table(details.get("completion_tokens_details")).get("reasoning_tokens"))
    usage = None
    if sent is not None and got is not None:
        usage = Usage(sent, got, cached_input=cached or 0, reasoning=thought or 0)
    return Said(
        "",
        parent,
        Role.ASSISTANT,
        said,
        moment(row["datetime_utc"]),
        reasoning=reasoning,
        total_ms=count(row["duration_ms"]),
        model=text(row["resolved_model"]) or text(row["model"]),
        usage=usage,
    )


def fragment(row: Row) -> Attachment:
    """A text that went along with a prompt."""
    content = text(row["content"])
    size = len(content.encode())
    return Attachment(name(row["source"]) or "fragment", "text/plain", size, content)


def attachment(row: Row) -> Attachment:
    """The name of a file that went along; it is not read."""
    called = name(row["path"]) or name(text(row["url"]).partition("?")[0])
    return Attachment(called or text(row["id"])[:12], text(row["type"]), count(row["size"]) or 0)
