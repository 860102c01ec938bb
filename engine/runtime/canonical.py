"""The one text of a JSON value, and its digest: the same value always gives the same bytes."""

import hashlib

import msgspec

from engine.definition.model import Json

_ENCODER = msgspec.json.Encoder(order="sorted")


def canonical(value: Json) -> bytes:
    """UTF-8 JSON with sorted keys; Decimals as strings, times as ISO 8601."""
    return _ENCODER.encode(value)


def digest(value: Json) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()
