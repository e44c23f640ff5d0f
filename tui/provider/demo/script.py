"""What the guide says: every word of the tour, each step worded twice for those who retry.

Each key named here is in the design's table of keys, and a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A stop of the tour.

    Attributes:
        title: its heading.
        keywords: words in a message that lead here.
        wordings: what is said, in Markdown; a retry takes the following one.
    """

    title: str
    keywords: frozenset[str]
    wordings: tuple[str, ...]


_WELCOME = Step(
    "Welcome",
    frozenset({"start", "restart", "welcome", "hello", "hi"}),
    (
        """\
Good to see you. One thing first, so that nobody is fooled: **I am a scripted guide, not a \
model.** Nothing you type here leaves this machine, and I understand about a dozen words.

What I say does come the way a real reply comes, over the same wire, so you can try everything:

- words appear as they arrive, and **Esc** stops them
- Markdown is set properly: lists, code, tables
- every word is saved, also half a reply

```python
def tour(guest):
    while guest.curious():
        guest.types("next")
```

| Type this | and hear about |
|---|---|
| `next` | the next thing on the tour |
| `stop` | stopping a reply |
| `branch` | trying again, without losing anything |
| `edit` | changing what you said |
| `models` | who answers |
| `chats` | where it is all kept |
| `keys` | talking to a real model |

Type `next` and press Enter.
""",
        """\
Welcome, a second time! I am still **a scripted guide and not a model**; this is my other way to \
say it. You asked me again, and both answers are kept: `branch` tells how to step between them.

What you can do here, in one breath:

1. type `next` to be shown around
2. or name a thing: `stop`, `branch`, `edit`, `models`, `chats`, `keys`
3. or press **F1** and read all the keys at once

```sh
chinwag --demo     # me
chinwag --local    # a real model, on this machine
```

| | the guide | a model |
|---|---|---|
| understands you | hardly | often |
| is ever wrong | no | sometimes |
| costs | nothing | see under each reply |

Type `next` and press Enter.
""",
    ),
)

_STOP = Step(
    "Streaming, and stopping",
    frozenset({"stop", "esc", "escape", "stream", "streaming"}),
    (
        """\
These words arrive at about forty a second, which is faster than most people read and slower than \
some models write. The view follows them as long as you are at the end. Press **Tab** and **k** \
to wander up: it stays where you are, and tells you that there is more below. **G** takes you \
back, **Tab** to the line you type in.

Now press **Esc**. Go on, I have nothing important left to say, and I have written this paragraph \
long enough for you to find the key. It is at the top left of most keyboards, next to the 1, worn \
down on those of people who use a certain editor. When you press it, I fall silent at once: the \
connection is closed, so that a model you pay for stops counting too. What I have said by then \
stays in the chat, marked as stopped, and is saved like everything else.

Still here? Then you have read all of it, which nobody had planned for. **Ctrl+R** makes me say \
it again, so that you can cut me short.

Type `next` when you like.
""",
        """\
Ah, once more. Interrupting people is rude, interrupting machines is not, and **Esc** is how it \
is done. It works from the first word to the last, also while a request waits for its answer, and \
also when the reply is in the middle of a table.

Leaving is another matter: **Ctrl+N** starts a new chat and *this* reply goes on by itself. The \
list of chats marks the ones that still write, and those with an answer you have not seen. \
Several may write at the same time.

And should the power fail in the middle of a word, all but the last second of it is on the disk.

Type `next` when you like.
""",
    ),
)

_BRANCH = Step(
    "Another try, and branches",
    frozenset({"branch", "branches", "retry", "again", "sibling", "siblings"}),
    (
        """\
Did you not like an answer? **Ctrl+R** asks for another one. The first is not overwritten: both \
hang on the same message, and a mark such as `‹ 1/2 ›` shows which of them you see.

1. Press **Ctrl+R** now: I know a second way to say this.
2. Press **Tab** to go into the conversation.
3. Step between the two with **<** and **>**, or click on the mark.

Whatever you type next goes on from the answer that is on screen. So a chat is really a tree, and \
you are always on one of its branches.

Type `next` when you like.
""",
        """\
And here is the other answer. Look for `‹ 2/2 ›`: with **Tab**, then **<**, you are back at my \
first one, and **>** brings you here again.

Nothing is ever replaced. You may go on from either answer, and come back later and go on from \
the other.

Type `next` when you like.
""",
    ),
)

