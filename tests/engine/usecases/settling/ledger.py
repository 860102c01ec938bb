"""A payment ledger without code: contracts, their items, what is measured a month, and certificates that follow."""

from typing import Any, Final

from engine.definition.model import Module
from tests.engine.definitions import (
    MONEY,
    NUMBER,
    PERCENT,
    QUANTITY,
    TEXT,
    Doc,
    a_module,
    computed,
    lines,
    reference,
)

#: Ten thousand yuan, to the cent of a yuan.
WAN: Final = {"title": "万元", "x-type": "decimal", "x-scale": 6}

CONTRACT: Final = {
    "name": TEXT,
    "price": WAN,
    "advance": WAN,
    #: Recovery of the advance begins once so much has been paid, the advance included.
    "start": WAN,
    #: Shares of the advance that are recovered, from the month in which recovery begins.
    "schedule": lines(step=NUMBER, share=PERCENT),
    "retention": PERCENT,
    "retention_cap": WAN,
    "index": {"title": "调价", "x-type": "decimal"},
    "least": WAN,
}
#: By the start point: month by month what was done, what is held back and recovered, and what is paid.
PAYMENT: Final = {
    "contract": reference("ledger/contract"),
    "month": NUMBER,
    "value": WAN,
    "final": {"title": "末次", "type": "boolean"},
    "before": computed("COALESCE(PREVIOUS(contract, month).paid_to_date, 0)", WAN),
    "step_before": computed("COALESCE(PREVIOUS(contract, month).step, 0)", NUMBER),
    "step": computed(
        "IF(OR(step_before > 0, before + value + contract.advance > contract.start), step_before + 1, 0)", NUMBER
    ),
    "share": computed("COALESCE(LOOKUP(step, contract.schedule.step, contract.schedule.share), 0)", PERCENT),
    "recovered": computed("contract.advance * share", WAN),
    "held": computed("IF(final, contract.price * contract.retention, 0)", WAN),
    "pay": computed("value - recovered - held", WAN),
    "paid_to_date": computed("before + pay", WAN),
    "running": computed("RUNNING(pay, contract, month)", WAN),
}
#: What is held back of each payment, up to a cap, and paid out once it is released.
RETAINED: Final = {
    "contract": reference("ledger/contract"),
    "month": NUMBER,
    "value": WAN,
    "release": {"title": "退还", "type": "boolean"},
    "before": computed("COALESCE(PREVIOUS(contract, month).held_to_date, 0)", WAN),
    "held": computed("IF(release, -before, MIN(value * contract.retention, contract.retention_cap - before))", WAN),
    "held_to_date": computed("before + held", WAN),
    "pay": computed("value - held", WAN),
}
ITEM: Final = {
    "contract": reference("ledger/contract"),
    "name": TEXT,
    "estimate": QUANTITY,
    "price": MONEY,
    "bands": lines(
        over=QUANTITY,
        rate={"title": "单价", "x-type": "decimal"},
    ),
}
MEASURED: Final = {
    "certificate": reference("ledger/certificate"),
    "item": reference("ledger/item"),
    "month": NUMBER,
    "quantity": QUANTITY,
    "to_date": computed("RUNNING(quantity, item, month)", QUANTITY),
    "amount": computed("(TIER(item.bands, to_date) - TIER(item.bands, to_date - quantity)) / 10000", WAN),
}
#: With a least amount: what is below it waits for the next month.
CERTIFICATE: Final = {
    "contract": reference("ledger/contract"),
    "month": NUMBER,
    "gross": {**WAN, "x-rollup": {"of": "ledger/measured", "by": "certificate", "sum": "amount"}},
    "certified": computed("gross * contract.index * (1 - contract.retention)", WAN),
    "share": computed("COALESCE(LOOKUP(month, contract.schedule.step, contract.schedule.share), 0)", PERCENT),
    "due": computed("COALESCE(PREVIOUS(contract, month).carried, 0) + certified - contract.advance * share", WAN),
    "issued": computed("IF(due >= contract.least, due, 0)", WAN),
    "carried": computed("due - issued", WAN),
    "issued_to_date": computed("RUNNING(issued, contract, month)", WAN),
}


def ledger(**replaced: Doc) -> Module:
    """The module; properties of its entities may be replaced, by key."""
    others: dict[str, Any] = {"contract": CONTRACT, "payment": PAYMENT, "item": ITEM, "certificate": CERTIFICATE}
    made = {**others, "measured": MEASURED, **replaced}
    return a_module(made.pop("measured"), key="ledger", name="measured", others=made)
