"""entities/<key>.json → `Entity` with its fields."""

from collections.abc import Iterator, Mapping
from typing import Final

from engine.definition.model import At, Entity, Field, Json, Option, Rule, Section
from engine.definition.nouns.decision_table import table_from
from engine.problems import DefinitionInvalid

#: Fields of an entity at every depth. References to references could make a small document grow for ever.
MAX_FIELDS: Final = 2_000
#: Keywords that `Field.rest` carries as they are written.
REST: Final = ("x-rollup", "x-rounding", "x-scale", "x-multiple", "x-number")


def entity_from(document: Mapping[str, Json], at: At) -> Entity:
    """The entity of a document; references to its own `$defs` are written out in the fields.

    Raises `DefinitionInvalid` when that makes too many.
    """
    return Entity(
        key=document["key"],
        title=document["title"],
        at=at,
        schema=document,
        fields=_Fields(document).of(document, at, ()),
        rules=tuple(_rule(each, at / "x-rules" / number) for number, each in enumerate(document.get("x-rules", ()))),
        number=document.get("x-number", ""),
        title_formula=document.get("x-title", ""),
        workflow=document.get("x-workflow", ""),
        layout=tuple(map(_section, document.get("x-layout", ()))),
    )


def _rule(document: Mapping[str, Json], at: At) -> Rule:
    return Rule(
        key=document["key"],
        at=at,
        condition=document["assert"],
        level=document.get("level", "refuse"),
        message=document["message"],
    )


def _section(document: Mapping[str, Json]) -> Section:
    return Section(title=document["section"], columns=document.get("columns", 1), fields=tuple(document["fields"]))


class _Fields:
    """Makes the fields of one document, to whose root its references lead."""

    def __init__(self, root: Mapping[str, Json]) -> None:
        self._root = root
        self._count = 0

    def of(self, around: Mapping[str, Json], at: At, followed: tuple[str, ...]) -> tuple[Field, ...]:
        """A field for every property of the object `around`, which the references `followed` led to."""
        required = around.get("required")
        names = required if isinstance(required, list) else ()
        return tuple(
            self._field(key, written, at / "properties" / key, followed, is_required=key in names)
            for key, written in around.get("properties", {}).items()
        )

    def _field(self, key: str, written: Json, at: At, followed: tuple[str, ...], *, is_required: bool) -> Field:
        self._count += 1
        if self._count > MAX_FIELDS:
            raise DefinitionInvalid(at.problem("definition.too_many_fields", limit=str(MAX_FIELDS)))
        # `true` and `false` are schemas too; they say nothing about the form.
        schema, followed = self._follow(written if isinstance(written, dict) else {}, followed)
        lines = schema.get("items")
        lines, led = self._follow(lines, followed) if isinstance(lines, dict) else ({}, followed)
        return Field(
            key=key,
            title=schema.get("title", key),
            at=at,
            schema={**schema, "items": lines} if lines else schema,
            type=schema.get("x-type", ""),
            required=is_required,
            fields=self.of(schema, at, followed) or self.of(lines, at / "items", led),
            options=tuple(_options(schema)) or tuple(_options(lines)),
            reference=schema.get("x-reference", ""),
            formula=schema.get("x-formula", ""),
            table=table_from(schema["x-table"], at / "x-table") if "x-table" in schema else None,
            default=schema.get("x-default", ""),
            visible=schema.get("x-visible", ""),
            required_when=schema.get("x-required", ""),
            read_only_when=schema.get("x-readonly", "TRUE" if schema.get("readOnly") is True else ""),
            unique=schema.get("x-unique", False),
            index=schema.get("x-index", False),
            help=schema.get("x-help", ""),
            rest={keyword: schema[keyword] for keyword in REST if keyword in schema},
        )

    def _follow(
        self, schema: Mapping[str, Json], followed: tuple[str, ...]
    ) -> tuple[Mapping[str, Json], tuple[str, ...]]:
        """The schema with what its `$ref` leads to; one that leads back to itself is left as it is."""
        reference = schema.get("$ref")
        target = None if reference in followed else self._target(reference)
        if target is None:
            return schema, followed
        beside = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
        return self._follow({**target, **beside}, (*followed, str(reference)))

    def _target(self, reference: Json) -> Mapping[str, Json] | None:
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return None
        here: Json = self._root
        for step in reference[2:].split("/"):
            here = here.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(here, dict) else None
        return here if isinstance(here, dict) else None


def _options(schema: Mapping[str, Json]) -> Iterator[Option]:
    branches = schema.get("oneOf") or schema.get("anyOf") or ()
    if branches and all(isinstance(each, dict) and "const" in each for each in branches):
        for each in branches:
            yield Option(value=each["const"], title=each.get("title", str(each["const"])))
        return
    values = schema.get("enum", ())
    titles = schema.get("x-enum-titles") or schema.get("enumNames") or ()
    for number, value in enumerate(values):
        yield Option(value=value, title=titles[number] if number < len(titles) else str(value))
