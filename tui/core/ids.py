"""Identities of conversations and messages.

Random from the first character on, so that a short prefix is already unambiguous on the command
line; 64 bits, so that a million of them collide with a probability of about 3 in 100 million.
"""

import secrets
from hashlib import blake2b

ID_LENGTH = 16


def new_id() -> str:
    """A fresh identity: 16 lower-case hexadecimal digits."""
    return secrets.token_hex(ID_LENGTH // 2)


def derived_id(*parts: str) -> str:
    """The identity of something that has names elsewhere: the same for the same names, always.

    Args:
        parts: where it comes from, and what it is called there; any text.
    """
    digest = blake2b(digest_size=ID_LENGTH // 2, person=b"chinwag")
    for part in parts:
        content = part.encode("utf-8", "surrogatepass")
        digest.update(len(content).to_bytes(8) + content)  # so that ("a", "bc") is not ("ab", "c")
    return digest.hexdigest()
