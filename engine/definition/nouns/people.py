"""Selectors: who is meant."""

from collections.abc import Iterable, Mapping
from typing import Final

from engine.definition.model import At, Json, Selector

#: Of these keys a selector has exactly one, its kind; the other keys refine it.
KINDS: Final = frozenset(
    {"user", "role", "dept", "manager_of", "manager_chain_of", "dept_head_of", "field", "form_field",
     "starter", "starter_choice", "chosen_by_previous", "deciders_of"}
)  # fmt: skip
#: Older words for a kind.
_SAME: Final = {"form_field": "field"}


def selectors_from(documents: Iterable[Mapping[str, Json]], at: At) -> tuple[Selector, ...]:
    """The selectors of a list."""
    return tuple(selector_from(each, at / number) for number, each in enumerate(documents))


def selector_from(document: Mapping[str, Json], at: At) -> Selector:
    """The selector of an object."""
    kind = next(key for key in document if key in KINDS)
    options = {key: value for key, value in document.items() if key != kind}
    return Selector(kind=_SAME.get(kind, kind), value=document[kind], at=at, options=options)
