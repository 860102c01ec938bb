"""What is refused, and why."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from engine.problems import Refused


@contextmanager
def refused(error: type[Refused], *expected: str) -> Iterator[None]:
    """The block is refused with exactly these codes, each with its pointer behind a blank where it has one."""
    with pytest.raises(error) as caught:
        yield
    found = [f"{each.code} {each.pointer}".strip() for each in caught.value.problems]
    assert sorted(found) == sorted(expected)
