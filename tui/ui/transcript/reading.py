r"""Reads Markdown line by line: which containers a line goes on in, and what it begins.

CommonMark's own strategy (its appendix): first the open containers that the line goes on in, then
what it begins, then its text. Each line is read once.

One rule is ours: display mathematics (`$$` or `\[`) that begins a paragraph goes on to its end,
or to the next blank line, whatever its lines look like.
"""

from __future__ import annotations

from tui.ui.transcript import grammar
from tui.ui.transcript.block import Kind, ListRun, Mark
from tui.ui.transcript.grammar import expanded, indentation, item_start
from tui.ui.transcript.leaves import BlockWriter, Frame, Leaf

BULLETS = "•◦▪"


class LineReader:
    """Tells a writer what each line is."""

    def __init__(self, to: BlockWriter) -> None:
        self._to = to
        self._raw = ""  # the line that is being read
        self._goes_on = False

    def line(self, raw: str, *, goes_on: bool = False) -> None:
        """Take one line, without its end; or, if it `goes_on`, the beginning of one."""
        self._goes_on = goes_on
        stack, leaf, start = self._to.stack, self._to.leaf, self._to.offset
        if len(stack) == 1 and grammar.PLAIN_START.match(raw):
            if leaf is None or leaf.kind is Kind.TEXT:
                self._to.text(raw, start)
                return
            if leaf.kind is Kind.TABLE:
                self._to.row(leaf, raw, start)
                return
        text = expanded(raw)
        self._raw = raw
        at, depth = self._matched(text)
        inside = depth == len(stack)
        if inside and leaf is not None and leaf.kind is Kind.CODE:
            if leaf.fence:
                self._fenced(leaf, text, at)
                return
            if self._indented(leaf, text, at):
                return
        if inside and leaf is not None and leaf.until and text[at:].strip():
            # In mathematics "+ b" is no list item, and "=" no underline.
            self._to.text(*self._after(text, at + indentation(text, at)))
            return
        self._begin(text, at, depth)

    def is_undecided(self, raw: str) -> bool:
        """Whether a line that begins like this may show nothing of it once it goes on.

        In code with a fence that is what may become the closing one.
        """
        leaf = self._to.leaf
        if leaf is not None and leaf.kind is Kind.CODE:
            if not leaf.fence:
                return False
            text = expanded(raw)
            at, depth = self._matched(text)
            if depth == len(self._to.stack):
                indent = indentation(text, at)
                marks = text[at + indent :]
                bare = not marks.strip(leaf.fence[0])
                return indent <= 3 and bare and len(marks) < len(leaf.fence)
        return grammar.UNDECIDED.match(raw) is not None

    def _matched(self, text: str) -> tuple[int, int]:
        """Where the content of the open containers begins in `text`, and how many go on."""
        at, depth = 0, 1
        for frame in self._to.stack[1:]:
            indent = indentation(text, at)
            if frame.width < 0:
                if indent > 3 or text[at + indent : at + indent + 1] != ">":
                    break
                at += indent + 1
                if text[at : at + 1] == " ":
                    at += 1
            elif at + indent == len(text):
                if not frame.filled:
                    break  # an item may begin with one blank line, not with two
                at = len(text)
            elif indent >= frame.width:
                at += frame.width
            else:
                break
            depth += 1
        return at, depth

    def _begin(self, text: str, at: int, depth: int) -> None:
        """What a line begins after its open containers; at last its text."""
        while True:
            leaf = self._to.leaf
            indent = indentation(text, at)
            first = at + indent
            blank = not text[first:].strip()
            paragraph = leaf is not None and leaf.kind is Kind.TEXT
            inside = depth == len(self._to.stack)
            if blank:
                self._blank_line(depth)
                return
            if indent >= 4:
                if paragraph:
                    break
                self._to.close_to(depth)
                code = self._to.open(Kind.CODE)
                code.add(*self._after(text, at + 4))
                return
            interrupts = paragraph and inside
            if text[first] == ">":
                self._to.close_to(depth)
                self._to.push(Frame(Mark(), -1))
                at = first + 1
                if text[at : at + 1] == " ":
                    at += 1
            elif self._single(text, at, indent, depth):
                return
            elif (found := item_start(text, first)) and not (
                interrupts
                and (found.number not in (None, 1) or not text[first + found.width :].strip())
            ):
                at = self._item(text, first, depth, indent, found)
            elif note := grammar.NOTE.match(text, first):
                self._to.close_to(depth)
                self._to.push(Frame(Mark(f"[{note[1]}]"), 4))
                at = note.end()
            else:
                break
            depth = len(self._to.stack)
        leaf = self._to.leaf
        if leaf is None or leaf.kind is not Kind.TEXT:
            if leaf is not None and leaf.kind is Kind.TABLE and depth == len(self._to.stack):
                self._to.row(leaf, *self._after(text, first))
                return
            self._to.close_to(depth)
        self._to.text(*self._after(text, first))

    def _blank_line(self, depth: int) -> None:
        """A blank line ends a paragraph or a table, and any quote it does not go on in."""
        leaf = self._to.leaf
        if depth < len(self._to.stack) or (leaf is not None and leaf.kind is not Kind.CODE):
            self._to.close_to(depth)
        self._to.blank = True

    def _single(self, text: str, at: int, indent: int, depth: int) -> bool:
        """Headings, fences, rules and the second line of a table; True if it was one."""
        first = at + indent
        leaf = self._to.leaf
        if (
            leaf is not None
            and leaf.kind is Kind.TEXT
            and depth == len(self._to.stack)
            and leaf.lines
        ):
            line = text[first:]
            whole = not leaf.glued or len(leaf.lines) > 1  # a header that was not divided
            header = leaf.lines[-1] if whole else ""
            aligns = grammar.table_aligns(header, line) if "|" in header else None
            if aligns:
                self._to.table(leaf, aligns)
                return True
            # What has settled as a paragraph stays one.
            if line[0] in "=-" and not leaf.part and (underline := grammar.UNDERLINE.match(line)):
                leaf.kind = Kind.HEADING
                leaf.level = 1 if underline[1][0] == "=" else 2
                if self._to.close_leaf():
                    return True
        sign = text[first]
        if sign == "#" and (heading := grammar.HEADING.match(text, first)):
            self._to.close_to(depth)
            made = self._to.open(Kind.HEADING)
            made.level = len(heading[1])
            title, start = self._after(text, heading.start(2) if heading[2] else len(text))
            if self._goes_on:
                made.add(title, start)
                return True
            made.add(title[: len(heading[2] or "")], start)
            self._to.close_leaf()
            return True
        if sign in "`~" and (fence := grammar.FENCE.match(text, first)):
            self._to.close_to(depth)
            made = self._to.open(Kind.CODE)
            made.fence = fence[1] or fence[3]
            made.indent = indent
            info = (fence[2] or fence[4] or "").split()
            made.info = info[0] if info else ""
            return True
        if sign in "*_-" and grammar.RULE.match(text, first):
            self._to.close_to(depth)
            self._to.open(Kind.RULE).add("", self._to.offset)
            self._to.close_leaf()
            return True
        return False

    def _item(
        self, text: str, first: int, depth: int, indent: int, found: grammar.ItemStart
    ) -> int:
        """Open a list item; returns where its content begins in `text`."""
        self._to.close_to(depth)
        parent = self._to.stack[-1]
        if parent.run is None or parent.sign != found.sign:
            parent.run, parent.sign = ListRun(), found.sign
            parent.number = 0 if found.number is None else found.number
        else:
            parent.number += 1
        if found.number is None:
            lists = sum(frame.mark is not None and frame.width > 0 for frame in self._to.stack)
            label = BULLETS[min(lists, len(BULLETS) - 1)]
        else:
            label = f"{parent.number}{found.sign}"
        after = first + found.width
        spaces = indentation(text, after)
        if after + spaces == len(text):
            padding, at = 1, len(text)
        elif spaces >= 5:
            padding, at = 1, after + 1
        else:
            padding, at = spaces, after + spaces
        self._to.push(Frame(Mark(label, parent.run), indent + found.width + padding))
        return at

    def _fenced(self, leaf: Leaf, text: str, at: int) -> None:
        indent = indentation(text, at)
        bare = text[at + indent :].rstrip(" \t")
        if (
            indent <= 3
            and len(bare) >= len(leaf.fence)
            and bare[:1] == leaf.fence[0]
            and not bare.strip(leaf.fence[0])
        ):
            self._to.close_leaf()
            return
        at += min(indent, leaf.indent)
        self._to.code(leaf, *self._after(text, at))

    def _indented(self, leaf: Leaf, text: str, at: int) -> bool:
        """Take a line of indented code, or one after it that is blank; True if it was one."""
        if not text[at:].strip() and not self._goes_on:
            leaf.blanks.append(self._after(text, at + 4))
            return True
        if indentation(text, at) < 4:
            return False
        blanks, leaf.blanks = leaf.blanks, []
        for line, start in [*blanks, self._after(text, at + 4)]:
            self._to.code(leaf, line, start)
        return True

    def _after(self, text: str, at: int) -> tuple[str, int]:
        """What stands from `at` of the current line on, and its offset in the message's text."""
        rest, start = grammar.after(self._raw, text, min(at, len(text)))
        return rest, self._to.offset + start
