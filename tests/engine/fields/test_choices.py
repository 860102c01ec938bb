from decimal import Decimal

import msgspec
import pytest

from engine.definition.model import Json
from engine.fields.choice import Choice
from engine.fields.field_type import Storage
from tests.engine.fields.made import CHINESE, ENGLISH, made, refusal

COLOURS = {"oneOf": [{"const": "r", "title": "红"}, {"const": "g", "title": "绿"}, {"const": "b"}]}


@pytest.mark.parametrize(
    ("raw", "kept"), [("a", "a"), (1, 1), (Decimal("1.0"), 1), ("1", "1"), (True, True), ([1, {"x": 2}], [1, {"x": 2}])]
)
def test_a_choice_is_exactly_one_of_the_values(raw: Json, kept: Json) -> None:
    value = made("choice", enum=["a", 1, "1", True, [1, {"x": 2}]]).read(raw)
    assert (type(value), value) == (type(kept), kept)


@pytest.mark.parametrize("raw", ["A", " a", 0, 1.0 + 1, False, "true", [True, {"x": 2}], [1], [1, {"y": 2}], {}])
def test_what_merely_resembles_a_value_is_refused(raw: Json) -> None:
    choice = made("choice", enum=["a", 1, "1", True, [1, {"x": 2}]])
    assert refusal(choice, raw).startswith("/f field.choice: Expected one of these: ")


def test_a_refused_choice_names_the_likeliest_first() -> None:
    assert (
        refusal(made(enum=["office", "travel"]), "travle") == "/f field.choice: Expected one of these: travel, office."
    )


@pytest.mark.parametrize(
    ("schema", "titles"),
    [
        (COLOURS, {"r": "红", "g": "绿", "b": "b"}),
        ({"anyOf": COLOURS["oneOf"]}, {"r": "红", "g": "绿", "b": "b"}),
        ({"enum": ["r", None, "g"], "enumNames": ["红", "无", "绿"]}, {"r": "红", "g": "绿"}),
        ({"enum": ["r", "g"], "x_enum_titles": ["红"]}, {"r": "红", "g": "g"}),
        ({"enum": [1, False]}, {1: "1", False: "false"}),
        ({"const": "r"}, {"r": "r"}),
        ({"allOf": [{"enum": ["r"]}], "title": "颜色"}, {"r": "r"}),
        ({"oneOf": [{"enum": ["r", "g"]}, {"type": "null"}]}, {"r": "r", "g": "g"}),
    ],
)
def test_the_titles_of_the_values_are_found_wherever_authors_write_them(
    schema: dict[str, Json], titles: dict[Json, str]
) -> None:
    choice = made("choice", **{key.replace("x_enum_", "x-enum-"): value for key, value in schema.items()})
    assert isinstance(choice, Choice)
    assert {each.value: each.title for each in choice.options} == titles


def test_titles_are_shown_in_the_language_of_the_reader_and_typed_in_both() -> None:
    choice = made("choice", **COLOURS)
    english = msgspec.structs.replace(ENGLISH, label=lambda title: {"红": "Red"}.get(title, title))
    assert choice.show("r", CHINESE) == "红"
    assert choice.show("r", english) == "Red"
    assert [choice.typed(text, english) for text in ("r", " Red ", "红", "Blue")] == ["r", "r", "r", "Blue"]


def test_a_value_is_typed_before_a_title_that_looks_like_it() -> None:
    swapped = made("choice", oneOf=[{"const": "a", "title": "b"}, {"const": "b", "title": "a"}])
    assert swapped.typed("a", CHINESE) == "a"


def test_a_value_that_is_no_longer_listed_is_still_shown() -> None:
    assert made("choice", **COLOURS).show("violet", CHINESE) == "violet"


@pytest.mark.parametrize(
    ("values", "storage"),
    [
        (["a", "b", None], Storage.TEXT),
        ([1, 2], Storage.INTEGER),
        ([1, True], Storage.JSON),
        ([1, Decimal("0.5")], Storage.JSON),
        (["a", 1], Storage.JSON),
    ],
)
def test_values_of_one_kind_get_a_column_of_that_kind(values: list[Json], storage: Storage) -> None:
    assert made("choice", enum=values).storage is storage


