"""Records that follow each other: a change in one is followed by all behind it, and by what is made of them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.definition.model import Json
from engine.store import records
from engine.usecases.attach import Folder
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.modules.publish import publish_module
from engine.usecases.records.create import create
from engine.usecases.records.remove import remove
from engine.usecases.records.save import save
from engine.usecases.verify import verify
from tests.company import a_company
from tests.engine.usecases.settling.ledger import RETAINED, ledger
from tests.engine.usecases.settling.site import ADMIN


@pytest.fixture
def company(deployment: Deployment, tmp_path: Path) -> Iterator[Workspace]:
    made = a_company(deployment, [])
    with made.write() as session:
        publish_module(session, ledger(), by="")
    yield made
    assert list(verify(made, Folder(tmp_path / "files"))) == []
    deployment.delete(made.slug)


def make(company: Workspace, entity: str, **values: Json) -> str:
    return create(company, ADMIN, f"ledger/{entity}", values).record.id


def change(company: Workspace, entity: str, record_id: str, **values: Json) -> None:
    with company.read() as session:
        revision = records.load(session, f"ledger/{entity}", record_id).revision
    save(company, ADMIN, f"ledger/{entity}", record_id, values, revision=revision)


def column(company: Workspace, entity: str, ids: Sequence[str], key: str) -> list[Any]:
    with company.read() as session:
        found = [records.load(session, f"ledger/{entity}", each).values.get(key) for each in ids]
    return [f"{each.normalize():f}" if isinstance(each, Decimal) else each for each in found]


@pytest.fixture
def paid(company: Workspace) -> tuple[str, list[str]]:
    """A contract over 1200 with an advance of 240 and a start point of 720, and its payments of eight months."""
    schedule = [
        {"step": step, "share": share} for step, share in ((0, "0"), (1, "0.3"), (2, "0.4"), (3, "0.3"), (4, "0"))
    ]
    terms = {"price": "1200", "advance": "240", "start": "720", "retention": "0.03"}
    contract = make(company, "contract", schedule=schedule, **terms)
    months = [(3, "320"), (4, "130"), (5, "130"), (6, "140"), (7, "140"), (8, "130"), (9, "110"), (10, "100")]
    payments = [
        make(company, "payment", contract=contract, month=month, value=value, final=month == 10)
        for month, value in months
    ]
    return contract, payments


def test_an_advance_is_recovered_from_its_start_point_on(company: Workspace, paid: tuple[str, list[str]]) -> None:
    """Golden PAY-1: a public exam's contract of 12 million, in 万元."""
    _, payments = paid
    assert column(company, "payment", payments, "pay") == ["320", "130", "58", "44", "68", "130", "110", "64"]
    to_date = ["320", "450", "508", "552", "620", "750", "860", "924"]
    assert column(company, "payment", payments, "paid_to_date") == to_date
    assert column(company, "payment", payments, "running") == to_date


def test_retention_stops_at_its_cap_and_is_released(deployment: Deployment) -> None:
    company = a_company(deployment, [])
    with company.write() as session:
        publish_module(session, ledger(payment=RETAINED), by="")
    contract = make(company, "contract", retention="0.05", retention_cap="30")
    values = ((1, "400"), (2, "300"), (3, "100"), (4, "0"))
    payments = [
        make(company, "payment", contract=contract, month=month, value=value, release=month == 4)
        for month, value in values
    ]
    assert column(company, "payment", payments, "held") == ["20", "10", "0", "-30"]
    assert column(company, "payment", payments, "pay") == ["380", "290", "100", "30"]
    assert column(company, "payment", payments, "held_to_date") == ["20", "30", "30", "0"]
    change(company, "payment", payments[0], value="100")
    assert column(company, "payment", payments, "held") == ["5", "15", "5", "-25"]
    deployment.delete(company.slug)


def test_an_earlier_record_that_changes_goes_or_comes_is_followed_by_those_behind_it(
    company: Workspace, paid: tuple[str, list[str]]
) -> None:
    contract, payments = paid
    change(company, "payment", payments[1], value="100")
    assert column(company, "payment", payments, "paid_to_date")[:5] == ["320", "420", "478", "522", "590"]
    change(company, "payment", payments[1], value="99.999999")
    remove(company, ADMIN, "ledger/payment", payments[1], revision=3)
    rest = [payments[0], *payments[2:]]
    assert column(company, "payment", rest, "step") == [0, 0, 1, 2, 3, 4, 5]
    between = make(company, "payment", contract=contract, month=4, value="130", final=False)
    assert column(company, "payment", [payments[0], between, *payments[2:]], "paid_to_date")[-1] == "924"
    change(company, "payment", payments[-1], month=1)
    assert column(company, "payment", [payments[-1], payments[0]], "paid_to_date") == ["64", "384"]


def test_a_series_of_its_own_for_each_contract(company: Workspace, paid: tuple[str, list[str]]) -> None:
    contract, payments = paid
    other = make(
        company, "contract", advance="0", start="1000", schedule=[{"step": 0, "share": "0"}], price="1", retention="0"
    )
    first = make(company, "payment", contract=other, month=4, value="7", final=False)
    assert column(company, "payment", [first], "running") == ["7"]
    change(company, "payment", payments[2], contract=other)
    assert column(company, "payment", [first, payments[2]], "running") == ["7", "137"]
    assert column(company, "payment", [*payments[:2], *payments[3:]], "step") == [0, 0, 1, 2, 3, 4, 5]
    change(company, "payment", first, month=None)
    assert column(company, "payment", [first, payments[2]], "running") == ["7", "130"]
    assert contract


def test_least_amounts_tiers_and_an_index_certify_what_was_measured(company: Workspace) -> None:
    """Golden PAY-3: two items with a price for what goes beyond 110 % of the estimate, in 万元."""
    schedule = [{"step": 0, "share": "0"}, {"step": 3, "share": "0.5"}, {"step": 5, "share": "0"}]
    terms = {"advance": "18.52", "retention": "0.05", "index": "1.2", "least": "25", "schedule": schedule}
    contract = make(company, "contract", **terms)
    quantities = {
        ("甲", "2530", "180", "162"): (500, 800, 800, 600),
        ("乙", "3520", "160", "144"): (700, 900, 800, 600),
    }
    certificates = [make(company, "certificate", contract=contract, month=month) for month in (1, 2, 3, 4)]
    measured = []
    for (name, limit, price, beyond), each in quantities.items():
        bands = [{"over": "0", "rate": price}, {"over": limit, "rate": beyond}]
        item = make(company, "item", contract=contract, name=name, bands=bands)
        for month, quantity in reversed(list(enumerate(each, 1))):
            values = {"certificate": certificates[month - 1], "item": item, "month": month, "quantity": str(quantity)}
            measured.append(make(company, "measured", **values))
    assert column(company, "certificate", certificates, "gross") == ["20.2", "28.8", "27.2", "20.094"]
    assert column(company, "certificate", certificates, "certified") == ["23.028", "32.832", "31.008", "22.90716"]
    assert column(company, "certificate", certificates, "issued") == ["0", "55.86", "0", "35.39516"]
    assert column(company, "certificate", certificates, "carried") == ["23.028", "0", "21.748", "0"]
    assert column(company, "certificate", certificates, "issued_to_date")[-1] == "91.25516"
    # The last that was measured is month 1 of the second item; what hangs on it follows through all levels.
    change(company, "measured", measured[-1], quantity="0")
    assert column(company, "certificate", certificates, "gross")[:1] == ["9"]
    assert column(company, "certificate", certificates, "issued_to_date")[-1] == "78.48716"
