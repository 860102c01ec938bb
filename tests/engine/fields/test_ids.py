import msgspec
import pytest

from engine.definition.model import Json
from engine.fields.field_type import Storage
from tests.engine.fields.made import CHINESE, ENGLISH, made, refusal

IDS = ["user", "department", "reference", "file", "photo"]


@pytest.mark.parametrize("type_", IDS)
@pytest.mark.parametrize("raw", ["zhang.wei", "0197f0c8-5d4e-7000-8000-000000000001", "工程部", "a@b.cn"])
def test_an_id_is_kept(type_: str, raw: str) -> None:
    assert made(type_).read(raw) == raw


@pytest.mark.parametrize("type_", IDS)
@pytest.mark.parametrize("raw", ["", "a b", "a,b", "a\n", "a\x00", "\ud800", "x" * 101, 7, True, ["a"], {"id": "a"}])
def test_what_cannot_be_an_id_is_refused(type_: str, raw: Json) -> None:
    assert refusal(made(type_), raw).startswith(f"/f field.{type_.replace('photo', 'file')}: ")


@pytest.mark.parametrize(
    ("type_", "target"),
    [
        ("user", "user"),
        ("department", "department"),
        ("reference", "core/project"),
        ("file", "file"),
        ("photo", "file"),
    ],
)
def test_an_id_is_shown_by_the_name_of_what_it_stands_for(type_: str, target: str) -> None:
    audience = msgspec.structs.replace(CHINESE, name=lambda kind, identity: f"{kind}:{identity}")
    assert made(type_).target == target
    assert made(type_).show("x1", audience) == f"{target}:x1"
    assert made(type_).edited("x1", audience) == "x1"


@pytest.mark.parametrize("several", [{"x_multiple": True}, {"type": "array"}, {"type": "array", "x_multiple": True}])
@pytest.mark.parametrize("type_", ["file", "photo"])
def test_several_files_are_a_list_of_ids(type_: str, several: dict[str, Json]) -> None:
    files = made(type_, **several)
    assert files.storage is Storage.JSON
    assert files.read(["b", "a"]) == ["b", "a"]
    assert files.read(files.typed(" b, a\n", CHINESE)) == ["b", "a"]
    assert files.show(["b", "a"], ENGLISH) == "b, a"
    assert files.checked() == {"type": "array", "items": {"type": "string"}}


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("a", "field.list: Expected a list, not a."),
        (["a", 1], "field.file: “1” is not the id of an uploaded file."),
        (["a", "b", "a"], "field.twice: Given more than once: a."),
    ],
)
def test_what_is_no_list_of_files_is_refused(raw: Json, sentence: str) -> None:
    assert refusal(made("file", x_multiple=True), raw) == f"/f {sentence}"


def test_one_file_is_text() -> None:
    assert made("photo").storage is Storage.TEXT
    assert made("photo").checked() == {"type": "string"}
    assert made("photo").typed(" a ", CHINESE) == "a"
