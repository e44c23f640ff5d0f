"""Another process that has a library open, for the tests: `python -m tests.store.writer PATH ...`.

It reports each thing on its standard output as one line of JSON, after it was committed.
With `talk SEED` it begins turns, streams and ends replies without end. With `wait` it begins one
reply, then does what the lines of its standard input say: `flush TEXT`, `finish`, until they end.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import replace
from pathlib import Path

from tests.store.chats import chat, reply, said
from tui.core.message import Message, Status
from tui.store.library import Library


def report(did: str, message: Message) -> None:
    sys.stdout.write(json.dumps([did, message.id, message.text]) + "\n")
    sys.stdout.flush()


def begin(library: Library, text: str) -> Message:
    conversation = chat(text)
    question = said(conversation, text)
    answer = reply(question)
    library.begin_turn([question, answer], conversation)
    report("said", question)
    report("began", answer)
    return answer


def finish(library: Library, answer: Message) -> None:
    done = replace(answer, status=Status.COMPLETE)
    library.finish(done)
    report("finished", done)


def talk(library: Library, seed: int) -> None:
    chance = random.Random(seed)
    answers: list[Message] = []
    while True:
        if not answers or chance.random() < 0.2:
            answers.append(begin(library, f"Question {chance.random()}"))
        at = chance.randrange(len(answers))
        # Long enough to spill over several pages of the file at times.
        answers[at] = replace(answers[at], text=answers[at].text + "word " * chance.randrange(800))
        library.flush(answers[at].id, answers[at].text, "")
        report("flushed", answers[at])
        if chance.random() < 0.1:
            finish(library, answers.pop(at))


def wait(library: Library) -> None:
    answer = begin(library, "Question")
    for line in sys.stdin:
        command, _, text = line.strip().partition(" ")
        if command == "flush":
            answer = replace(answer, text=text)
            library.flush(answer.id, text, "")
            report("flushed", answer)
        else:
            finish(library, answer)


if __name__ == "__main__":
    opened = Library(Path(sys.argv[1]))
    if sys.argv[2] == "talk":
        talk(opened, int(sys.argv[3]))
    else:
        wait(opened)
        opened.close()
