"""Identities of conversations and messages.

Random from the first character on, so that a short prefix is already unambiguous on the command
line; 64 bits, so that a million of them collide with a probability of about 3 in 100 million.
"""

import secrets

ID_LENGTH = 16


def new_id() -> str:
    """A fresh identity: 16 lower-case hexadecimal digits."""
    return secrets.token_hex(ID_LENGTH // 2)
