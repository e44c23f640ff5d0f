"""What messages there are, and what is known of each: an outline, a text, a picture.

Texts and pictures that have not been seen for long are dropped, the live ones never; their
heights stay as they were found, so that nothing moves. Heights are guesses until seen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tui.ui.transcript.covering import leaf_of
from tui.ui.transcript.entry import Entry, Outline
from tui.ui.transcript.folding import AS_IT_COMES, Foldable, Folds
from tui.ui.transcript.heights import Heights
from tui.ui.transcript.picture import Picture
from tui.ui.transcript.rendered import Renderer
from tui.ui.transcript.rows import MEASURE

KEPT_TEXT = 500_000  # characters of texts that are kept besides the live
KEPT_PICTURES = 400_000  # characters of texts that are kept with their pictures: 30 bytes for each
LONG_READ = 100_000  # characters; reading them takes some 20 ms
FOLDED = 2  # rows of a folded message: a gap and its one line
LINES_AROUND = 3  # rows of a message besides its text: a gap, its heading, its numbers


class Contents:
    """The messages of a conversation, in order, with a height for each."""

    def __init__(self) -> None:
        self.outline: list[Outline] = []
        self.heights = Heights()
        self.renderer = Renderer()
        self.folds: dict[str, Folds] = {}  # of those messages that are not as they come
        self.unread: dict[str, Entry] = {}  # too long to be read between two frames
        self.hold = False  # keep every text: one is about to be copied
        self.sought = ""  # a message that is kept though it is not in view: it is looked into
        self._index: dict[str, int] = {}
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._pictures: OrderedDict[str, Picture] = OrderedDict()
        self._size = 0  # characters of all texts
        self._opening: dict[str, int] = {}  # characters to unfold once their texts are here
        self._grown = False  # whether there are more pictures than when it was last looked

    def __len__(self) -> int:
        return len(self.outline)

    def index_of(self, entry_id: str) -> int | None:
        """Which message that is; None if it is not shown."""
        return self._index.get(entry_id)

    def show(self, outline: Sequence[Outline], entries: Iterable[Entry]) -> None:
        """Replace everything; what is known of messages that stay is kept."""
        self.outline = list(outline)
        self._index = dict(zip((one.id for one in self.outline), range(len(outline)), strict=True))
        for gone in [known for known in self._entries if known not in self._index]:
            self._drop(gone)
        for entry in entries:
            self._take(entry)
        self.heights = self._heights()

    def provide(self, entries: Iterable[Entry]) -> None:
        """Take texts that were missing, or changed entries."""
        for entry in entries:
            self._take(entry)
            if (at := self._index.get(entry.id)) is not None:
                self.heights.set(at, self._height(at))

    def append(self, entry: Entry) -> None:
        """A new last message."""
        self._index[entry.id] = len(self.outline)
        self.outline.append(Outline(entry.id, entry.role, len(entry.text)))
        self._take(entry)
        self.heights.append(self._height(len(self.outline) - 1))

    def folds_of(self, at: int) -> Folds:
        """What is folded of a message."""
        return self.folds.get(self.outline[at].id, AS_IT_COMES)

    def fold(self, at: int, what: Foldable) -> None:
        """Fold a message or something of it, or open it again."""
        self._fold(at, self.folds_of(at).toggled(what))

    def _fold(self, at: int, folds: Folds) -> None:
        name = self.outline[at].id
        self.folds[name] = folds
        if folds == AS_IT_COMES:
            del self.folds[name]
        picture = self.picture(at)
        if picture is not None and picture.folds != folds:
            self._forget(picture, picture.settled)
            picture.fold(folds)
            self._changed(at, picture)
        self.heights.set(at, self._height(at))

    def uncover(self, at: int, character: int) -> None:
        """Open what a character of a message is folded away in, once its text is here."""
        name, folds = self.outline[at].id, self.folds_of(at)
        if not (folds.message or folds.codes):
            return
        picture = self.picture(at)
        codes = folds.codes
        if picture is None:
            self._opening[name] = character
        elif (leaf := leaf_of(picture, picture.body_index(character))) is not None:
            codes -= {leaf}
        self._fold(at, replace(folds, message=False, codes=codes))

    def entry(self, at: int) -> Entry | None:
        """The entry of a message, with all its text so far; None while it is not loaded."""
        name = self.outline[at].id
        if (picture := self._pictures.get(name)) is not None:
            _ = picture.text, picture.reasoning
            return picture.entry
        return self._entries.get(name)

    def text(self, at: int) -> str | None:
        """All the text of a message; None while it is not loaded."""
        entry = self.entry(at)
        return None if entry is None else entry.text

    def picture(self, at: int) -> Picture | None:
        """A message's picture; None while its text is not here, or not read."""
        name = self.outline[at].id
        picture = self._pictures.get(name)
        if picture is None:
            entry = self._entries.get(name)
            if entry is None:
                return None
            if len(entry.text) > LONG_READ and not entry.live:
                self.unread.setdefault(name, entry)
                return None
            self._draw(at, Picture(entry, self.renderer.width, self.folds_of(at)))
            picture = self._pictures[name]
        self._pictures.move_to_end(name)
        if name in self._entries:
            self._entries.move_to_end(name)
        return picture

    def adopt(self, picture: Picture) -> None:
        """Take the picture of a long message, read elsewhere; not if it changed meanwhile."""
        name = picture.entry.id
        if self.unread.get(name) is picture.entry and self._entries.get(name) is picture.entry:
            picture.resize(self.renderer.width)
            at = self._index[name]
            if picture.folds != self.folds_of(at):
                picture.fold(self.folds_of(at))
            self._draw(at, picture)
        self.unread.pop(name, None)

    def _draw(self, at: int, picture: Picture) -> None:
        """Take a picture that was made."""
        name = self.outline[at].id
        self._pictures[name] = picture
        self._grown = True
        self.heights.set(at, picture.heights.total)
        if (character := self._opening.pop(name, None)) is not None:
            self.uncover(at, character)

    def _take(self, entry: Entry) -> None:
        """Take a text; its height is for the caller to set."""
        at = self._index.get(entry.id)
        if at is None:
            return
        self.outline[at] = Outline(entry.id, entry.role, len(entry.text))
        picture = self._pictures.get(entry.id)
        known = self._entries.pop(entry.id, None)
        self._entries[entry.id] = entry
        self._size += len(entry.text) - (len(known.text) if known else 0)
        if picture is not None:
            self._forget(picture, picture.settled)
            picture.update(entry)
            self._forget_stale(picture)

    def _changed(self, at: int, picture: Picture) -> None:
        self._forget_stale(picture)
        self.heights.set(at, picture.heights.total)

    def _forget_stale(self, picture: Picture) -> None:
        for piece in picture.take_stale():
            self.renderer.forget(piece)

    def _forget(self, picture: Picture, start: int) -> None:
        for piece in picture.pieces[start:]:
            self.renderer.forget(piece)

    def _drop(self, name: str) -> None:
        entry = self._entries.pop(name, None)
        if entry is not None:
            self._size -= len(entry.text)
        picture = self._pictures.pop(name, None)
        if picture is not None:
            self._forget(picture, 0)

    def _height(self, at: int) -> int:
        one = self.outline[at]
        if (picture := self._pictures.get(one.id)) is not None:
            return picture.heights.total
        if self.folds_of(at).message:
            return FOLDED
        entry = self._entries.get(one.id)
        size = one.size if entry is None else len(entry.text)
        return LINES_AROUND + size // self._full_row()

    def _heights(self) -> Heights:
        """A height for each message: of thousands, all but a few are guesses from their sizes."""
        row = self._full_row()
        heights = [LINES_AROUND + one.size // row for one in self.outline]
        for name in (*self._entries, *self.folds):
            if (at := self._index.get(name)) is not None:
                heights[at] = self._height(at)
        return Heights(heights)

    def _full_row(self) -> int:
        """Characters in an average row of text: a quarter of the room is lost to breaks."""
        return max(20, min(self.renderer.width, MEASURE) * 3 // 4)

    def shrink(self, visible: range) -> None:
        """Drop the texts that were not seen for longest, down to what may be kept."""
        if self.hold:
            return

        def wanted(name: str) -> bool:
            return self._index[name] in visible or name == self.sought or self._entries[name].live

        for name in _surplus(self._entries, self._size - KEPT_TEXT):
            if not wanted(name):
                self._drop(name)
        if not self._grown:
            return
        self._grown = False
        drawn = {name: picture.entry for name, picture in self._pictures.items()}
        size = sum(len(entry.text) for entry in drawn.values())
        for name in _surplus(drawn, size - KEPT_PICTURES):
            if not wanted(name):
                self._forget(self._pictures.pop(name), 0)

    def resize(self, width: int) -> None:
        """Lay out for another width: everything but what is seen becomes a guess."""
        self.renderer.resize(width)
        for picture in self._pictures.values():
            picture.resize(width)
        self.heights = self._heights()


def _surplus(entries: Mapping[str, Entry], size: int) -> list[str]:
    """The first names whose texts have `size` characters together."""
    names: list[str] = []
    for name, entry in entries.items():
        if size <= 0:
            break
        names.append(name)
        size -= len(entry.text)
    return names
