"""The buttons of line items work on the posted text, so that no script is needed and nothing typed is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from web.forms import rearrange


def posted(*names: str, press: tuple[str, str]) -> MultiDict[str, str]:
    form: MultiDict[str, str] = MultiDict([("title", "kept"), ("items", "")])
    for number, name in enumerate(names):
        form.add(f"items-{number}-_row", str(number))
        form.add(f"items-{number}-name", name)
        form.add(f"items-{number}-parts-0-name", f"part of {name}")
    form.add(*press)
    return form


def names(form: MultiDict[str, str] | None) -> list[str | None]:
    assert form is not None
    assert form["title"] == "kept"
    count = len({key.split("-")[1] for key in form if key.startswith("items-")})
    return [form.get(f"items-{number}-name") for number in range(count)]


@pytest.mark.parametrize(
    ("press", "result"),
    [
        (("_add", "items"), ["a", "b", "c", None]),
        (("_remove", "items-1"), ["a", "c"]),
        (("_copy", "items-0"), ["a", "a", "b", "c"]),
        (("_up", "items-2"), ["a", "c", "b"]),
        (("_up", "items-0"), ["a", "b", "c"]),
        (("_down", "items-0"), ["b", "a", "c"]),
        (("_down", "items-2"), ["a", "b", "c"]),
        (("_remove", "items-9"), ["a", "b", "c"]),
        (("_remove", "nonsense"), ["a", "b", "c"]),
    ],
)
def test_the_button_changes_the_lines(press: tuple[str, str], result: list[str | None]) -> None:
    assert names(rearrange(posted("a", "b", "c", press=press))) == result


def test_no_button_changes_nothing() -> None:
    assert rearrange(posted("a", press=("_action", "submit"))) is None


def test_a_copy_is_a_new_line() -> None:
    form = rearrange(posted("a", press=("_copy", "items-0")))
    assert form is not None
    assert (form["items-0-_row"], form["items-1-_row"]) == ("0", "")


def test_lines_within_lines_are_changed_by_their_own_buttons_and_move_with_their_line() -> None:
    added = rearrange(posted("a", "b", press=("_add", "items-1-parts")))
    assert added is not None
    assert added["items-1-parts-1-_row"] == ""
    moved = rearrange(posted("a", "b", press=("_up", "items-1")))
    assert moved is not None
    assert moved["items-0-parts-0-name"] == "part of b"


@given(st.lists(st.text(), max_size=6), st.sampled_from(["_up", "_down"]), st.integers(0, 6))
def test_moving_loses_no_line(texts: list[str], verb: str, number: int) -> None:
    form = posted(*texts, press=(verb, f"items-{number}"))
    assert sorted(map(str, names(rearrange(form)))) == sorted(texts)
