"""A module around one foreign schema: its form, a list, one approval, and everybody sees their own records."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from engine.definition.model import Json
from engine.exchange.json_schema.kinds import kind
from engine.exchange.json_schema.titles import readable

#: Field types that a cell of a list can show.
_IN_A_CELL: Final = frozenset({"text", "email", "date", "datetime", "choice", "integer", "decimal", "boolean"})
#: Columns of the list between number and state.
_COLUMNS: Final = 4
#: Lengths that labels, explanations and numbers may have, with room for what is put around them.
_LABEL, _PROSE, _PREFIX = 180, 4000, 40

#: Keys of texts by which people call a thing, and all keys; two words of formulas are none.
_NAMES: Final = re.compile(r".*(?:name|title|subject|first|last|名|题).*", re.IGNORECASE)
_ANY: Final = re.compile(r"(?!(?:true|false)$).*", re.IGNORECASE)

_CHINESE: Final = {"Review": "审批", "Approved": "已批准"}


def module(key: str, form: Mapping[str, Json], title: str) -> dict[str, Json]:
    """The documents of the module by file path; `form` is the entity's JSON Schema."""
    title = title.strip()[:_LABEL] or readable(key)
    return {
        "module.json": _module(key, title, str(form.get("description", ""))),
        f"entities/{key}.json": _entity(key, title, form),
        f"workflows/{key}.json": _workflow(key, title),
        f"views/{key}.list.json": _list(key, title, form),
        "permissions.json": _permissions(key),
        "translations/zh_CN.po": _translations(),
    }


def _module(key: str, title: str, description: str) -> Json:
    return {
        "$schema": "../../schemas/module.schema.json",
        "format": 1,
        "key": key,
        "title": title,
        **({"description": description[:_PROSE]} if description else {}),
        "version": "1.0.0",
        "language": "en",
        "menu": [{"title": title, "view": f"{key}.list"}],
    }


def _entity(key: str, title: str, form: Mapping[str, Json]) -> Json:
    named = next(filter(None, (_named(form, (), keys) for keys in (_NAMES, _ANY))), "")
    return {
        "$schema": "../../../schemas/entity.schema.json",
        "x-foreign": True,
        **form,
        "key": key,
        "title": title,
        "x-number": f"{key.upper().replace('_', '-')[:_PREFIX]}-{{YYYY}}{{MM}}-{{0000}}",
        **({"x-title": named} if named else {}),
        "x-workflow": key,
    }


def _workflow(key: str, title: str) -> Json:
    return {
        "$schema": "../../../schemas/workflow.schema.json",
        "key": key,
        "entity": key,
        "title": title,
        "settings": {"self": "allow"},
        "initial": "review",
        "states": {
            "review": {
                "type": "approval",
                "title": "Review",
                "seats": {"who": [{"role": "administrator"}], "mode": "any"},
                "on": {"passed": [{"to": "approved"}]},
            },
            "approved": {"type": "end", "title": "Approved", "outcome": "approved"},
        },
    }


def _list(key: str, title: str, form: Mapping[str, Json]) -> Json:
    columns = sorted(_cells(form, ()), key=len)[:_COLUMNS]
    return {
        "$schema": "../../../schemas/view.schema.json",
        "key": f"{key}.list",
        "entity": key,
        "title": title,
        "type": "list",
        "columns": list(dict.fromkeys(("number", *map(".".join, columns), "state"))),
        "sort": ["-number"],
    }


def _permissions(key: str) -> Json:
    own = {"role": "employee", "verbs": ["create", "read", "update", "delete"], "rows": "created_by = ME()"}
    return {"$schema": "../../schemas/permissions.schema.json", "entities": {key: [own]}}


def _translations() -> str:
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: zh_CN\\n"\n'
    return head + "".join(f'\nmsgid "{label}"\nmsgstr "{chinese}"\n' for label, chinese in _CHINESE.items())


def _cells(form: Mapping[str, Json], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Paths of the fields that a list can show, in their order."""
    for key, field in form["properties"].items():
        if kind(field) in _IN_A_CELL:
            yield (*path, key)
        elif kind(field) == "object":
            yield from _cells(field, (*path, key))


def _named(form: Mapping[str, Json], path: tuple[str, ...], keys: re.Pattern[str]) -> str:
    """The formula that names a record: the first texts that must be there, of the outermost object that has some."""
    fields, needed = form["properties"], form.get("required", ())
    texts = [key for key in fields if key in needed and keys.fullmatch(key) and _is_free_text(fields[key])]
    paths = [".".join((*path, key)) for key in texts[:2]]
    if paths:
        return paths[0] if len(paths) == 1 else f'CONCAT({paths[0]}, " ", {paths[1]})'
    inner = (_named(field, (*path, key), keys) for key, field in fields.items() if kind(field) == "object")
    return next(filter(None, inner), "")


def _is_free_text(field: Mapping[str, Json]) -> bool:
    """Whether people may write what they like: what has a pattern is a code, and perhaps a secret one."""
    return kind(field) == "text" and "pattern" not in field
