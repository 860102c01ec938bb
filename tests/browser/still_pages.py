"""Pages of the showroom that always look the same: record, profile, administration."""

from collections.abc import Mapping
from typing import Any, Final

from engine.problems import Problem
from tests.browser.samples import PROJECTS, record
from web.present.explaining.tree import Part, Piece, Row

PROBLEM: Final = {
    "place": "entities/claim.json:12:9",
    "code": "formula.unknown",
    "message": "There is no “amout”; known: amount, items.",
    "pointer": "/properties/total/x-formula",
}


def _people() -> dict[str, Any]:
    rows = [
        {
            "url": "/person",
            "login": "zhou",
            "name": "周杰",
            "department": "成本部",
            "roles": ["成本经理"],
            "is_active": True,
        },
        {
            "url": "/person",
            "login": "wu",
            "name": "吴芳",
            "department": "财务部",
            "roles": ["出纳", "会计"],
            "is_active": False,
        },
    ]
    return {
        "query": "",
        "url": "/people",
        "new_url": "/person",
        "rows": rows,
        "pager": {"text": "共 2 人", "previous": "", "next": ""},
    }


def _person() -> dict[str, Any]:
    roles = [
        {"key": "cashier", "title": "出纳", "scope": "company", "is_held": True, "projects": []},
        {
            "key": "custodian",
            "title": "备用金保管人",
            "scope": "project",
            "is_held": False,
            "projects": [("p1", PROJECTS[0], True), ("p2", PROJECTS[1], False)],
        },
    ]
    return {
        "title": "周杰",
        "url": "/person",
        "back_url": "/people",
        "login": "zhou",
        "is_new": True,
        "name": "周杰",
        "department": "cost",
        "roles": roles,
        "departments": [("", ""), ("cost", "成本部")],
        "manager": "",
        "managers": [("", ""), ("wu", "吴芳")],
        "is_active": True,
        "errors": {"login": "“zhou”已被使用。"},
        "problems": [{"message": "“zhou”已被使用。", "trail": ("登录名",), "target": "login"}],
    }


def _departments() -> dict[str, Any]:
    rows = [
        {"key": "hq", "name": "总部", "depth": 0, "head": "李秀英", "count": 4, "edit_url": "/departments"},
        {"key": "cost", "name": "成本部", "depth": 1, "head": "张伟", "count": 8, "edit_url": "/departments"},
    ]
    entry = {"key": "", "name": "", "parent": "hq", "head": "", "is_new": True}
    return {
        "url": "/departments",
        "rows": rows,
        "heads": [("", "")],
        "parents": [("", ""), ("hq", "总部")],
        "entry": entry,
        "errors": {},
    }


def _modules() -> dict[str, Any]:
    row = {
        "key": "petty_cash",
        "title": "备用金",
        "description": "项目部备用金的领用、报销与归还",
        "version": "1.2.0",
        "edition": 3,
        "published": "2026-10-31",
        "entities": ["备用金账户", "备用金报销"],
    }
    return {
        "url": "/modules",
        "rows": [row],
        "problems": [PROBLEM, PROBLEM | {"place": "workflows/claim.json:4:3"}],
        "file_name": "petty_cash.zip",
    }


def _recompute() -> dict[str, Any]:
    """A job under way, and what would change; the two are never on one page, but each must look right."""
    trouble = {"label": "HT-2026-011 钢筋采购", "url": "/record", "problems": ["合同余额不足，还差 1,200.00 元。"]}
    facts = [("已变更", 412), ("无变化", 86), ("保持原样", 2), ("审批中或已审批", 31)]
    sides = {"before": "1,210,000.00", "after": "1,367,300.00", "difference": "+157,300.00"}
    field = {
        "title": "明细 › 含税金额",
        "count": "412张单据",
        "is_number": True,
        **sides,
        "largest": [{"label": f"HT-2026-00{each} 地下室混凝土工程", "url": "/record", **sides} for each in "123"],
    }
    words = {"label": "HT-2026-001", "url": "/record", "before": "壹佰元整", "after": "壹佰零贰元整", "difference": ""}
    other = {"title": "大写金额", "count": "1张单据", "is_number": False, "largest": [words]}
    entity = {"title": "合同", "facts": facts, "fields": [field, other], "troubles": [trouble], "more": 3}
    job = {
        "is_open": True,
        "status": {"text": "进行中", "tone": "info"},
        "at": "2026-11-02 09:30",
        "problem": "数据库繁忙，请稍后重试。",
        "again": "2026-11-02 09:31",
        "done": 500,
        "total": 1200,
        "facts": facts,
        "troubles": [trouble],
        "more": 0,
    }
    return {
        "url": "/recompute",
        "start_url": "/recompute",
        "cancel_url": "/recompute",
        "is_part": False,
        "job": job,
        "preview": {"edition": 3, "looked": "只查看了前2000张。", "can_start": True, "entities": [entity]},
    }


