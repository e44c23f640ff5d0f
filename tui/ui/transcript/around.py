"""The lines around a message's text: who speaks, what was thought, and how it ended."""

from __future__ import annotations

from tui.core.message import Role
from tui.core.safe import shown_line
from tui.ui.format import seconds
from tui.ui.transcript import look as looks
from tui.ui.transcript.entry import Entry
from tui.ui.transcript.folding import Folds, lines_of
from tui.ui.transcript.piece import ChipsPiece, FoldedPiece, NotePiece, Piece

Part = tuple[str, int, str]  # text, look, and what clicking it does


def _name_look(entry: Entry) -> int:
    return (looks.ACCENT if entry.role is Role.ASSISTANT else looks.QUIET) | looks.STRONG


def head(entry: Entry, tint: int, folds: Folds, *, started: bool) -> list[Piece]:
    """What stands above the text, but for the reasoning itself.

    Args:
        entry: the message.
        tint: the look behind a user's message.
        folds: what of it is folded.
        started: some of its text has arrived.
    """
    made: list[Piece] = [_heading(entry, tint)]
    if entry.reasoning:
        thought = _thought(entry, folds, started=started)
        made.append(NotePiece(thought, looks.QUIET, hot="fold_reasoning", aside=True))
    if entry.attachments:
        names = "  ".join(f"▤ {name}" for name in entry.attachments)
        made.append(NotePiece(names, looks.QUIET | tint))
    return made


def _heading(entry: Entry, tint: int) -> ChipsPiece:
    """Who speaks, and which version of how many."""
    name = (shown_line(entry.heading), _name_look(entry), "fold_message")
    return ChipsPiece((name, *_versions(entry)), gap=True, fill=tint)


def _versions(entry: Entry) -> tuple[Part, ...]:
    which, count = entry.sibling
    if count < 2:
        return ()
    return (
        ("  ", looks.PLAIN, ""),
        ("‹", looks.CHIP if which > 1 else looks.DIM, "previous_sibling"),
        (f" {which}/{count} ", looks.QUIET, ""),
        ("›", looks.CHIP if which < count else looks.DIM, "next_sibling"),
    )


def folded(entry: Entry, tint: int, words: str, lines: int) -> FoldedPiece:
    """A whole message in one line; that it ended badly is not folded away."""
    said = [lines_of(lines)] if lines else []
    said += [entry.status] if entry.status else ["failed"] if entry.error else []
    name = (shown_line(entry.heading), _name_look(entry), "")
    left = (("▸ ", looks.QUIET, ""), name, *_versions(entry))
    return FoldedPiece(left, words or entry.waiting, " · ".join(said), tint)


def _thought(entry: Entry, folds: Folds, *, started: bool) -> str:
    sign = "▸" if folds.reasoning else "▾"
    if entry.live and not started and entry.reasoning_ms is None:
        return f"{sign} Thinking…"
    if entry.reasoning_ms is None:
        return f"{sign} Thoughts"
    return f"{sign} Thought for {seconds(entry.reasoning_ms)}"


def foot(entry: Entry, tint: int, *, started: bool) -> list[Piece]:
    """What stands below the text."""
    made: list[Piece] = []
    waiting = entry.waiting if entry.live else ""
    if not started and entry.role is Role.ASSISTANT and not entry.error:
        if not entry.live:
            waiting = "" if entry.status else "(an empty reply)"
        elif not waiting and not entry.reasoning:
            waiting = "…"
    if waiting:
        made.append(NotePiece(waiting, looks.QUIET, aside=True))
    made += [NotePiece(notice, looks.WARNING, sign="! ") for notice in entry.notices]
    if entry.status:
        made.append(NotePiece(entry.status, looks.WARNING | tint, sign="■ "))
    if entry.error:
        made.append(NotePiece(entry.error, looks.ERROR, sign="✗ "))
    if entry.actions:
        parts: list[Part] = []
        for action, label in entry.actions:
            parts += [(f" {label} ", looks.CHIP, f"action:{action}"), ("  ", looks.PLAIN, "")]
        made.append(ChipsPiece(tuple(parts[:-1])))
    if entry.numbers:
        made.append(NotePiece(entry.numbers, looks.QUIET, aside=True))
    return made
