"""A module with a field of every kind, for tests of forms and pages: the diary of a building site."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from engine.compile.build import compile_module
from engine.compile.model import CompiledEntity
from engine.definition.read import read
from engine.fields.field_type import Audience
from engine.formula.scope import Facts

SUPPLIERS = (("s1", "宏达混凝土有限公司"), ("s2", "天元劳务有限公司"), ("s3", "恒基防水材料有限公司"))
PEOPLE = (("zhou", "周杰"), ("wu", "吴芳"))
NAMES = {**dict(SUPPLIERS), **dict(PEOPLE), "f1": "验收单.pdf", "f2": "浇筑现场.jpg"}
AUDIENCE = Audience(
    locale="zh_CN", zone=ZoneInfo("Asia/Shanghai"), name=lambda _kind, identity: NAMES.get(identity, identity)
)

PROPERTIES: Mapping[str, Any] = {
    "supplier": {"title": "供应商", "x-type": "reference", "x-reference": "diary/supplier"},
    "date": {"title": "日期", "x-type": "date"},
    "kind": {"title": "类别", "oneOf": [{"const": "work", "title": "施工"}, {"const": "other", "title": "其他"}]},
    "reason": {
        "title": "说明", "type": "string", "x-type": "long_text", "x-help": "类别为其他时填写。",
        "x-visible": 'kind = "other"', "x-required": 'kind = "other"',
    },
    "tax_rate": {"title": "税率", "x-type": "percent"},
    "started": {"title": "开始时间", "x-type": "datetime"},
    "leader": {"title": "负责人", "x-type": "user"},
    "urgent": {"title": "加急", "type": "boolean"},
    "weather": {
        "title": "天气", "type": "array", "uniqueItems": True,
        "items": {
            "oneOf": [
                {"const": "sun", "title": "晴"},
                {"const": "rain", "title": "雨"},
                {"const": "wind", "title": "大风"},
            ],
        },
    },
    "data": {"title": "data", "type": "string", "maxLength": 20},
    "errors": {"title": "errors", "type": "string"},
    "contact": {
        "title": "现场联系人", "type": "object",
        "properties": {
            "name": {"title": "姓名", "type": "string"},
            "phone": {"title": "电话", "x-type": "phone"},
            "address": {"title": "地址", "type": "object", "properties": {"city": {"title": "城市", "type": "string"}}},
        },
    },
    "items": {
        "title": "明细", "type": "array", "minItems": 1, "maxItems": 20,
        "items": {
            "type": "object", "required": ["name", "quantity"],
            "properties": {
                "name": {"title": "内容", "type": "string"},
                "unit": {"title": "单位", "enum": ["m³", "t", "项"]},
                "quantity": {"title": "数量", "x-type": "quantity"},
                "price": {"title": "单价", "x-type": "money"},
                "amount": {"title": "金额", "x-type": "money", "x-formula": "ROUND(quantity * price, 2)"},
            },
        },
    },
    "total": {"title": "合计", "x-type": "money", "x-formula": "SUM(items.amount)"},
    "with_tax": {"title": "含税合计", "x-type": "money", "x-formula": "ROUND(total * (1 + tax_rate), 2)"},
    "files": {"title": "附件", "x-type": "file", "x-multiple": True},
    "photo": {"title": "现场照片", "x-type": "photo"},
    "extra": {"title": "附加数据", "x-type": "json"},
}  # fmt: skip
LAYOUT = (
    {
        "section": "基本信息", "columns": 3,
        "fields": ["supplier", "date", "kind", "reason", "tax_rate", "leader", "started", "urgent", "weather"],
    },
    {"section": "明细", "fields": ["items", "total", "with_tax"]},
    {"section": "附件", "fields": ["files", "photo"]},
)  # fmt: skip


def _line(name: str, unit: str, *numbers: str) -> dict[str, Any]:
    return {
        "name": name,
        "unit": unit,
        **dict(zip(("quantity", "price", "amount"), map(Decimal, numbers), strict=True)),
    }


VALUES: Mapping[str, Any] = {
    "supplier": "s1",
    "date": "2026-10-31",
    "kind": "work",
    "tax_rate": Decimal("0.09"),
    "started": "2026-10-31T00:30:00Z",
    "leader": "zhou",
    "urgent": True,
    "weather": ["sun", "wind"],
    "contact": {"name": "陈静", "phone": "13800000000", "address": {"city": "杭州"}},
    "items": [
        _line("C30 商品混凝土", "m³", "10", "400.00", "4000.00"),
        _line("HRB400 钢筋", "t", "1.7", "4130.00", "7021.00"),
        _line("土方开挖", "m³", "24", "426.00", "10224.00"),
    ],
    "total": Decimal("21245.00"),
    "with_tax": Decimal("23157.05"),
    "files": ["f1"],
    "photo": "f2",
    "extra": {"pump": 2},
}  # fmt: skip


@cache
def entity() -> CompiledEntity:
    """The diary entry."""
    documents = {
        "module.json": {"format": 1, "key": "diary", "title": "施工日志", "version": "1.0.0", "language": "zh_CN"},
        "entities/supplier.json": _entity("supplier", "供应商", {"name": {"title": "名称", "type": "string"}}),
        "entities/entry.json": {
            **_entity("entry", "施工日志", PROPERTIES),
            "required": ["supplier", "items"],
            "x-layout": LAYOUT,
        },
    }
    files = {path: json.dumps(document).encode() for path, document in documents.items()}
    return compile_module(read(files), {}).entities["entry"]


def facts(values: Mapping[str, Any] = VALUES) -> Facts:
    """What formulas of an entry read."""
    now = datetime(2026, 10, 31, 4, tzinfo=UTC)
    system = {"number": "RZ-001", "state": "draft", "created_by": "zhou"}
    return Facts(
        values={**system, **values}, actor="zhou", now=now, today=date(2026, 10, 31), zone=AUDIENCE.zone, state="draft"
    )


def options(path: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Everybody, and every supplier."""
    return PEOPLE if path == ("leader",) else SUPPLIERS


def _entity(key: str, title: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": key, "title": title, "type": "object", "properties": properties}
