"""Fifty things a person may look for in the large library (`tests.bench.chats` says what is in it).

Of each kind some: words in a tenth of all messages and in a dozen, beginnings of words as they are
typed, phrases, what is left out, code, other scripts, filters, and what is nowhere.
"""

from __future__ import annotations

QUERIES = (
    # words: very common, common, rare
    *("the", "and", "python", "docker kubernetes", "tide moon ocean", "sourdough bread"),
    *("the of and to", "invoice", "gravity", "websocket the"),
    # beginnings
    *("t", "th", "co", "pyth", "kuber", "rec gar", "conper", "chin re"),
    # phrases
    *('"the of"', '"of the and"', '"what is"', '"python rust"', '"error message"', '"the the the"'),
    # without
    *("python -the", "the -of", "docker -kubernetes -nginx", "-the", '-"of the" train'),
    # code
    *("foo_bar(", "C++", "a.b.c", "#123", "std::vector<int>", "x += 1", "self.app.run()"),
    # Chinese, Japanese, Korean
    *("潮汐", "月球引力", "コード", "중력", "潮 the"),
    # filters
    *("the role:user", "python model:gpt-4o-mini", "the status:stopped", "recipe tag:recipes"),
    *("the before:2024-01-15", "has:code", "the is:pinned"),
    # nowhere
    *("xyzzyplugh", "the xyzzyplugh"),
)  # fmt: skip
