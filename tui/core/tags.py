"""Tags as a person writes them: words between spaces or commas; in quotes, several make one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tui.core.safe import shown_line
from tui.core.words import folded

LENGTH_MOST = 40  # characters of a tag
# Given to `re` when there is something to read, which keeps it: nothing is compiled at start-up.
_TAG = r'(?P<minus>-?)#?(?:"(?P<quoted>[^"]*)"?|(?P<word>[^\s,"]+))'


def parse_tags(text: str) -> tuple[str, ...]:
    """The tags that `text` names, each once; `#work` is `work`."""
    return _unique(name for _, name in _named(text))


def parse_tag_changes(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What `work -old` asks for: the tags to add, and those to take away."""
    named = list(_named(text))
    return (
        _unique(name for minus, name in named if not minus),
        _unique(name for minus, name in named if minus),
    )


def written_tags(tags: Iterable[str]) -> str:
    """Tags as `parse_tags` reads them."""
    return " ".join(f'"{tag}"' if re.search(r"[\s,]|^[-#]", tag) else tag for tag in tags)


def with_tags(tags: Sequence[str], add: Iterable[str], remove: Iterable[str]) -> tuple[str, ...]:
    """`tags` with some added and some taken away; case and accents make no other tag."""
    gone = {folded(tag) for tag in remove}
    return _unique(tag for tag in (*tags, *add) if folded(tag) not in gone)


def tag_changes(
    before: Sequence[str], after: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What leads from one to the other: the tags to add, and those to take away."""
    old, new = ({folded(tag) for tag in tags} for tags in (before, after))
    return (
        tuple(tag for tag in after if folded(tag) not in old),
        tuple(tag for tag in before if folded(tag) not in new),
    )


def common_tags(tags: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Those that are in all of `tags`, as the first has them."""
    others = [{folded(tag) for tag in of_one} for of_one in tags[1:]]
    first = tags[0] if tags else ()
    return tuple(tag for tag in first if all(folded(tag) in of_one for of_one in others))


def _named(text: str) -> Iterable[tuple[bool, str]]:
    for found in re.finditer(_TAG, text):
        name = found["word"] if found["quoted"] is None else found["quoted"]
        if name := shown_line(name.replace('"', " "))[:LENGTH_MOST].strip():
            yield bool(found["minus"]), name


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(folded(name), name)
    return tuple(first.values())
