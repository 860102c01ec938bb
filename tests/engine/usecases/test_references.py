"""What formulas read of other records: their fields, and their line items where a formula asks for them."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import publish
from engine.usecases.records.create import create
from engine.usecases.records.draft import edit_draft
from engine.usecases.records.explain import explain_value
from engine.usecases.records.save import save
from tests.engine.definitions import DATE, MONEY, PERCENT, QUANTITY, TEXT, computed, files, lines, reference
from tests.web.api.test_statements import listening

ADMIN: Final = Actor(login="admin")
BANDS: Final = {"bands": lines(item=TEXT, start=QUANTITY, price=MONEY)}
CLAIM: Final = {
    "contract": reference("shop/contract"),
    "project": reference("shop/project"),
    "date": DATE,
    "quantity": QUANTITY,
    "code": computed("contract.project.code", TEXT),
    "rate": computed("LOOKUP(date, contract.project.rates.from, contract.project.rates.rate)", PERCENT),
    "price": computed("TIER(contract.bands, quantity)"),
    "known": computed("COUNT(contract.project.rates)", QUANTITY),
}
#: Reads fields of other records, and no lines.
NOTE: Final = {"contract": reference("shop/contract"), "code": computed("contract.project.code", TEXT)}
PROJECT: Final = {"code": TEXT, "rates": lines(**{"from": DATE, "rate": PERCENT})}
BILL: Final = {"total": MONEY, "items": lines(net=MONEY, share=computed("ALLOCATE(total, items.net)"))}
RATES: Final = [{"from": "2026-07-01", "rate": "0.09"}, {"from": "2026-01-01", "rate": "0.13"}]


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    contract = {"project": reference("shop/project"), **BANDS}
    others = {"project": PROJECT, "contract": contract, "note": NOTE, "bill": BILL}
    verbs = [{"role": "administrator", "verbs": ["create", "read", "update"]}]
    permissions = {"entities": dict.fromkeys(("claim", *others), verbs)}
    publish(workspace, ADMIN, files(CLAIM, others=others, permissions=permissions, module={"version": "1.0.0"}))
    return workspace


def made(shop: Workspace, entity: str, **values: Any) -> str:  # noqa: ANN401
    return create(shop, ADMIN, f"shop/{entity}", values).record.id


def a_contract(shop: Workspace) -> str:
    bands = [{"start": "2530", "price": "162"}, {"start": "0", "price": "180"}]
    return made(shop, "contract", project=made(shop, "project", code="P1", rates=RATES), bands=bands)


def shown(values: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(values[key]) for key in ("code", "rate", "price", "known") if key in values}


def test_rates_and_bands_are_looked_up_in_the_lines_of_other_records(shop: Workspace) -> None:
    contract = a_contract(shop)
    record = create(shop, ADMIN, "shop/claim", {"contract": contract, "date": "2026-06-30", "quantity": "2700"}).record
    assert shown(record.values) == {"code": "P1", "rate": "0.13", "price": "482940.00", "known": "2"}
    later = save(shop, ADMIN, "shop/claim", record.id, {"date": "2026-07-01", "quantity": "2530"}, revision=1).record
    assert shown(later.values) == {"code": "P1", "rate": "0.09", "price": "455400.00", "known": "2"}


def test_a_record_that_is_at_hand_without_its_lines_is_loaded_again_with_them(shop: Workspace) -> None:
    project = made(shop, "project", code="P1", rates=RATES)
    contract = made(shop, "contract", project=project)
    values = {"contract": contract, "project": project, "date": "2026-06-30"}
    record = create(shop, ADMIN, "shop/claim", values).record
    assert shown(record.values) == {"code": "P1", "rate": "0.13", "known": "2"}


def test_without_a_reference_nothing_is_looked_up(shop: Workspace) -> None:
    record = create(shop, ADMIN, "shop/claim", {"date": "2026-06-30", "quantity": "2700"}).record
    assert shown(record.values) == {"known": "0"}


def test_a_form_and_an_explanation_read_the_lines_too(shop: Workspace) -> None:
    contract = a_contract(shop)
    record = create(shop, ADMIN, "shop/claim", {"contract": contract, "date": "2026-06-30", "quantity": "2700"}).record
    references = edit_draft(shop, ADMIN, "shop/claim", record.id).facts.references
    assert [str(band["price"]) for band in references[contract]["bands"]] == ["162.00", "180.00"]
    trace = explain_value(shop, ADMIN, "shop/claim", record.id, "price").trace
    assert trace is not None
    assert trace.value == 482940


def test_a_share_is_explained_as_that_of_its_line(shop: Workspace) -> None:
    bill = create(shop, ADMIN, "shop/bill", {"total": "100", "items": [{"net": "1"}, {"net": "2"}]}).record
    traces = [explain_value(shop, ADMIN, "shop/bill", bill.id, f"items.{line}.share").trace for line in (0, 1)]
    assert [str(trace and trace.value) for trace in traces] == ["33.33", "66.67"]


def test_line_items_are_loaded_only_where_a_formula_reads_them(shop: Workspace) -> None:
    contract = a_contract(shop)
    with listening(shop) as log:
        made(shop, "note", contract=contract)
    without = [each for each in log.statements if "bands" in each or "rates" in each]
    with listening(shop) as log:
        made(shop, "claim", contract=contract, date="2026-06-30")
    read = [each for each in log.statements if "FROM" in each and ("__bands" in each or "__rates" in each)]
    assert (without, len(read)) == ([], 2)