def test_the_schemas_of_a_choice_say_the_values_once() -> None:
    choice = made("choice", type=["string", "null"], x_index=True, **{"not": {"const": "b"}}, **COLOURS)
    assert choice.checked() == {"not": {"const": "b"}, "enum": ["r", "g", "b"]}
    assert choice.schema() == {
        "title": "字段",
        "type": "string",
        "not": {"const": "b"},
        "oneOf": [{"const": "r", "title": "红"}, {"const": "g", "title": "绿"}, {"const": "b", "title": "b"}],
    }
    assert made("choice", enum=[1, 2]).schema()["type"] == "integer"


SEVERAL = {"type": "array", "uniqueItems": True, "items": {"enum": ["a", "b", "c, d"]}}


def test_several_choices_keep_the_order_given() -> None:
    assert made(**SEVERAL).read(["b", "a"]) == ["b", "a"]
    assert made("multi_choice", **COLOURS).read(["g", "r"]) == ["g", "r"]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("a", "field.list: Expected a list, not a."),
        (["x", "a", 1], "field.choices: Not among the choices: x, 1; known: a, b, c, d."),
        (["a", "b", "a"], "field.twice: Given more than once: a."),
    ],
)
def test_several_choices_are_refused_with_everything_that_is_wrong(raw: Json, sentence: str) -> None:
    assert refusal(made(**SEVERAL), raw) == f"/f {sentence}"


def test_a_value_may_come_twice_where_the_schema_says_so() -> None:
    assert made("multi_choice", items={"enum": ["a"]}, uniqueItems=False).read(["a", "a"]) == ["a", "a"]


def test_true_is_no_second_one() -> None:
    assert made("multi_choice", items={"enum": [1, True]}).read([1, True]) == [1, True]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a", ["a"]),
        ("a, b", ["a", "b"]),
        ("b、a", ["b", "a"]),
        (" a，b；", ["a", "b"]),
        ("a\nb", ["a", "b"]),
        ("c, d", ["c, d"]),
        ('["c, d", "a"]', ["c, d", "a"]),
        ("", []),
    ],
)
def test_several_choices_are_understood_as_a_cell_holds_them(text: str, kept: list[str]) -> None:
    several = made(**SEVERAL)
    assert several.read(several.typed(text, CHINESE)) == kept


def test_titles_of_several_choices_are_typed_and_shown() -> None:
    several = made("multi_choice", items=COLOURS)
    assert several.typed("红、绿", CHINESE) == ["r", "g"]
    assert several.show(["r", "g"], CHINESE) == "红、绿"
    assert several.show(["r", "b"], ENGLISH) == "红, b"


def test_the_schemas_of_several_choices_are_those_of_a_list() -> None:
    several = made("multi_choice", items=COLOURS, maxItems=2)
    assert several.checked() == {
        "type": "array",
        "uniqueItems": True,
        "maxItems": 2,
        "items": {"enum": ["r", "g", "b"]},
    }
    assert several.schema()["items"]["oneOf"][0] == {"const": "r", "title": "红"}
    assert made("multi_choice", **COLOURS).checked().keys() == {"type", "uniqueItems", "items"}


@pytest.mark.parametrize("raw", [True, False])
def test_yes_and_no_are_kept(raw: bool) -> None:  # noqa: FBT001
    assert made("boolean").read(raw) is raw


@pytest.mark.parametrize("raw", ["true", 1, 0, "", Decimal(1), []])
def test_what_is_neither_yes_nor_no_is_refused(raw: Json) -> None:
    assert refusal(made("boolean"), raw).startswith("/f field.boolean: Expected yes or no, not ")


@pytest.mark.parametrize(
    ("text", "kept"),
    [("是", True), ("Yes", True), ("１", True), ("on", True), ("√", True), ("否", False), ("N", False)],
)
def test_yes_and_no_are_understood_in_both_languages(text: str, kept: bool) -> None:  # noqa: FBT001
    assert made("boolean").typed(text, ENGLISH) is kept


def test_yes_and_no_are_shown_in_the_language_of_the_reader() -> None:
    assert [made("boolean").show(value, CHINESE) for value in (True, False)] == ["是", "否"]
    assert [made("boolean").show(value, ENGLISH) for value in (True, False)] == ["Yes", "No"]
    assert refusal(made("boolean"), made("boolean").typed("maybe", ENGLISH)).endswith("“maybe”.")
