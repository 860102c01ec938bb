"""Finds the problem codes that the code names, and what it hands to their sentences, as far as reading can tell."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tests.house.sources import shown

#: Callables whose first argument is a code → where the params stand: all keywords, or one mapping at this place.
RAISERS: Final = {
    "Problem": 2,
    "FormulaFailed": 3,
    "Unreadable": None,
    "FormulaProblem": None,
    "Unable": None,
    "problem": None,
}
#: `at.undefined("role", …)` is the code `role.undefined`.
UNDEFINED: Final = {"given", "known"}
CODE: Final = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
FILES: Final = (".css", ".db", ".html", ".ico", ".js", ".json", ".lark", ".md", ".mo", ".po", ".svg", ".txt")


class Mention(NamedTuple):
    """A code somewhere in a file."""

    #: `{}` stands for what is only known at run time.
    code: str
    place: str
    #: Whether it is raised here, rather than only named.
    is_raised: bool = False
    #: The params handed over; None when reading cannot tell.
    params: frozenset[str] | None = None


def mentions(path: Path) -> Iterator[Mention]:
    """Every code that the file names, those that it raises with their params."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    addresses = {id(node.args[0]) for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) == "url_for"}
    for node in ast.walk(tree):
        place = f"{shown(path)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Call):
            yield from (Mention(code, place, True, params) for code, params in _raised(node))
        elif isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in addresses:
            code = _text(node)
            if CODE.fullmatch(code.replace("{}", "x")) and not code.endswith(FILES):
                yield Mention(code, place)


def _raised(call: ast.Call) -> Iterator[tuple[str, frozenset[str] | None]]:
    name = _name(call)
    if name == "undefined" and call.args:
        yield f"{_text(call.args[0]) or '{}'}.undefined", frozenset(UNDEFINED)
    elif name in RAISERS and call.args:
        params = _params(call, RAISERS[name])
        for branch in _branches(call.args[0]):
            yield from ((code, params) for code in [_text(branch)] if CODE.fullmatch(code.replace("{}", "x")))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _branches(node: ast.expr) -> tuple[ast.expr, ...]:
    return (*_branches(node.body), *_branches(node.orelse)) if isinstance(node, ast.IfExp) else (node,)


def _params(call: ast.Call, place: int | None) -> frozenset[str] | None:
    if place is None:
        named = [each.arg for each in call.keywords if each.arg != "pointer"]
        return None if None in named else frozenset(filter(None, named))
    written = [each.value for each in call.keywords if each.arg == "params"] + call.args[place : place + 1]
    if not written:
        return frozenset()
    keys = [_text(key) if key else "" for key in written[0].keys] if isinstance(written[0], ast.Dict) else [""]
    return None if "" in keys else frozenset(keys)


def _text(node: ast.AST) -> str:
    """A string as written, with `{}` for what is only known at run time; "" for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""
