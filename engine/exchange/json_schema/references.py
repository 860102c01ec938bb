"""What the references of one document lead to. Nothing outside the document is ever fetched."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, TypeVar
from urllib.parse import unquote, urldefrag, urljoin

from engine.definition.model import Json
from engine.exchange.json_schema.drafts import Draft, Path, draft_of, is_schema, pointer_to
from engine.problems import Malformed, Problem, refuse_if_any

Node = TypeVar("Node")


class Scope(NamedTuple):
    """What holds for a schema because of where it stands."""

    #: URI of the schema resource around it; "" when that has none.
    uri: str
    draft: Draft


class Target(NamedTuple):
    """A schema that can be referred to, as it is seen when coming from the root."""

    path: Path
    #: Dynamic anchors in force there: name → where it leads. Sorted, so that equal ones are equal.
    anchors: tuple[tuple[str, Path], ...] = ()


class Source:
    """A document, and its schemas by everything that can name them."""

    def __init__(self, document: Json, draft: Draft) -> None:
        self._document = document
        self._scopes: dict[Path, Scope] = {}
        self._resources: dict[str, Path] = {"": ()}
        self._anchors: dict[tuple[str, str], Path] = {}
        self._dynamic: dict[str, dict[str, Path]] = {}
        self._index((), document, Scope("", draft))

    def root(self) -> Target:
        """The document itself."""
        return self.entered(())

    def at(self, path: Path) -> Json:
        """The value that stands there."""
        value = self._document
        for step in path:
            value = value[step]
        return value

    def scope(self, path: Path) -> Scope:
        """What holds at a schema."""
        while path not in self._scopes:
            path = path[:-1]
        return self._scopes[path]

    def entered(self, path: Path, anchors: tuple[tuple[str, Path], ...] = ()) -> Target:
        """The schema at `path` when `anchors` are in force around it: the outermost of a name wins."""
        here = self._dynamic.get(self.scope(path).uri, {})
        return Target(path, tuple(sorted({**here, **dict(anchors)}.items()))) if here else Target(path, anchors)

    def references(self, schema: Mapping[str, Json], at: Target) -> Iterator[tuple[str, Target]]:
        """The reference keywords of the schema and where each leads; raises `Malformed` when one leads nowhere."""
        draft = self.scope(at.path).draft
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            if keyword not in schema or not draft.knows(keyword):
                continue
            path = self._resolved(str(schema[keyword]), (*at.path, keyword))
            if keyword != "$ref":
                name = _fragment(schema[keyword])
                is_dynamic = self._dynamic.get(self.scope(path).uri, {}).get(name) == path
                path = dict(at.anchors).get(name, path) if is_dynamic else path
            yield keyword, self.entered(path, at.anchors)

    def _index(self, path: Path, schema: Json, scope: Scope) -> None:
        if isinstance(schema, dict):
            scope = self._named(path, schema, scope)
        self._scopes[path] = scope
        if isinstance(schema, dict):
            for step, child in scope.draft.children(schema):
                self._index((*path, *step), child, scope)

    def _named(self, path: Path, schema: Mapping[str, Json], scope: Scope) -> Scope:
        """Remember the names that a schema gives itself; the scope inside it."""
        draft = draft_of(schema, path, scope.draft)
        if draft is not scope.draft:
            refuse_if_any(Malformed, draft.mistakes(schema, path))
        if draft.ref_stands_alone and "$ref" in schema:
            return scope
        identity = schema.get(draft.id_keyword)
        if isinstance(identity, str) and identity.startswith("#") and draft.ref_stands_alone:
            self._anchors.setdefault((scope.uri, identity[1:]), path)
        elif isinstance(identity, str):
            scope = Scope(urldefrag(urljoin(scope.uri, identity)).url, draft)
            self._resources.setdefault(scope.uri, path)
        for keyword in ("$anchor", "$dynamicAnchor"):
            if draft.knows(keyword) and keyword in schema:
                self._anchors.setdefault((scope.uri, schema[keyword]), path)
        if draft.knows("$dynamicAnchor") and "$dynamicAnchor" in schema:
            self._dynamic.setdefault(scope.uri, {}).setdefault(schema["$dynamicAnchor"], path)
        if draft.knows("$recursiveAnchor") and schema.get("$recursiveAnchor") is True:
            # 2019-09 has one dynamic anchor a resource, without a name, at its root.
            self._dynamic.setdefault(scope.uri, {}).setdefault("", path)
        return scope

    def _resolved(self, reference: str, at: Path) -> Path:
        uri = self.scope(at[:-1]).uri
        if not reference.startswith("#"):
            uri = urldefrag(urljoin(uri, reference)).url
        fragment = _fragment(reference)
        if uri not in self._resources:
            raise Malformed(_problem("schema.remote", at, reference))
        if fragment and not fragment.startswith("/"):
            path = self._anchors.get((uri, fragment))
        else:
            path = self._followed(self._resources[uri], fragment)
        if path is None or not is_schema(self.at(path)):
            raise Malformed(_problem("schema.nowhere", at, reference))
        if path not in self._scopes:
            # It stands where no draft puts schemas, such as OpenAPI's `components`, and has not been looked at yet.
            refuse_if_any(Malformed, self.scope(path).draft.mistakes(self.at(path), path))
            self._index(path, self.at(path), self.scope(path))
        return path

    def _followed(self, start: Path, pointer: str) -> Path | None:
        """The steps of a JSON Pointer from `start`; None when it leads to nothing."""
        value, path = self.at(start), start
        for part in pointer.split("/")[1:]:
            step: str | int = part.replace("~1", "/").replace("~0", "~")
            if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
                step = int(part)
            elif not isinstance(value, dict) or step not in value:
                return None
            value, path = value[step], (*path, step)
        return path


def _fragment(reference: str) -> str:
    return unquote(urldefrag(reference).fragment)


def _problem(code: str, at: Path, given: str) -> Problem:
    return Problem(code, pointer_to(at), {"given": given})


def on_a_loop(edges: Mapping[Node, Collection[Node]]) -> frozenset[Node]:
    """The nodes that can be reached from themselves; every node that is pointed to is a key of `edges`."""
    reverse: dict[Node, list[Node]] = {node: [] for node in edges}
    for node, targets in edges.items():
        for target in targets:
            reverse[target].append(node)
    # Kosaraju: in reverse order of leaving, walking the edges backwards stays within one strong component.
    left: list[Node] = []
    seen: set[Node] = set()
    for node in edges:
        left += _leaving(edges, node, seen)
    found: set[Node] = set()
    seen = set()
    for node in reversed(left):
        component = set(_leaving(reverse, node, seen))
        if len(component) > 1 or node in edges[node]:
            found |= component
    return frozenset(found)


def _leaving(edges: Mapping[Node, Collection[Node]], start: Node, seen: set[Node]) -> Iterator[Node]:
    """Depth first from `start` over what has not been seen: every node when all behind it is done."""
    if start in seen:
        return
    seen.add(start)
    stack = [(start, iter(edges[start]))]
    while stack:
        node, targets = stack[-1]
        for target in targets:
            if target not in seen:
                seen.add(target)
                stack.append((target, iter(edges[target])))
                break
        else:
            stack.pop()
            yield node
