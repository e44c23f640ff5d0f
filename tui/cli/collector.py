"""When Python looks for garbage while the app runs: settings of the process, in one place.

Only here does chinwag change the collector. What stays for good is left out of its walks, because
a full one that walks it all holds a frame up by 70 ms.
"""

from __future__ import annotations

import gc


def before_first_frame() -> None:
    """Don't look at all: nothing made until then is thrown away, and looking costs 40 ms."""
    gc.disable()


def after_first_frame() -> None:
    """Look again, but not at what is there."""
    gc.freeze()
    gc.enable()


def after_warm_up() -> None:
    """What is loaded by now stays as well; and look less often from now on.

    A frame makes some thousand objects that live for a few frames: looked at as often as by
    default, they cost a quarter of the time of a long reply's end, and more the longer it is. But
    no look may take long, for a key may wait for it: of 10,000 objects at once 3 ms, of 200,000
    up to 100. All there are, which takes longest, are looked at every four million objects.
    """
    gc.freeze()
    gc.set_threshold(2_000, 5, 400)
