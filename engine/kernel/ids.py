"""Random text ids, for things whose number must not be guessed (files, sessions, keys of effects)."""

import secrets


def random_id() -> str:
    """22 characters that are safe in an address and a file name; 128 bits of chance."""
    return secrets.token_urlsafe(16)
