"""What a list is asked for in the address; a parameter that nobody knows is refused, not overlooked."""

import re
from typing import Final

from flask import request

from engine.problems import Invalid, Problem, nearest, refuse_if_any
from web.request import DEFAULT_PAGE, MAX_PAGE

_NUMBER: Final = re.compile(r"[0-9]{1,6}")


def only(*known: str) -> None:
    """Refuse every parameter but these."""
    refuse_if_any(
        Invalid,
        (
            Problem("list.parameter", f"/{given}", {"given": given, "known": nearest(given, known)})
            for given in request.args
            if given not in known
        ),
    )


def limit() -> int:
    """How many a page is to hold."""
    asked = request.args.get("limit", str(DEFAULT_PAGE))
    if not _NUMBER.fullmatch(asked) or not 1 <= int(asked) <= MAX_PAGE:
        raise Invalid(Problem("list.limit", "/limit", {"limit": str(MAX_PAGE)}))
    return int(asked)


def counted() -> bool:
    """Whether all of them are to be counted."""
    asked = request.args.get("count", "")
    if asked not in {"", "exact"}:
        raise Invalid(Problem("list.count", "/count"))
    return asked == "exact"
