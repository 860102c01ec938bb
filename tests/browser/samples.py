"""What the pages of the showroom are filled with; also an example of every shape that templates expect."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from web.forms import RecordForm

TRANSLATIONS: Final = Path(__file__).parents[2] / "web" / "translations"

DRAFT: Final = {"text": "草稿", "tone": "neutral"}
RUNNING: Final = {"text": "审批中", "tone": "info"}
APPROVED: Final = {"text": "已通过", "tone": "success"}
REJECTED: Final = {"text": "已驳回", "tone": "danger"}
STATUSES: Final = (DRAFT, RUNNING, APPROVED, APPROVED, REJECTED)
PROJECTS: Final = ("市民中心改造", "轨道交通6号线03标", "滨江一号院二期", "科创园A区总包")
SUPPLIERS: Final = ("天元劳务有限公司", "华盛机电安装有限公司", "宏达混凝土有限公司", "大地土石方工程有限公司")

FILTERS: Final = [
    {
        "name": "state",
        "title": "状态",
        "kind": "choice",
        "options": [("draft", "草稿"), ("running", "审批中")],
        "value": "",
    },
    {"name": "amount", "title": "金额", "kind": "number", "from": "1000", "to": ""},
    {"name": "date", "title": "日期", "kind": "date", "from": "", "to": ""},
    {"name": "supplier", "title": "供应商", "kind": "text", "value": ""},
]


def trail(title: str) -> list[dict[str, str]]:
    return [{"title": "施工日志", "url": "/list"}, {"title": title, "url": ""}]


def shell(language: str, theme: str) -> dict[str, Any]:
    work = [
        {"title": "工作台", "url": "/", "icon": "grid", "count": 0, "is_current": False},
        {"title": "待办", "url": "/inbox", "icon": "inbox", "count": 12, "is_current": False},
    ]
    forms = [
        {"title": "付款申请", "url": "/list", "icon": "file-earmark-text", "count": 0, "is_current": True},
        {"title": "施工日志", "url": "/list", "icon": "file-earmark-text", "count": 0, "is_current": False},
        {"title": "备用金报销", "url": "/list", "icon": "table", "count": 0, "is_current": False},
    ]
    return {
        "lang": "zh-CN" if language == "zh_CN" else "en",
        "theme": theme,
        "workspace": "滨江建设",
        "user": {"name": "王建国", "login": "wang"},
        "menu": [{"title": "", "entries": work}, {"title": "成本管理", "entries": forms}],
        "inbox": {"url": "/inbox", "count": 12},
        "home": {"url": "/"},
        "startable": [{"title": each["title"], "url": "/form?new=1"} for each in forms],
        "languages": [
            {"key": "zh_CN", "title": "中文", "is_current": language == "zh_CN"},
            {"key": "en", "title": "English", "is_current": language == "en"},
        ],
        "notice": None,
        "urls": {
            "search": "/list",
            "language": "/language",
            "logout": "/logout",
            "profile": "/profile",
            "files": "/files",
        },
    }


def home() -> dict[str, Any]:
    tasks = [
        {
            "title": f"{supplier} 进度款",
            "url": f"/inbox?task={number}",
            "text": f"付款申请 · FK-202610-097844{number}",
            "who": "李工",
            "since": "超时 2 天" if number == 1 else "3 小时前",
            "is_late": number == 1,
            "status": RUNNING,
        }
        for number, supplier in enumerate(SUPPLIERS)
    ]
    places = [{"title": "成本管理", "entries": [{"title": "付款申请", "url": "/list", "icon": "file-earmark-text"}]}]
    startable = [
        {"title": "付款申请", "url": "/form?new=1", "icon": "file-earmark-text"},
        {"title": "施工日志", "url": "/form?new=1", "icon": "file-earmark-text"},
    ]
    return {
        "greeting": "王建国，上午好",
        "tasks": tasks,
        "started": tasks[:2],
        "startable": startable,
        "places": places,
    }


def listing(arguments: Mapping[str, str]) -> dict[str, Any]:
    titles = ("单号", "项目", "供应商", "金额（元）", "状态", "预警", "日期")
    columns = [
        {
            "key": str(place),
            "title": title,
            "is_number": place == 3,
            "sort_url": f"/list?sort={place}",
            "direction": "descending" if place == 6 else "",
        }
        for place, title in enumerate(titles)
    ]
    question = arguments.get("q", "")
    rows = [row for row in map(_row, range(24)) if question in str(row)]
    return {
        "title": "付款申请",
        "url": "/list",
        "new_url": "/form?new=1",
        "export_url": "/export",
        "query": question,
        "views": [
            {"title": "全部", "url": "/list", "is_current": True},
            {"title": "我的", "url": "/list?view=mine", "is_current": False},
        ],
        "filters": FILTERS,
        "chips": [{"text": "金额 ≥ 1,000", "url": "/list"}],
        "sort": "-date",
        "size": "20",
        "columns": columns,
        "rows": rows,
        "totals": ["", "", "", "58,213,907.44", "", "", ""],
        "pager": {
            "text": "共 1,000,000 条，第 2 页",
            "first": "/list?page=1",
            "previous": "/list?page=1",
            "next": "/list?page=3",
            "last": "",
            "sizes": [{"size": size, "url": f"/list?size={size}", "is_current": size == 20} for size in (20, 50, 100)],
        },
        "empty": "filtered" if question else "no_data",
    }


def _row(number: int) -> dict[str, Any]:
    amount = f"{(number * 7919 + 1234) * 37 / 100:,.2f}"
    light = (
        {"kind": "light", "text": "正常", "tone": "green"}
        if number % 4
        else {"kind": "light", "text": "预警", "tone": "yellow"}
    )
    status = STATUSES[number % 5]
    project, supplier = PROJECTS[number % 4], SUPPLIERS[number * 3 % 4]
    texts = (f"FK-202610-{997656 - number * 77:07}", project, supplier, amount)
    cells = [{"kind": "text", "text": text} for text in texts]
    cells += [{"kind": "tag", **status}, light, {"kind": "date", "text": "2026-10-31"}]
    card = {
        "title": f"{supplier} 进度款",
        "aside": amount,
        "status": status,
        "facts": [("项目", project), ("日期", "10-31")],
    }
    return {"url": f"/record?id={number}", "cells": cells, "card": card}


def form_page(form: RecordForm, linkage: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": "新建施工日志",
        "number": "",
        "status": DRAFT,
        "url": "",
        "form": form,
        "linkage": linkage,
        "hidden": [("_revision", "1")],
        "back_url": "/list",
        "draft": "diary/entry/new",
        "buttons": [
            {"name": "_action", "value": "save", "title": "保存", "tone": "plain"},
            {"name": "_action", "value": "submit", "title": "提交", "tone": "primary"},
        ],
    }


def action(comment_error: str = "") -> dict[str, Any]:
    people = [("zhou", "周杰"), ("wu", "吴芳")]
    return {
        "title": "退回",
        "tone": "danger",
        "url": "/action",
        "back_url": "/record",
        "record_title": "宏达混凝土有限公司 进度款",
        "text": "退回后由申请人修改，再从头审批。",
        "comment": "required",
        "comment_text": "",
        "comment_error": comment_error,
        "phrases": ["资料不全", "金额有误", "请补充验收单"],
        "form": None,
        "linkage": None,
        "hidden": [("_revision", "4")],
        "problems": [{"message": comment_error, "trail": ("意见",), "target": "action-comment"}]
        if comment_error
        else [],
        "args": [
            {
                "name": "to",
                "title": "退回到",
                "kind": "choice",
                "options": [("start", "申请人"), ("lead", "项目经理")],
                "value": "start",
                "is_required": True,
            },
            {"name": "users", "title": "同时通知", "kind": "people", "options": people, "value": ["wu"]},
        ],
    }


def inbox(chosen: str) -> dict[str, Any]:
    tabs = [("待我处理", 12), ("我已处理", 112), ("我发起的", 8)]
    tasks = [
        {
            "id": str(number),
            "url": f"/inbox?task={number}",
            "title": f"{SUPPLIERS[number % 4]} 进度款",
            "aside": f"{868128.05 + number:,.2f}",
            "text": PROJECTS[number % 4],
            "who": "杨帆",
            "since": "超时 2 天" if number % 3 == 1 else "10-31",
            "is_late": number % 3 == 1,
            "status": RUNNING,
            "is_current": str(number) == chosen,
        }
        for number in range(12)
    ]
    return {
        "url": "/inbox",
        "tasks": tasks,
        "more_url": "/inbox?page=2",
        "nothing": "没有待办",
        "tabs": [
            {"title": title, "count": count, "url": "/inbox", "is_current": not place}
            for place, (title, count) in enumerate(tabs)
        ],
    }


def record() -> dict[str, Any]:
    """A payment request on its way."""
    read: dict[str, Any] = json.loads((Path(__file__).parent / "record.json").read_text(encoding="utf-8"))
    return read
