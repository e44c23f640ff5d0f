"""What one message of ChatGPT's says, by the kind of its content.

OpenAI documents none of this. The kinds and their fields are those of the types in
pionxzh/chatgpt-exporter (src/api.ts at 0f3e108) and of accounts' exports of 2023 to 2026 that
people have published. A kind that is not known gives whatever text it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tui.core.message import Attachment
from tui.store.foreign.branches import step
from tui.store.foreign.values import count, fenced, items, name, parsed, table, text

Fields = Mapping[str, object]

# Citations stand between characters of the private use area: `citeturn0search1` within
# U+E200 and U+E201.
_CITATION = re.compile("\ue200[^\ue200\ue201]{0,1000}\ue201")
_CANVAS = "canmore."  # its documents are sent to tools of this name


def said_in(content: Fields, metadata: Fields) -> str:
    """The text that people see."""
    match content.get("content_type"):
        case "text" | "multimodal_text":
            return _cited("\n\n".join(filter(None, _parts(content))), metadata)
        case "code":
            return fenced(text(content.get("text")), _language(content))
        case "thoughts" | "reasoning_recap":
            return ""
        case _:
            return _any_text(content)


def done_in(content: Fields, who: str) -> str:
    """The same, of what was done on the way to a reply, by whom; empty where it says nothing."""
    kind = content.get("content_type")
    if kind == "thoughts":
        return "\n\n".join(_thoughts(content))
    if kind == "reasoning_recap":  # "Thought for 45s": we have a line of our own for that
        return ""
    language = _language(content) if kind == "code" else ""
    found = (
        "\n\n".join(filter(None, _parts(content)))
        if kind in ("text", "multimodal_text")
        else _any_text(content)
    )
    return step(who, found, language) if found.strip() else ""


def document_in(content: Fields, recipient: str) -> str | None:
    """A document that was made beside the chat (a canvas): people see it, though a tool got it."""
    if not recipient.startswith(_CANVAS):
        return None
    document = table(parsed(content.get("text") or "".join(_parts(content))))
    body = text(document.get("content"))
    if not body:
        return None
    kind = text(document.get("type"))
    shown = fenced(body, kind.partition("/")[2]) if kind.startswith("code") else body
    return "\n\n".join(filter(None, (f"**{text(document.get('name'))}**", shown)))


def instructions_in(content: Fields) -> str:
    """What the user wants every model to know, where this is such a message; else empty."""
    if content.get("content_type") != "user_editable_context":
        return ""
    wishes = (text(content.get("user_profile")), text(content.get("user_instructions")))
    return "\n\n".join(wish for wish in wishes if wish.strip())


def attachments_in(content: Fields, metadata: Fields) -> tuple[Attachment, ...]:
    """Names of the files that went with a message, and of pictures and sounds in it.

    The files themselves lie elsewhere in the export, or nowhere; they are not read.
    """
    named = enumerate(map(table, items(metadata.get("attachments"))))
    found: dict[str | int, Attachment] = {
        text(one.get("id")) or place: Attachment(  # some have no id
            name(one.get("name")) or "file",
            text(one.get("mime_type") or one.get("mimeType")),
            count(one.get("size")) or 0,
        )
        for place, one in named
    }
    for part in map(table, items(content.get("parts"))):
        pointer = text(part.get("asset_pointer"))
        # file-service://file-abc, or sediment://file_0123
        asset = pointer.partition("://")[2]
        if pointer and asset not in found:
            kind = text(part.get("content_type")).partition("_")[0]
            media_type = f"{kind}/*" if kind in ("image", "audio", "video") else ""
            size = count(part.get("size_bytes")) or 0
            found[asset] = Attachment(name(asset.partition("?")[0]) or kind, media_type, size)
    return tuple(found.values())


def _parts(content: Fields) -> Iterator[str]:
    for part in items(content.get("parts")):
        # A table is a picture or a sound, or what was said in a sound.
        yield text(part) if isinstance(part, str) else text(table(part).get("text"))


def _thoughts(content: Fields) -> Iterator[str]:
    for thought in map(table, items(content.get("thoughts"))):
        summary, thinking = text(thought.get("summary")), text(thought.get("content"))
        if thinking.strip():
            yield f"**{summary}**\n\n{thinking}" if summary else thinking
        elif summary:
            yield summary


def _language(content: Fields) -> str:
    language = text(content.get("language"))
    return language if language.isalnum() and language != "unknown" else ""


def _any_text(content: Fields) -> str:
    """The texts of a kind of content that has them under one name or another."""
    wanted = ("title", "url", "name", "text", "result", "summary", "content")
    return "\n".join(filter(None, (text(content.get(one)) for one in wanted)))


def _cited(said: str, metadata: Fields) -> str:
    """The text with its marks of citations as links, or without them."""
    if "\ue200" not in said:
        return said
    references = map(table, items(metadata.get("content_references")))
    links = {text(one.get("matched_text")): text(one.get("alt")) for one in references}
    return _CITATION.sub(lambda mark: links.get(mark[0], ""), said)
