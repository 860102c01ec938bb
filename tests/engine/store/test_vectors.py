"""The formula cases that Python and the browser share, calculated by the databases as far as they can."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial

from sqlalchemy import select

from engine.compile.formulas.scope import EntityScope
from engine.compile.model import CompiledField
from engine.definition.model import Json
from engine.fields.field_type import Storage, Unreadable
from engine.formula.errors import FormulaProblems
from engine.formula.formula import compile_formula
from engine.formula.tree import Kind, Value
from engine.formula.typed import Typed
from engine.store import editions
from engine.store.session import Session, Workspace
from engine.store.sql.expression import Translator, Untranslatable
from engine.store.sql.paths import Source, record_source
from tests.engine.store.builders import DATE, TEXT, a_record, lines, publish, saved
from tests.formula_scope import shown
from tests.formula_vectors import Case, cases

PROPERTIES: Mapping[str, Mapping[str, Json]] = {
    "decimal": {"title": "Decimal", "x-type": "decimal"},
    "text": TEXT,
    "boolean": {"title": "Boolean", "type": "boolean"},
    "date": DATE,
    "datetime": {"title": "Moment", "x-type": "datetime"},
    "reference": {"title": "Reference", "x-type": "user"},
    "text[]": {"title": "Choices", "x-type": "multi_choice", "type": "array", "items": {"enum": ["a"]}},
}
#: Cases that each database must at least have an answer to, so that this test does not fall silent.
LEAST = 400


def test_the_databases_calculate_what_python_and_the_browser_do(workspace: Workspace) -> None:
    given = [each for each in cases() if each.facts.line is None]
    for file, scope in {each.file: each.scope for each in given}.items():
        publish(workspace, file, case=dict(_properties(scope._types)))
    answered = sum(_answers(workspace, each, place) for place, each in enumerate(given))
    assert answered >= LEAST


def _properties(types: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """What a scope names, as far as there are such fields: single values, and columns of line items."""
    for name, type_ in types.items():
        if type_ in PROPERTIES and "." not in name:
            yield name, PROPERTIES[type_]
        elif type_ == "record[]" and "." not in name:
            columns = [path.split(".") for path in types if path.startswith(f"{name}.") and path.count(".") == 1]
            kinds = {key: types[f"{name}.{key}"].removesuffix("[]") for _, key in columns}
            yield name, lines(**{key: PROPERTIES[kind] for key, kind in kinds.items() if kind in PROPERTIES})


def _answers(workspace: Workspace, case: Case, place: int) -> bool:
    """Whether the database has an answer, which then is the right one."""
    name = f"{case.file}/case"
    with workspace.read() as session:
        fields = editions.layout(session, name).entity.fields
    try:
        formula = compile_formula(case.formula, EntityScope(fields, lambda _: None))
    except FormulaProblems:  # it reads what no column of this test holds
        return False
    try:
        values = {key: _kept(fields[key], value) for key, value in case.facts.values.items() if key in fields}
    except (Unreadable, AttributeError, KeyError):  # no column could hold it
        return False
    saved(workspace, a_record(name, id=f"r{place}", state=case.facts.state, values=values))
    with workspace.read() as session:
        source = record_source(partial(editions.layout, session), editions.layout(session, name))
        try:
            found = _calculated(session, source, case, formula.node, f"r{place}")
        except Untranslatable:
            return False
    assert case.outcome.get("expect") == shown(found), case.formula
    return True


def _kept(field: CompiledField, value: Json) -> Json:
    if field.type.storage is Storage.TABLE and isinstance(value, list):
        return [{key: _kept(field.fields[key], each) for key, each in row.items()} for row in value]
    return value if value is None or field.type.storage is Storage.JSON else field.type.read(value)


def _calculated(session: Session, source: Source, case: Case, node: Typed, record_id: str) -> Value:
    dialect = session.connection.dialect.name
    translator = Translator(source, case.facts, dialect)
    this = source.rows.c.id == record_id
    if node.type.kind is not Kind.DECIMAL:
        value = session.connection.scalar(select(translator.value(node)).where(this))
        return bool(value) if node.type.kind is Kind.BOOLEAN and value is not None else value
    number = translator.number(node)
    value = session.connection.scalar(select(number.expression).where(this))
    return Decimal(value).scaleb(-number.scale) if dialect == "sqlite" and value is not None else value
