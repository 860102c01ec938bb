"""Whatever the values of a record are, they are the same after saving and loading."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.compile.build import compile_module
from engine.compile.model import CompiledField
from engine.fields.field_type import Storage
from engine.runtime.record import Values
from engine.store import records
from engine.store.session import Workspace
from tests.engine.store.builders import (
    DATE,
    MONEY,
    QUANTITY,
    TEXT,
    a_record,
    changed,
    files,
    group,
    lines,
    publish_in,
    read,
)

_LINE = {
    "name": TEXT,
    "quantity": QUANTITY,
    "done": {"title": "Done", "type": "boolean"},
    "place": group(road=TEXT, point=group(north=QUANTITY)),
    "parts": lines(name=TEXT, more=group(marks=lines(mark=TEXT))),
}
_FILES = files(
    item={
        **_LINE,
        "amount": MONEY,
        "count": {"title": "Count", "type": "integer"},
        "date": DATE,
        "moment": {"title": "Moment", "x-type": "datetime"},
        "time": {"title": "Time", "x-type": "time"},
        "anything": {"title": "Anything", "x-type": "json"},
        "items": lines(**_LINE),
    }
)
_FIELDS = compile_module(read(_FILES), {}).entities["item"].fields

_texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20)
_scalars = st.none() | st.booleans() | _texts | st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
_SCALARS: Mapping[Storage, st.SearchStrategy[Any]] = {
    Storage.TEXT: _texts,
    Storage.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Storage.BOOLEAN: st.booleans(),
    Storage.DATE: st.dates(dt.date(1900, 1, 1), dt.date(2999, 12, 31)).map(str),
    Storage.DATETIME: st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2999, 12, 31)).map(  # noqa: DTZ001
        lambda moment: moment.isoformat() + "Z"
    ),
    Storage.TIME: st.times().map(lambda time: time.isoformat("minutes")),
    Storage.JSON: st.recursive(_scalars, lambda inner: st.lists(inner) | st.dictionaries(_texts, inner), max_leaves=5),
}


def _value(field: CompiledField) -> st.SearchStrategy[Any]:
    storage = field.type.storage
    if storage is Storage.COLUMNS:
        return _values(field.fields)
    if storage is Storage.TABLE:
        return st.lists(_values(field.fields), max_size=3)
    if storage is Storage.DECIMAL:
        return st.integers(-(10**18) + 1, 10**18 - 1).map(
            lambda number: field.type.read(Decimal(number).scaleb(-field.type.scale))
        )
    return _SCALARS[storage]


def _values(fields: Mapping[str, CompiledField]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={key: st.none() | _value(field) for key, field in fields.items()})


def _without_nulls(values: Values, fields: Mapping[str, CompiledField]) -> dict[str, Any]:
    """Null and absent are the same, except inside a JSON value, which is nobody's business."""
    kept: dict[str, Any] = {}
    for key, value in values.items():
        storage = fields[key].type.storage
        if storage is Storage.TABLE and value is not None:
            kept[key] = [_without_nulls(line, fields[key].fields) for line in value]
        elif storage is Storage.COLUMNS and value is not None:
            kept[key] = _without_nulls(value, fields[key].fields)
        elif value is not None:
            kept[key] = value
    return kept


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(first=_values(_FIELDS), second=_values(_FIELDS))
def test_any_values_come_back_as_they_were_saved(workspace: Workspace, first: Values, second: Values) -> None:
    with workspace.write() as session:
        publish_in(session, _FILES)
        record = a_record(id=session.new_id(), values=first)
        records.insert_record(session, record)
        assert records.load(session, "shop/item", record.id).values == _without_nulls(first, _FIELDS)
        records.update_record(session, record, changed(record, **second))
        loaded = records.load(session, "shop/item", record.id)
        assert loaded.values == _without_nulls(second, _FIELDS)
        assert {key: str(value) for key, value in loaded.values.items() if isinstance(value, Decimal)} == {
            key: str(value) for key, value in second.items() if isinstance(value, Decimal)
        }
