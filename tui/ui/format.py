"""How numbers, money and times are written, in one place: short, and never more exact than known.

Everything here is a pure function. What was estimated carries a `~`, what is unknown is left out:
no number is made up to fill a place. Names of days and months are our own, because `strftime`
takes the locale's, in a language that the rest of the screen does not speak.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, tzinfo

from rich.cells import cell_len, get_character_cell_size

from tui.core.message import Message
from tui.core.safe import shown_line

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
ELLIPSIS = "…"
BETWEEN = " · "
ESTIMATED = "~"
FREE = "free"


def age(then: datetime, now: datetime, tz: tzinfo | None = None) -> str:
    """How long ago: `now`, `5 min`, `3 h`, `Tue`, `12 Mar`, `2024-03-12`.

    Args:
        then: an aware time; one in the future (clocks differ) counts as now.
        now: an aware time.
        tz: the zone that days are told in; None for the system's own.
    """
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h"
    day, today = then.astimezone(tz).date(), now.astimezone(tz).date()
    if (today - day).days < 7:  # one more, and the day's name would be that of today
        return WEEKDAYS[day.weekday()][:3]
    if day.year == today.year:
        return f"{day.day} {MONTHS[day.month - 1][:3]}"
    return day.isoformat()


def tokens(count: int) -> str:
    """A number of tokens: `812`, `4.1k`, `128k`, `1.2M`."""
    if count < 1000:
        return str(count)
    for divisor, unit in ((1e3, "k"), (1e6, "M")):
        if count < 9.95 * divisor:
            return f"{count / divisor:.1f}".removesuffix(".0") + unit
        if count < 999.5 * divisor:
            break
    return f"{count / divisor:.0f}{unit}"


def money(usd: float) -> str:
    """US dollars with two digits that count: `free`, `<$0.0001`, `$0.0036`, `$0.12`, `$1.24`."""
    if usd <= 0:
        return FREE
    if usd < 0.0001:
        return "<$0.0001"
    # Where one decimal less would still leave two digits; the limits lie where rounding turns.
    decimals = 4 - bisect_right((0.00995, 0.0995), usd)
    return f"${usd:,.{decimals}f}"


def price(per_million: float | None) -> str:
    """US dollars per million tokens; empty where unknown."""
    return "" if per_million is None else money(per_million)


def seconds(milliseconds: float) -> str:
    """A duration: `0.42 s`, `3.1 s`, `42 s`, `2 min 5 s`, `1 h 5 min`."""
    if milliseconds < 995:
        return f"{milliseconds / 1000:.2f} s"
    if milliseconds < 9950:
        return f"{milliseconds / 1000:.1f} s"
    whole = round(milliseconds / 1000)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        small, big = whole % 60, f"{whole // 60} min"
        return f"{big} {small} s" if small else big
    small, big = whole % 3600 // 60, f"{whole // 3600} h"
    return f"{big} {small} min" if small else big


def speed(tokens_per_second: float) -> str:
    """A rate: `84 tok/s`, `4.2 tok/s`."""
    digits = 1 if tokens_per_second < 9.95 else 0
    return f"{tokens_per_second:.{digits}f} tok/s"


def numbers_line(message: Message, width: int | None = None) -> str:
    """The line under a reply: model, time to the first token, speed, tokens, cost.

    Args:
        message: a reply; what it does not know is absent, what was estimated is marked.
        width: cells to fit in. When they are too few, words give way first, then the model's
            name, which the heading has too, then parts from the right. None: as long as it needs.
    """
    long, short = _numbers(message, brief=False), _numbers(message, brief=True)
    line = BETWEEN.join(long)
    if width is None or cell_len(line) <= width:
        return line
    if message.model and len(short) > 1 and cell_len(BETWEEN.join(short)) > width:
        del short[0]
    while len(short) > 1 and cell_len(BETWEEN.join(short)) > width:
        short.pop()
    return cut(BETWEEN.join(short), width)


def _numbers(message: Message, *, brief: bool) -> list[str]:
    """The parts of `numbers_line`; `brief` without the words."""
    usage = message.usage
    mark = ESTIMATED if usage and not usage.exact else ""
    parts = [shown_line(message.model)] if message.model else []
    first, total = message.first_token_ms, message.total_ms
    # A reply that came in one piece has no first token to speak of: its time is the whole time.
    if first is not None and (total is None or total > first):
        parts.append(seconds(first) + ("" if brief else " to first token"))
    elif total is not None:
        parts.append(seconds(total))
    if (rate := message.tokens_per_second) is not None:
        parts.append(mark + speed(rate))
    if usage:
        given, made = mark + tokens(usage.input), mark + tokens(usage.output)
        parts.append(f"{given}→{made}" if brief else f"{given} in, {made} out")
    if message.cost_usd is not None:
        cost = money(message.cost_usd)
        parts.append(cost if cost == FREE else mark + cost)
    return parts


def context_line(used_tokens: int, window: int | None, *, exact: bool = True) -> str:
    """How full the context window is: `4.1k of 128k (3%)`; `4.1k tokens` where it is unknown."""
    used = ("" if exact else ESTIMATED) + tokens(used_tokens)
    if not window:
        return f"{used} tokens"
    percent = 100 * used_tokens / window
    share = "<1" if 0 < percent < 1 else f"{percent:.0f}"
    return f"{used} of {tokens(window)} ({share}%)"


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells, with an ellipsis where something is missing."""
    if cell_len(text) <= width:
        return text
    room = width - 1  # the ellipsis takes one
    for index, character in enumerate(text):
        room -= get_character_cell_size(character)
        if room < 0:
            return text[:index].rstrip() + ELLIPSIS if width > 0 else ""
    return text
