"""A level for every field: the nearest that is named around it, else the default."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.access import EVERYTHING, LEVELS, Access, Level, merged, narrower

RIGHTS = Access("read", {"amount": "edit", "items": "hidden", "items.price": "required", "site.width": "edit"})


@pytest.mark.parametrize(
    ("path", "level", "own"),
    [
        ("name", "read", "read"),
        ("amount", "edit", "edit"),
        ("amount.cents", "edit", "edit"),
        ("items", "hidden", "hidden"),
        ("items.name", "hidden", "hidden"),
        ("items.price", "required", "required"),
        ("site", "edit", "read"),
        ("site.height", "read", "read"),
        ("sites", "read", "read"),
    ],
)
def test_the_nearest_named_level_counts_and_lets_a_change_inside_through(path: str, level: str, own: str) -> None:
    steps = tuple(path.split("."))
    assert (RIGHTS.of(steps), RIGHTS.own(steps)) == (level, own)


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        (EVERYTHING, True),
        (Access("read"), False),
        (Access("read", {"a": "hidden"}), False),
        (Access("read", {"a.b": "edit"}), True),
        (Access("hidden", {"a": "required"}), True),
    ],
)
def test_something_can_be_changed_when_anything_can(rights: Access, may: bool) -> None:  # noqa: FBT001
    assert rights.may_edit is may


def test_the_narrower_level_allows_less() -> None:
    assert [narrower(one, other) for one, other in pairwise(LEVELS)] == list(LEVELS[:3])


LEVEL = st.sampled_from(LEVELS[:3])
ACCESS = st.builds(Access, LEVEL, st.dictionaries(st.sampled_from(["a", "a.b", "a.b.c", "d"]), LEVEL, max_size=3))
PATHS = [("a",), ("a", "b"), ("a", "b", "c"), ("a", "x"), ("d",), ("e",)]


@given(st.lists(ACCESS, min_size=1, max_size=3))
def test_several_rights_allow_of_every_field_the_most_that_one_of_them_does(rights: list[Access]) -> None:
    whole = merged(rights)
    for path in PATHS:
        best: Level = max((each.own(path) for each in rights), key=LEVELS.index)
        assert whole.own(path) == best
