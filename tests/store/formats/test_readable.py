"""Markdown and HTML: the branch a chat was left on, to read; a page that can't act."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.chats import chat, reply, said
from tui.core.conversation import Conversation
from tui.core.errors import ErrorInfo, ErrorKind
from tui.core.message import Attachment, Status
from tui.core.usage import Usage
from tui.core.whole import WholeConversation, whole_conversation
from tui.store.formats.markdown_text import closed
from tui.store.formats.table import writer
from tui.store.formats.words import numbers


def talk(text: str, conversation: Conversation | None = None) -> WholeConversation:
    """A question and a reply."""
    conversation = conversation or chat("Tides")
    question = said(conversation, "Why?")
    return whole_conversation(conversation, [question, reply(question, text, Status.COMPLETE)])


def branched() -> WholeConversation:
    """A question with two replies; the first one was stopped, and is where the chat was left."""
    conversation = replace(chat("Tides"), tags=("sea",), system_prompt="Be brief.")
    question = replace(
        said(conversation, "Why *two*?"),
        attachments=(Attachment("sea.txt", "text/plain", 1500, "salt"),),
    )
    first = replace(
        reply(question, "The moon:\n\n```py\nx = 1\n", Status.STOPPED),
        reasoning="Think.\n\nMore.",
        usage=Usage(1200, 30, exact=False),
        cost_usd=0.00123,
        total_ms=2410,
    )
    second = replace(
        reply(question, "", Status.FAILED), error=ErrorInfo(ErrorKind.QUOTA, "Out of money.")
    )
    conversation = replace(conversation, active_leaf=first.id)
    return whole_conversation(conversation, [question, first, second])


def written(ending: str, *wholes: WholeConversation) -> str:
    return "".join(writer(ending)(wholes))


class TestMarkdown:
    def test_a_chat(self) -> None:
        whole = branched()
        assert (
            written("md", whole)
            == f"""\
# Tides

{whole.conversation.id} · 2026-03-01T12:00:00.000Z · #sea

## System

Be brief.

## You

[sea.txt, 2 kB]

Why *two*?

## gpt-4o (1 of 2)

> *Reasoning*
>
> Think.
>
> More.

The moon:

```py
x = 1
```

*(stopped)*

*~1,200 tokens in, ~30 out · 2.4 s · ~$0.0012*
"""
        )

    def test_several_chats_have_a_rule_between_them(self) -> None:
        text = written("md", talk("One."), talk("Two."))
        assert "One.\n\n---\n\n# Tides\n" in text

    def test_a_failed_reply_says_why(self) -> None:
        whole = branched()
        last = whole.messages[-1].id
        left_there = replace(whole.conversation, active_leaf=last)
        text = written("md", whole_conversation(left_there, whole.messages))
        assert text.endswith("## gpt-4o (2 of 2)\n\n*(failed: Out of money.)*\n")

    @pytest.mark.parametrize(
        ("text", "end"),
        [
            ("```py\nx", "\n```"),
            ("~~~~\n```\n~~~", "\n~~~~"),
            ("- a\n  ```\n  x", "\n  ```"),
            ("```\nx\n```", ""),
            ("```\nx\n````", ""),
            ("``` `not a fence\nx", ""),
            ("```\n``` x", "\n```"),
            ("plain", ""),
        ],
    )
    def test_a_code_block_that_is_left_open_is_closed(self, text: str, end: str) -> None:
        assert closed(text) == text + end


@pytest.mark.parametrize(
    ("dollars", "written_so"),
    [(0.0, "$0.0000"), (1e-7, "<$0.0001"), (0.0001, "$0.0001"), (12.5, "$12.5000")],
)
def test_money(dollars: float, written_so: str) -> None:
    question = said(chat(), "Why?")
    assert numbers(replace(reply(question), cost_usd=dollars)) == written_so


# --- HTML -----------------------------------------------------------------------------------

ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "article", "section", "div", "h1", "h2", "h3",
    "h4", "h5", "h6", "p", "ul", "ol", "li", "pre", "code", "span", "em", "strong", "s", "a", "br",
    "hr", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "details", "summary",
}  # fmt: skip
ATTRIBUTES = {
    ("html", "lang"), ("a", "href"), ("a", "rel"), ("meta", "charset"), ("meta", "name"),
    ("meta", "content"), ("meta", "http-equiv"), ("ol", "start"),
    *((element, name) for element in ELEMENTS for name in ("class", "dir")),
}  # fmt: skip


class Page(HTMLParser):
    """What a browser would find."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def links(self) -> list[str]:
        return [attrs["href"] or "" for tag, attrs in self.found if tag == "a"]


