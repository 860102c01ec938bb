"""Who I am, what I may see, and the description of the API."""

from collections.abc import Callable

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from engine.definition.model import Json
from engine.usecases.deployment import Workspace
from tests.web.api.caller import Caller, problems

Calling = Callable[[str], Caller]


def test_i_am_told_who_i_am(calling: Calling, workspace: Workspace, project: Json, tag: str) -> None:
    me = calling(tag).get("/me")
    assert (me["login"], me["name"], me["department"], me["manager"]) == (tag, tag, None, None)
    assert me["roles"] == [{"role": "project_manager", "project": project["id"]}]
    assert me["workspace"] == {
        "slug": workspace.slug,
        "title": "滨江建设",
        "zone": "Asia/Shanghai",
        "language": "zh_CN",
    }


def test_i_see_the_modules_in_which_i_may_do_something(keeper: Caller, mechanic: Caller, calling: Calling) -> None:
    def seen(caller: Caller) -> dict[str, dict[str, list[str]]]:
        items = caller.get("/modules")["items"]
        return {each["key"]: {part["key"]: part["verbs"] for part in each["entities"]} for each in items}

    everything = ["read", "create", "update", "delete"]
    assert seen(keeper)["plant"] == {"machine": everything, "repair": everything}
    assert seen(mechanic)["plant"] == {"machine": ["read"], "repair": everything}
    assert "plant" not in seen(calling("clerk"))


def test_the_description_is_openapi_and_says_what_the_reader_may_see(
    calling: Calling, keeper: Caller, mechanic: Caller
) -> None:
    described = keeper.description.document
    OpenAPIV31SpecValidator(described).validate()
    assert {"/plant/repair", "/plant/repair/{id}/actions/{action}", "/core/project", "/me"} <= set(described["paths"])
    assert "/plant/repair" not in calling("clerk").description.document["paths"]
    full, less = (each.description.document["components"]["schemas"] for each in (keeper, mechanic))
    for kind in ("plant.repair.values", "plant.repair.record"):
        assert {"cost", "report", "remark"} <= set(_values(full, kind))
        assert {"cost", "report", "remark"} & set(_values(less, kind)) == {"remark"}
        assert "owner" in _values(full, kind)["place"]["properties"]
        assert "owner" not in _values(less, kind)["place"]["properties"]
        assert "supplier" not in _values(less, kind)["parts"]["items"]["properties"]


def _values(schemas: Json, kind: str) -> Json:
    schema = schemas[kind]
    return (schema["properties"]["values"] if kind.endswith("record") else schema)["properties"]


def test_titles_are_in_the_language_of_the_reader(keeper: Caller) -> None:
    for language, title in (("en", "Machine"), ("zh-CN", "设备")):
        found = keeper.call("GET", "/modules", status=200, headers={"Accept-Language": language}).json["items"]
        plant = next(each for each in found if each["key"] == "plant")
        assert [each["title"] for each in plant["entities"] if each["key"] == "machine"] == [title]


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer x", "Bearer nowhere.x", "Bearer ../x.y", "Basic eDp5", "Bearer \x80\xff.é"],
)
@pytest.mark.parametrize("path", ["/me", "/plant/repair", "/files/x", "/openapi.json"])
def test_nobody_comes_in_without_a_token(app: Flask, authorization: str, path: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    refused = app.test_client().get(f"/api/v1{path}", headers=headers)
    assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")
    assert problems(refused.json) == [("sign_in.needed", "")]
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_an_answer_that_does_not_conform_is_noticed(keeper: Caller, app: Flask, machine: Json) -> None:
    with app.test_request_context():
        other = app.response_class(b'{"items": [{}], "more": 1}', mimetype="application/json")
    other.__dict__["request"] = None
    found = [*keeper.description.faults("GET", "/plant/machine", other)]  # type: ignore[arg-type]
    assert any("'id' is a required property" in each for each in found)
    assert any("more" in each for each in found)
    assert machine["entity"] == "plant/machine"
