"""Words for what a schema names only by its key."""

import re
from typing import Final

#: Where one word ends and the next begins: at separators, in camelCase, after an acronym, before a number at the end.
_BETWEEN: Final = re.compile(r"[\s_.\-]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9]+$)")


def readable(key: str) -> str:
    """A title made of a key: "primaryPhoneNumber" → "Primary phone number", "homeURL" → "Home URL"."""
    words = [word for word in _BETWEEN.split(key) if word]
    words = [word if len(word) > 1 and word.isupper() else word.lower() for word in words]
    text = " ".join(words)
    return text[:1].upper() + text[1:] or key