_EDIT = Step(
    "Saying it better",
    frozenset({"edit", "editing", "up", "change", "newline"}),
    (
        """\
Press **Up** while the line you type in is empty: your last message comes back and you can change \
it. Sending it makes a branch beside the old one, so that the old one and its answer stay.

For an earlier message press **Tab**, walk to it with **[** and **]**, and press **e**.

Longer thoughts:

- **Ctrl+J** begins a new line, and so does Shift+Enter where your terminal can tell it from Enter
- **Ctrl+G** opens your own editor (`$EDITOR`) with what you have typed
- what you have not sent is kept with the chat, also when you quit

Type `next` when you like.
""",
        """\
Everybody says it better the second time. **Up** in the empty line brings back what you said \
last; **Tab**, **[** and **e** what you said before that. The old wording keeps its answer: step \
there with **<** and **>**.

Type `next` when you like.
""",
    ),
)

_MODELS = Step(
    "Who answers",
    frozenset({"model", "models", "switch", "cost", "costs", "price", "prices", "tokens"}),
    (
        """\
**Ctrl+O** lists every model that your endpoints offer, with its context window and its price \
where they are known; type a few letters of a name and press Enter. **Ctrl+T** steps through your \
favourites, without a list.

The switch holds for the next message, in the middle of a chat if you like. Under each reply you \
read who wrote it, how soon it began and how fast it went, how many tokens it took and what it \
cost. A `~` means that we had to estimate. For me it is all very cheap.

Type `next` when you like.
""",
        """\
Two keys: **Ctrl+O** to choose from everything, **Ctrl+T** for the next of the few you always use \
(`quick_models` in the config).

What you read under a reply is measured, not guessed: where an endpoint does not say what it \
counted, you get an estimate with a `~`, and where a price is not known, none.

Type `next` when you like.
""",
    ),
)

_CHATS = Step(
    "Where it is all kept",
    frozenset({"chat", "chats", "saved", "save", "sidebar", "rename", "title"}),
    (
        """\
All chats stand in the sidebar, newest first; **Ctrl+B** shows and hides it, **Ctrl+N** starts a \
new one. A chat takes its title from what you said first. **F2** gives it a better one.

They are kept in one database on this machine, open to nobody but you:

```sh
chinwag paths      # where everything is
chinwag chats      # the list, without the screen
```

Your message is saved before it is sent, and a reply while it comes. Quit with **Ctrl+Q** \
whenever you like.

Type `next` when you like.
""",
        """\
On your own disk, in one file, closed to other users; `chinwag paths` says where. **Ctrl+B** is \
the list of chats, **F2** renames the one you are in.

This tour is saved too. Tomorrow it will be somewhere down in the list, and `next` will still \
know where we were.

Type `next` when you like.
""",
    ),
)

_KEYS = Step(
    "A real model",
    frozenset({"key", "keys", "openai", "local", "real", "endpoint", "endpoints", "ollama"}),
    (
        """\
That is all I know. Two ways to somebody with more to say:

**With an OpenAI key.** It is read when it is needed and never stored:

```sh
export OPENAI_API_KEY=...
chinwag
```

`OPENAI_BASE_URL` leads to any other server that speaks the same language, and the config file \
takes as many endpoints as you like (`chinwag config init` writes one with a comment on every \
line).

**With a model on this machine**, without any key: about 93 MB are fetched once.

```sh
chinwag --local
```

It has been a pleasure. `start` begins again, **Ctrl+Q** leaves, and **F1** shows all the keys.
""",
        """\
The short form:

| You have | then |
|---|---|
| an OpenAI key | `export OPENAI_API_KEY=...`, then `chinwag` |
| a server of your own | `OPENAI_BASE_URL`, or an endpoint in the config |
| neither | `chinwag --local` |

Keys are never written to the database, a log or an export. Goodbye, and thank you for listening \
to a script.
""",
    ),
)

STEPS = (_WELCOME, _STOP, _BRANCH, _EDIT, _MODELS, _CHATS, _KEYS)

LOST = (
    """\
I am only a script and did not understand that. Type `next` to go on, or one of `stop`, `branch`, \
`edit`, `models`, `chats`, `keys`, or `start` for the beginning.

For somebody who does understand: `keys`.
""",
    """\
Still only a script, I am afraid; asking again changes my wording, not my wits. I know `next`, \
`stop`, `branch`, `edit`, `models`, `chats`, `keys` and `start`.
""",
)
