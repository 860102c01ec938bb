"""JSON text → values: exact numbers, no key twice, bounded depth; every flaw with its line and column."""

import json
import re
from decimal import Decimal
from typing import Final, NoReturn

from engine.definition.model import Json
from engine.definition.text.positions import position
from engine.definition.text.scan import MAX_DEPTH, Flaw, is_measured, scan
from engine.problems import Malformed, Problem

#: Half of a surrogate pair, as an escape.
_PAIR: Final = re.compile(r"\\u[dD][89a-fA-F]")


def parse_json(text: str) -> Json:
    """The value, with `int` and `Decimal` for numbers; raises `Malformed` with every flaw that can be told."""
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        pass
    else:
        # Half a surrogate pair is a fine string for `json`, but nothing can write it.
        if _is_shallow(value, MAX_DEPTH) and not (_PAIR.search(text) and scan(text).flaws):
            return value
    raise Malformed(*(_problem(text, flaw) for flaw in scan(text).flaws))


def _problem(text: str, flaw: Flaw) -> Problem:
    line, column = position(text, flaw.offset)
    return Problem(flaw.code, flaw.pointer, flaw.params, line=line, column=column)


def _is_shallow(value: Json, levels: int) -> bool:
    """Whether at most so many containers stand inside each other."""
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_shallow(each, levels - 1) for each in inner)


def _distinct(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError
    return value


def _decimal(text: str) -> Decimal:
    if not is_measured(text):
        raise ValueError
    return Decimal(text)


def _whole(text: str) -> int:
    if not is_measured(text):
        raise ValueError
    return int(text)


def _refused(_constant: str) -> NoReturn:
    raise ValueError


#: Says no without a word; `scan` has the words.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_distinct, parse_float=_decimal, parse_int=_whole, parse_constant=_refused
)
