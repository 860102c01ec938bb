"""What would change is told before it happens, and nothing happens by telling it."""

from decimal import Decimal

from engine.problems import NotAllowed, Unknown
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.recompute.preview import SHOWN, EntityChange, preview
from tests.engine.definitions import TEXT, computed
from tests.engine.usecases.recompute.bills import (
    ADMIN,
    BILL,
    ORDER,
    WITH_TAX,
    a_bill,
    an_order,
    every,
    install,
    now,
    recomputed,
    shop,
)
from tests.engine.usecases.refusals import refused


def changes(workspace: Workspace, limit: int = 100) -> dict[str, EntityChange]:
    return {each.entity.name: each for each in preview(workspace, ADMIN, "shop", limit=limit).entities}


def test_it_tells_how_many_records_would_change_and_by_how_much(workspace: Workspace) -> None:
    install(workspace, shop())
    bills = [a_bill(workspace, f"b{net}", net) for net in ("100", "0", "300", "200")]
    an_order(workspace, submitted=False)
    an_order(workspace, submitted=True)
    install(workspace, shop(WITH_TAX))
    told = changes(workspace)
    bill, order = told[BILL], told[ORDER]
    assert (bill.total, bill.looked_at, bill.changed, bill.refused, bill.staying) == (4, 4, 3, 0, 0)
    fields = {each.field.key: each for each in bill.fields}
    total = fields["total"]
    assert (total.count, total.before, total.after) == (3, Decimal(600), Decimal(678))
    assert [(each.label, each.before, each.after) for each in total.largest] == [
        ("b300", Decimal(300), Decimal(339)),
        ("b200", Decimal(200), Decimal(226)),
        ("b100", Decimal(100), Decimal(113)),
    ]
    assert fields["double"].after == Decimal(1356)
    assert (order.total, order.changed, order.staying) == (1, 1, 1)
    assert [now(workspace, each) for each in bills] == bills
    recomputed(workspace)
    assert changes(workspace)[ORDER].total == 0
    assert [each.values["total"] for each in every(workspace) if each.values["total"]] == [
        single.after for single in sorted(total.largest, key=lambda each: each.label)
    ] or sum(each.values["total"] for each in every(workspace)) == total.after


def test_another_label_counts_where_a_formula_shows_it(workspace: Workspace) -> None:
    def kinds(label: str) -> dict[str, object]:
        return {"title": "Kind", "oneOf": [{"const": "a", "title": label}]}

    install(workspace, shop(bill={"kind": kinds("甲")}))
    a_bill(workspace, "b", kind="a")
    install(workspace, shop(bill={"kind": kinds("乙")}))
    assert changes(workspace) == {}
    install(workspace, shop(bill={"kind": kinds("乙"), "word": computed("LABEL(kind)", TEXT)}))
    recomputed(workspace)
    install(workspace, shop(bill={"kind": kinds("丙"), "word": computed("LABEL(kind)", TEXT)}))
    (word,) = changes(workspace)[BILL].fields
    assert [(each.before, each.after) for each in word.largest] == [("乙", "丙")]


def test_words_and_lines_are_compared_too(workspace: Workspace) -> None:
    install(workspace, shop(bill={"word": computed('"a" & name', TEXT)}))
    a_bill(workspace, "b")
    install(workspace, shop(bill={"word": None, "name": None}, entity={"x-title": '"all"'}))
    (change,) = changes(workspace).values()
    assert change.changed == 1
    told = {each.field.key: each for each in change.fields}
    assert {key: (each.count, each.before, each.after) for key, each in told.items()} == {
        "word": (1, None, None),
        "name": (1, None, None),
    }
    assert (told["word"].largest[0].before, told["word"].largest[0].after) == ("ab", None)


def test_another_title_is_a_change(workspace: Workspace) -> None:
    install(workspace, shop())
    a_bill(workspace, "b")
    install(workspace, shop(entity={"x-title": '"all"'}))
    (change,) = changes(workspace).values()
    assert (change.changed, change.fields) == (1, ())


def test_what_cannot_be_brought_along_is_counted_and_some_of_it_named(workspace: Workspace) -> None:
    install(workspace, shop())
    for number in range(SHOWN + 2):
        a_bill(workspace, f"b{number}")
    a_bill(workspace, "small", "1")
    rule = {"key": "low", "assert": "total < 50", "message": "{total}"}
    install(workspace, shop(WITH_TAX, entity={"x-rules": [rule]}))
    (change,) = changes(workspace).values()
    assert (change.changed, change.refused, len(change.troubles)) == (1, SHOWN + 2, SHOWN)
    assert [each.sentence for each in change.troubles[0].problems] == ["113.00"]


def test_only_so_many_are_looked_at_and_it_says_so(workspace: Workspace) -> None:
    install(workspace, shop())
    for number in range(SHOWN + 2):
        a_bill(workspace, f"b{number}", str(number + 1))
    an_order(workspace, submitted=False)
    install(workspace, shop(WITH_TAX))
    told = preview(workspace, None, "shop", limit=SHOWN + 1)
    assert (told.drafts, told.looked_at, told.edition) == (SHOWN + 3, SHOWN + 1, 2)
    bill, order = told.entities
    assert (order.entity.name, order.looked_at, order.total) == (ORDER, 0, 1) or bill.looked_at == SHOWN
    assert max(len(each.largest) for change in told.entities for each in change.fields) == SHOWN


def test_only_administrators_may_ask(workspace: Workspace) -> None:
    install(workspace, shop())
    with refused(NotAllowed, "permission.administrator"):
        preview(workspace, Actor(login="clerk"), "shop")
    with refused(Unknown, "module.unknown"):
        preview(workspace, ADMIN, "nothing")
