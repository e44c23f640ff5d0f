"""The words of the large library: real ones for the common, made ones for the rest."""

from __future__ import annotations

import random
from itertools import accumulate

VOCABULARY = 50_000
# By how common they are: what a query of the measured set asks for keeps its place.
_COMMON = """
the of and to a in is you that it for with as on are this be can not or by from if your have an
use will but more we at which one has all when there so they what how do each other some would
about out then them these like into time make than first been who now people my made over did
down only way find long day get come may part file name code value function list string number
error data line model text key class object return type method using example set new need want
work works want should could because before after between through where while why also just
know think see look good best better right wrong same different small large big simple fast slow
"""
# Rarer ones, spread over the ranks from 300 on.
_TOPICS = """
python rust javascript typescript docker kubernetes postgres sqlite redis nginx linux ubuntu macos
terminal keyboard tide moon ocean garden tomato recipe bread sourdough oven travel lisbon kyoto
train ticket hotel invoice salary contract lawyer mortgage interest budget tax insurance doctor
sleep protein marathon guitar piano chord melody novel chapter poem sonnet grammar spanish german
physics quantum entropy gravity algebra matrix gradient tensor embedding transformer tokenizer
regex parser compiler closure iterator generator decorator asyncio coroutine deadlock semaphore
websocket webhook endpoint latency throughput cache queue broker schema migration index rollback
refactor unittest fixture mock coverage pipeline deploy rollout canary dashboard alert incident
"""
_SYLLABLES = (
    "ta re mi so la chin ed or un ing con per ver sta tion al en er is at ous ment pre dis ble "
    "car mon del fin gra hol jun kel lor nav pol qui ros sil tur vex wil yar zen"
)


class Vocabulary:
    """Words by Zipf's law, as those of any language are.

    Args:
        rng: what draws them; the vocabulary itself is the same for the same seed.
    """

    def __init__(self, rng: random.Random) -> None:
        words = dict.fromkeys(_COMMON.split())
        topics = iter(_TOPICS.split())
        syllables = _SYLLABLES.split()
        while len(words) < VOCABULARY:
            if len(words) > 300 and len(words) % 25 == 0 and (topic := next(topics, "")):
                words.setdefault(topic)
            words.setdefault("".join(rng.choices(syllables, k=rng.randint(2, 4))))
        self._rng = rng
        self._words = list(words)
        self._topics = _TOPICS.split()
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))

    def draw(self, count: int) -> list[str]:
        """That many words."""
        return self._rng.choices(self._words, cum_weights=self._weights, k=count)

    def topics(self, count: int) -> list[str]:
        """That many of what chats are about."""
        return self._rng.choices(self._topics, k=count)
