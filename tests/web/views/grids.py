"""A module with decision tables, and their grids as a browser would send them."""

import json
from collections.abc import Mapping
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import export, publish
from tests.web.views.conftest import Visit
from tests.web.views.pages import Element
from tests.web.views.visitor import main_form, page_of

RATES: Final = {
    "fields": ["trade", "hours"],
    "rows": [
        {"when": ["mason", ">= 9"], "value": "200"},
        {"when": [["mason", "carpenter"]], "value": "180"},
        {"when": [None, [4, "6..7"]], "value": "70"},
        {"value": "130"},
    ],
}
SIZES: Final = {
    "fields": ["hours"],
    "rows": [{"key": "much", "title": "多", "when": ["> 9"], "to": "lead"}, {"to": "done"}],
}
LEAD: Final = {
    "type": "approval",
    "title": "主管",
    "seats": {"who": [{"user": "admin"}]},
    "on": {"passed": [{"to": "done"}]},
}


def files(key: str, rates: Mapping[str, Any] = RATES) -> dict[str, bytes]:
    """A module with a table that computes a field and one that leads out of a choice."""
    fields = {
        "trade": {
            "title": "工种",
            "oneOf": [{"const": "mason", "title": "泥工"}, {"const": "carpenter", "title": "木工"}],
        },
        "hours": {"title": "工时", "x-type": "quantity"},
        "rate": {"title": "单价", "x-type": "money", "x-table": rates},
        "size": {
            "title": "档",
            "enum": ["big", "small"],
            "x-table": {"fields": ["hours"], "rows": [{"value": '"small"'}]},
        },
    }
    share = {
        "fields": ["kind", "urgent", "team.name"],
        "rows": [{"when": [None, [False], "A"], "value": "1"}, {"value": "2"}],
    }
    columns = {"kind": {"title": "类", "type": "string"}, "share": {"title": "份", "type": "integer", "x-table": share}}
    fields |= {
        "urgent": {"title": "急", "type": "boolean"},
        "team": {"title": "班组", "x-type": "reference", "x-reference": f"{key}/team"},
        "items": {"title": "明细", "type": "array", "items": {"type": "object", "properties": columns}},
    }
    team = {
        "key": "team",
        "title": "班组",
        "type": "object",
        "properties": {"name": {"title": "名称", "type": "string"}},
    }
    entity = {"key": "work", "title": "用工", "type": "object", "properties": fields, "x-workflow": "work"}
    states = {
        "size": {"type": "choice", "title": "分档", "table": SIZES},
        "lead": LEAD,
        "done": {"type": "end", "outcome": "approved"},
    }
    flow = {"key": "work", "entity": "work", "title": "用工审批", "initial": "size", "states": states}
    documents = {
        "module.json": {"format": 1, "key": key, "title": "<b>点工</b>"},
        "entities/work.json": entity,
        "workflows/work.json": flow,
        "entities/team.json": team,
    }
    return {path: json.dumps(each, ensure_ascii=False).encode() for path, each in documents.items()}


class Place:
    """A module of the test's own, and the grid of one of its tables."""

    def __init__(self, visit: Visit, workspace: Workspace, key: str) -> None:
        self.admin, self.key, self._workspace = visit("admin"), key, workspace
        publish(workspace, None, files(key))

    def url(self, name: str = "field/work/rate") -> str:
        return f"/admin/modules/{self.key}/tables/{name}"

    def document(self, path: str = "entities/work.json") -> Any:  # noqa: ANN401 - JSON
        return export(self._workspace, self.key).documents[path]

    @property
    def table(self) -> Any:  # noqa: ANN401 - the same
        return self.document()["properties"]["rate"]["x-table"]

    def fields(self, name: str = "field/work/rate") -> "MultiDict[str, str]":
        """The grid as a browser would send it."""
        return main_form(self.admin.get(self.url(name))).fields

    def send(
        self, fields: "MultiDict[str, str]", do: str, *, status: int, name: str = "field/work/rate", **more: object
    ) -> Element:
        sent: MultiDict[str, Any] = MultiDict(fields)
        sent["do"] = do
        for key, value in more.items():
            sent[key] = value
        answer = self.admin.open("POST", self.url(name), status=status, data=sent, content_type="multipart/form-data")
        return self.admin.get(answer.location) if status == 303 else page_of(answer)


def typed(fields: "MultiDict[str, str]", name: str, row: int, text: str) -> "MultiDict[str, str]":
    """The same with another text in one cell."""
    changed: MultiDict[str, str] = MultiDict(fields)
    values = changed.getlist(name)
    values[row] = text
    changed.setlist(name, values)
    return changed


def grid(page: Element) -> list[list[str]]:
    """The texts of the rows, from left to right."""
    rows = page.one("tbody").all("tr")
    return [[each.get("value") for each in row.all("input") if each.get("name") != "was"] for row in rows]
