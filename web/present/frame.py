"""The frame of every page: menu, inbox count, languages, what can be started."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from engine.runtime.organisation import Person
from engine.usecases.modules.describe import Described, Part

LANGUAGES = (("zh_CN", "中文"), ("en", "English"))
THEMES = frozenset({"auto", "light", "dark"})


def frame(person: Person, title: str, modules: Iterable[Described], waiting: int, locale: str) -> dict[str, Any]:
    """Everything `base.html` calls `shell`."""
    inbox = {"url": url_for("inbox.show"), "count": waiting}
    return {
        "lang": "zh-CN" if locale == "zh_CN" else "en",
        "theme": theme(),
        "workspace": title,
        "user": {"name": person.name, "login": person.login},
        "home": {"url": url_for("home.show")},
        "inbox": inbox,
        "menu": list(_menu(person, modules, locale)),
        "startable": list(startable(modules, locale)),
        "languages": [{"key": key, "title": name, "is_current": key == locale} for key, name in LANGUAGES],
        "notice": None,
        "urls": {
            "search": url_for("home.search"),
            "language": url_for("profile.choose_language"),
            "logout": url_for("sign_in.sign_out"),
            "profile": url_for("profile.show"),
            "files": url_for("files.upload"),
        },
    }


def theme() -> str:
    """The look that was chosen in this browser, by its script or in the profile."""
    chosen = request.cookies.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


def alone(title: str, locale: str) -> dict[str, Any]:
    """The frame while nobody is signed in."""
    lang = "zh-CN" if locale == "zh_CN" else "en"
    return {"lang": lang, "theme": theme(), "workspace": title, "user": None}


def _menu(person: Person, modules: Iterable[Described], locale: str) -> Iterator[dict[str, Any]]:
    for described in modules:
        entries = [_entry(title, url, "table") for title, url in _places(described, locale)]
        if entries:
            yield {"title": described.module.label(described.module.definition.title, locale), "entries": entries}
    if person.is_administrator:
        yield {
            "title": gettext("Administration"),
            "entries": [
                _entry(gettext("People"), url_for("people.show"), "people"),
                _entry(gettext("Departments"), url_for("departments.show"), "diagram-3"),
                _entry(gettext("Roles"), url_for("roles.show"), "person-badge"),
                _entry(gettext("Modules"), url_for("modules.show"), "boxes"),
            ],
        }


def _places(described: Described, locale: str) -> Iterator[tuple[str, str]]:
    """The module's own menu; entities that it leaves out are reached through others."""
    module, readable = described.module, {part.entity.key for part in described.parts if "read" in part.verbs}
    views = {view.key: view for view in module.definition.views}
    for entry in module.definition.menu:
        view = views.get(entry.view)
        if view and view.entity in readable:
            address = url_for("lists.show", module=module.key, entity=view.entity, view=view.key)
            yield module.label(entry.title, locale), address
    if not module.definition.menu:
        for part in described.parts:
            if part.entity.key in readable:
                title = module.label(part.entity.definition.title, locale)
                yield title, url_for("lists.show", module=module.key, entity=part.entity.key)


def startable(modules: Iterable[Described], locale: str) -> Iterator[dict[str, str]]:
    """What somebody may fill that then goes to others for approval."""
    for described in modules:
        for part in described.parts:
            if "create" in part.verbs and _is_submitted(part):
                address = url_for("records.new", module=described.module.key, entity=part.entity.key)
                title = described.module.label(part.entity.definition.title, locale)
                yield {"title": title, "url": address, "icon": "plus-lg"}


def _is_submitted(part: Part) -> bool:
    workflow = part.entity.workflow
    return workflow is not None and workflow.states[workflow.definition.initial].type != "state"


def _entry(title: str, url: str, icon: str) -> dict[str, Any]:
    here = request.full_path.rstrip("?") == url or request.path == url
    return {"title": title, "url": url, "icon": icon, "count": 0, "is_current": here}
