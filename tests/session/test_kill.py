"""kill -9 at any moment: nothing sent is lost, and at most a second of a reply."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tui.core.message import Status
from tui.session.pace import REAL_TIME
from tui.store.library import Library

ROOT = Path(__file__).parents[2]
AT_MOST = 1.0  # seconds of a reply


@dataclass
class Heard:
    """What a process told of itself before it died.

    Attributes:
        sent: message id to text.
        tokens: reply id to the time of each of its tokens, by the process's own clock.
        done: replies that were over.
        slowest_save: seconds.
    """

    sent: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, list[float]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    slowest_save: float = 0.0

    def take(self, line: str) -> None:
        match json.loads(line):
            case ["sent", str(message_id), str(text)]:
                self.sent[message_id] = text
            case ["token", str(reply_id), int(number), float(at)]:
                times = self.tokens.setdefault(reply_id, [])
                assert number == len(times)
                times.append(at)
            case ["saved", float(seconds)]:
                self.slowest_save = max(self.slowest_save, seconds)
            case ["done", str(reply_id)]:
                self.done.add(reply_id)


def talk_until_killed(path: Path, seed: int) -> Heard:
    heard = Heard()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.session.talker", str(path), str(seed)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            for _ in range(random.Random(seed).randrange(3, 700)):
                heard.take(process.stdout.readline())
        finally:
            process.kill()
        rest = process.stdout.read()
    for line in rest[: rest.rfind("\n") + 1].splitlines():
        heard.take(line)
    return heard


@pytest.mark.parametrize("seed", range(6))
def test_what_is_left_of_a_process_that_was_killed(path: Path, seed: int) -> None:
    heard = talk_until_killed(path, seed)
    library = Library(path)
    stored = {message.id: message for message in library.messages([*heard.sent, *heard.tokens])}

    for message_id, text in heard.sent.items():
        assert stored[message_id].text == text
    last_sign_of_life = max((times[-1] for times in heard.tokens.values()), default=0.0)
    for reply_id, times in heard.tokens.items():
        reply = stored[reply_id]
        numbers = reply.text.split()
        assert numbers == [str(number) for number in range(len(numbers))]
        if reply_id in heard.done:
            assert (reply.status, len(numbers)) == (Status.COMPLETE, len(times))
        else:
            # Done, and killed before saying so; or else in the middle of it.
            assert reply.status in (Status.INTERRUPTED, Status.COMPLETE)
            # Of that second a part is for the disk: a slower one is not a fault of ours.
            overdue = max(0.0, heard.slowest_save - (AT_MOST - REAL_TIME.flush_seconds))
            old_enough = [at for at in times if at < last_sign_of_life - AT_MOST - overdue]
            assert len(numbers) >= len(old_enough)
    assert len(heard.tokens.keys() - heard.done) <= 1
    assert not any(chat.streaming for chat in library.conversations())
    assert library.check() == []
    library.close()
