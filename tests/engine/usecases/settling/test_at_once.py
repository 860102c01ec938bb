"""Several processes change records that depend on each other: no deadlock, nothing lost, whatever the order."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

from engine.problems import Busy, Refused
from engine.usecases.attach import Folder
from engine.usecases.deployment import Deployment
from engine.usecases.modules.publish import publish_module
from engine.usecases.records.create import create
from engine.usecases.records.look import get
from engine.usecases.records.save import save
from tests.company import a_deployment
from tests.engine.usecases.settling.ledger import ledger
from tests.engine.usecases.settling.site import ADMIN, Site, at_once

PROCESSES: Final = 4
STEPS: Final = 15
TRIES: Final = 20


def work(url: str, slug: str, seed: int, contracts: Sequence[str], codes: Sequence[str]) -> Counter[str]:
    """Payments of contracts, bills that move between codes, and codes that move in their tree, as chance has it."""
    deployment, random = a_deployment(url), Random(seed)
    workspace, told = deployment.workspace(slug), Counter[str]()
    for step in range(STEPS):
        kind = random.choice(("pay", "bill", "tree"))
        for _ in range(TRIES):
            try:
                if kind == "pay":
                    month, value = random.randrange(1, 9), str(random.randrange(1, 100))
                    values = {"contract": random.choice(contracts), "month": month, "value": value, "final": False}
                    create(workspace, ADMIN, "ledger/payment", values)
                elif kind == "bill":
                    items = [{"quantity": "1", "price": str(step), "code": random.choice(codes)} for _ in range(2)]
                    create(workspace, ADMIN, "site/bill", {"items": items})
                else:
                    # Leaves move between branches; the first two are the branches.
                    leaf, branch = random.choice(codes[2:]), random.choice(codes[:2])
                    revision = get(workspace, ADMIN, "site/code", leaf).record.revision
                    save(workspace, ADMIN, "site/code", leaf, {"parent": branch}, revision=revision)
            except (Busy, Refused) as refusal:
                told[refusal.problems[0].code] += 1
            else:
                told[kind] += 1
                break
    deployment.close()
    return told


def test_what_depends_on_each_other_is_right_whoever_comes_first(
    url: str, deployment: Deployment, tmp_path: Path
) -> None:
    site = Site(deployment, Folder(tmp_path / "files"))
    with site.workspace.write() as session:
        publish_module(session, ledger(), by="")
    terms = {"price": "1000", "advance": "100", "start": "300", "retention": "0"}
    schedule = [{"step": 0, "share": "0"}, {"step": 1, "share": "0.5"}, {"step": 3, "share": "0"}]
    contracts = [
        create(site.workspace, ADMIN, "ledger/contract", {**terms, "schedule": schedule}).record.id for _ in range(2)
    ]
    branches = [site.make("code", name=name) for name in "AB"]
    codes = [*branches, *(site.make("code", name=str(number), parent=branches[0]) for number in range(3))]
    told: Counter[str] = sum(
        at_once(work, ((url, site.workspace.slug, seed, contracts, codes) for seed in range(PROCESSES))), Counter()
    )
    assert told["pay"] + told["bill"] + told["tree"] == PROCESSES * STEPS
    assert set(told) <= {"pay", "bill", "tree", "record.stale", "database.busy"}
    assert site.findings() == []
    deployment.delete(site.workspace.slug)
