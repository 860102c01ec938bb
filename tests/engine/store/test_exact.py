"""What a column keeps is what it was given, or it is refused; never something near it."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, MetaData, Table, func, insert, select
from sqlalchemy.exc import StatementError

from engine.store.tables.exact import DateText, Exact, Instant, InstantText, JsonText, canonical, digest, parsed

TABLE = Table(
    "kept",
    MetaData(),
    Column("money", Exact(2)),
    Column("quantity", Exact(6)),
    Column("moment", Instant()),
    Column("moment_text", InstantText()),
    Column("day", DateText()),
    Column("json", JsonText()),
)


def kept(database: Engine, **values: object) -> dict[str, Any]:
    with database.begin() as connection:
        TABLE.drop(connection, checkfirst=True)
        TABLE.create(connection)
        connection.execute(insert(TABLE).values(values))
        return {
            key: value for key, value in connection.execute(select(TABLE)).mappings().one().items() if key in values
        }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(units=st.integers(-(10**18) + 1, 10**18 - 1))
def test_every_number_of_18_digits_is_kept_exactly(database: Engine, units: int) -> None:
    values = {"money": Decimal(units).scaleb(-2), "quantity": Decimal(units).scaleb(-6)}
    assert {key: str(value) for key, value in kept(database, **values).items()} == {
        "money": f"{values['money']:.2f}",
        "quantity": f"{values['quantity']:.6f}",
    }


@pytest.mark.parametrize("value", [1.5, "1.5", True, Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_exact_number_is_refused(database: Engine, value: object) -> None:
    with pytest.raises((StatementError, TypeError)):
        kept(database, money=value)


@pytest.mark.parametrize("value", ["0.001", "1e16", "12345678901234567.00", "1e400", "1e-400", "1e999999999"])
def test_a_number_that_would_have_to_be_changed_is_refused(database: Engine, value: str) -> None:
    with pytest.raises((StatementError, ValueError)):
        kept(database, money=Decimal(value))


def test_sums_are_exact(database: Engine) -> None:
    kept(database, money=Decimal("0.10"))
    with database.begin() as connection:
        connection.execute(insert(TABLE), [{"money": Decimal(each)} for each in ("0.20", "12345678901234.56")])
        assert connection.scalar(select(func.sum(TABLE.c.money))) == Decimal("12345678901234.86")


def test_moments_are_kept_in_utc_and_sort_by_time(database: Engine) -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    shanghai = timezone(timedelta(hours=8))
    assert kept(database, moment=noon.astimezone(shanghai)) == {"moment": noon}
    assert kept(database, moment=noon)["moment"].tzinfo is UTC
    with database.begin() as connection:
        connection.execute(insert(TABLE), [{"moment": noon + timedelta(microseconds=each)} for each in (500000, 1, -1)])
        found = connection.scalars(select(TABLE.c.moment).order_by(TABLE.c.moment)).all()
    assert found == sorted(found)


def test_a_moment_without_its_zone_is_refused(database: Engine) -> None:
    with pytest.raises((StatementError, ValueError)):
        kept(database, moment=datetime(2026, 3, 2))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["2026-03-02T01:00:00Z", "2026-03-02T01:00:00.500000Z", "1900-01-01T00:00:00.000001Z"])
def test_a_moment_of_a_record_comes_back_as_it_was_written(database: Engine, text: str) -> None:
    assert kept(database, moment_text=text) == {"moment_text": text}


def test_a_day_of_a_record_comes_back_as_it_was_written(database: Engine) -> None:
    assert kept(database, day="2026-02-28") == {"day": "2026-02-28"}


def test_json_keeps_its_numbers(database: Engine) -> None:
    value = {"b": [Decimal("1.10"), 10**30, True, None, "é\u0000"], "a": {}}
    assert kept(database, json=value) == {"json": value}


def test_equal_values_have_one_text_and_one_digest() -> None:
    assert canonical({"b": Decimal("1.10"), "a": "钢"}) == '{"a":"钢","b":1.10}'
    assert parsed(canonical({"b": Decimal("1.10")})) == {"b": Decimal("1.10")}
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