def assert_inert(page: Page) -> None:
    assert {tag for tag, _ in page.found} <= ELEMENTS
    assert {(tag, name) for tag, attrs in page.found for name in attrs} <= ATTRIBUTES
    for link in page.links:
        assert re.match(r"(?i)https?:|mailto:", link), link
    assert [tag for tag, _ in page.found].count("style") == 1


HARMFUL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</p></div></section><iframe src='https://evil.example'>",
    "</style><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.example/x)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "![x](https://evil.example/x.png)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    '![x](https://a.example "t\\" onload=alert(1) x=\\"")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "[![x](http://a.example/b.png)](http://a.example/)",
    "[x]: javascript:alert(1)\n\n[x]",
    '```"><script>alert(1)</script>\nx\n```',
    "```html\n<script>alert(1)</script>\n```",
    "| <b onclick=x> | `</td>` |\n|:-:|--:|\n| <i> | b |",
    "`<svg/onload=alert(1)>`",
    "\x1b]8;;https://evil.example\x07x\x1b]8;;\x07",
    "<!-- --><base href='https://evil.example'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
]


class TestHtml:
    @pytest.mark.parametrize("harmful", HARMFUL)
    def test_nothing_that_anybody_wrote_acts(self, harmful: str) -> None:
        conversation = replace(
            chat(harmful), tags=(harmful,), system_prompt=harmful, endpoint=harmful, model=harmful
        )
        question = replace(
            said(conversation, harmful), attachments=(Attachment(harmful, harmful, 1, harmful),)
        )
        answer = replace(
            reply(question, harmful, Status.FAILED),
            model=harmful,
            reasoning=harmful,
            error=ErrorInfo(ErrorKind.SERVER, harmful),
        )
        page = Page(written("html", whole_conversation(conversation, [question, answer])))
        assert_inert(page)
        assert not set(page.text) & {"\x1b", "\x07", "\x01"}

    @settings(max_examples=100)
    @given(
        st.lists(
            st.sampled_from([*HARMFUL, "\n", "\n\n", "> ", "- ", "`", "```", "*", "[", "](", "|"]),
            max_size=8,
        ).map("".join)
        | st.text(max_size=40)
    )
    def test_nor_any_mixture_of_it(self, text: str) -> None:
        assert_inert(Page(written("html", talk(text))))

    def test_the_policy_allows_the_one_style_sheet_and_nothing_else(self) -> None:
        text = written("html", talk("Hello."))
        found = re.search("<style>(.*)</style>", text, re.DOTALL)
        assert found is not None
        digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
        policies = [
            attrs["content"] for tag, attrs in Page(text).found if "http-equiv" in attrs and tag
        ]
        assert policies == [
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        ]
        assert "url(" not in found[1]
        assert "@import" not in found[1]
        assert "prefers-color-scheme: dark" in found[1]
        assert "@media print" in found[1]

    def test_a_page_is_rendered_and_code_coloured(self) -> None:
        text = written("html", branched())
        assert '<p class="plain" dir="auto">Why *two*?</p>' in text
        assert '<span class="n">x</span>' in text
        assert '<p class="ending">stopped</p>' in text
        assert "<h3>Big</h3>" in written("html", talk("# Big"))
        assert '<td class="right">1</td>' in written("html", talk("| a |\n|--:|\n| 1 |"))
        page = Page(written("html", talk("[a](https://a.example) ![b](http://b.example/c.png)")))
        assert page.links == ["https://a.example", "http://b.example/c.png"]
        assert "[picture: b]" in page.text

    def test_long_code_and_unknown_languages_are_plain(self) -> None:
        for text in ("```nosuch\n<x>\n```", "```py\n" + "x = 1\n" * 20_000 + "```"):
            assert "<span" not in written("html", talk(text))

    def test_no_chats_are_a_page_too(self) -> None:
        assert_inert(Page(written("html")))