_LOGIN: Final = {
    "url": "/login",
    "next": "/",
    "login": "wang",
    "workspace": "a",
    "workspaces": [("a", "滨江建设"), ("b", "天元建筑")],
    "error": "登录名或密码不对。",
}
_PROFILE: Final = {
    "facts": [("登录名", "wang"), ("部门", "工程部"), ("角色", "项目经理")],
    "language": "zh_CN",
    "languages": [("zh_CN", "中文"), ("en", "English")],
    "theme": "auto",
    "errors": {"again": "两次输入不一致。"},
    "urls": {"settings": "/profile", "password": "/profile"},
    "tokens": None,
}
_HOLDERS: Final = [
    {"name": "吴芳", "url": "/person", "where": ""},
    {"name": "周杰", "url": "/person", "where": PROJECTS[0]},
]
_ROLES: Final = {
    "groups": [
        {
            "title": "备用金",
            "roles": [
                {"title": "出纳", "key": "cashier", "scope": "company", "holders": _HOLDERS[:1]},
                {"title": "备用金保管人", "key": "custodian", "scope": "project", "holders": []},
            ],
        }
    ]
}


def _explained() -> dict[str, Any]:
    """A formula with a part of every kind."""

    def name(text: str, key: str) -> Piece:
        return Piece(text, key)

    rows = tuple(Row(str(each), "C30商品混凝土", "4,000.00", f"items.{each}.amount") for each in range(1, 4))
    column = Part(pieces=(name("明细.金额", "items.amount"),), state="value", rows=rows, more=17, unseen=2)
    total = Part(pieces=(Piece("SUM("), *column.pieces, Piece(")")), state="value", value="21,245", parts=(column,))
    hidden = Part(pieces=(name("rate", "rate"),), state="hidden")
    count = Part(pieces=(name("份数", "count"),), state="value", value="0", place="count")
    failed = Part(
        pieces=(*total.pieces, Piece(" / "), *count.pieces),
        state="failed",
        problem=Problem("formula.division_by_zero"),
        parts=(total, count),
    )
    unused = Part(pieces=(name("下浮后的合同金额（含税）", "reduced"),), state="unused")
    blank = Part(pieces=(name("税率", "tax_rate"),), state="blank")
    whole = (Piece("IF("), *hidden.pieces, Piece(" > 0, "), *failed.pieces, Piece(", "), *unused.pieces, Piece(")"))
    return {
        "title": "每份金额",
        "line": "2",
        "record_title": "FK-202610-0978443",
        "back_url": "/record",
        "value": "",
        "formula": "IF(rate > 0, SUM(items.amount) / count, reduced)",
        "tree": Part(pieces=whole, state="failed", parts=(hidden, failed, blank, unused)),
        "notes": ["四舍五入，保留2位小数，得21,245.00。"],
        "url": "/explain?field=",
        "say": lambda problem: problem.sentence,
    }


#: Address → template, title, models.
PAGES: Final[Mapping[str, tuple[str, str, dict[str, Any]]]] = {
    "login": ("login.html", "登录", {"login": _LOGIN}),
    "record": ("record.html", "FK-202610-0978443", {"record": record()}),
    "explain": ("explain.html", "每份金额", {"explained": _explained()}),
    "profile": ("profile.html", "我", {"profile": _PROFILE}),
    "people": ("admin/people.html", "用户", {"people": _people()}),
    "person": ("admin/person.html", "用户", {"person": _person()}),
    "departments": ("admin/departments.html", "部门", {"departments": _departments()}),
    "roles": ("admin/roles.html", "角色", {"roles": _ROLES}),
    "modules": ("admin/modules.html", "模块", {"modules": _modules()}),
    "recompute": ("admin/recompute.html", "重算", {"recompute": _recompute()}),
}
