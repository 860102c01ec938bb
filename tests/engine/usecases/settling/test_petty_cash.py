"""The petty cash of the format's example: amounts, the rollup of an account and its ceiling, as its scenario says.

Only where the example is at hand; what later versions run is left out of its workflow.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from engine.definition.model import Json
from engine.definition.read import read, read_folder
from engine.usecases.attach import Folder
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.modules.play import play
from engine.usecases.modules.publish import publish_module, shipped_modules
from engine.usecases.verify import verify
from tests.company import a_slug

EXAMPLE: Final = Path(__file__).parents[5] / "shared" / "example-module"
pytestmark = pytest.mark.skipif(not EXAMPLE.exists(), reason="the example of the format is not at hand")


def files() -> dict[str, bytes]:
    """The example without reminders, signatures and reports."""
    texts = {each.relative_to(EXAMPLE).as_posix(): each.read_bytes() for each in EXAMPLE.rglob("*") if each.is_file()}
    workflow, module = (json.loads(texts[path]) for path in ("workflows/claim.json", "module.json"))
    del workflow["states"]["custodian"]["timers"]
    del workflow["states"]["leads"]["requires"]["signature"]
    module["menu"] = [entry for entry in module["menu"] if "view" in entry]
    changed = {"workflows/claim.json": workflow, "module.json": module}
    return texts | {path: json.dumps(each).encode() for path, each in changed.items()}


def story() -> dict[str, Any]:
    """Its scenario without the signature that is refused when it is missing, and without files."""
    told: dict[str, Any] = json.loads((EXAMPLE / "scenarios" / "claim.json").read_text("utf-8"))
    steps = [step for step in told["steps"] if "signature.required" not in str(step.get("expect"))]
    return {**told, "steps": [_without_signature(step) for step in steps]}


def _without_signature(step: dict[str, Json]) -> dict[str, Json]:
    values = {key: each for key, each in step.get("values", {}).items() if key != "invoice"}
    kept = {key: each for key, each in step.items() if key != "signature"}
    return {**kept, "values": values} if "values" in step else kept


@pytest.fixture
def company(deployment: Deployment) -> Iterator[Workspace]:
    made = deployment.create(a_slug(), title="滨江建设")
    shipped = {each.key: each for each in shipped_modules()}
    given = files()
    entity = json.loads(given["entities/claim.json"])
    del entity["properties"]["invoice"]["x-required"]
    with made.write() as session:
        publish_module(session, shipped["core"], by="")
        publish_module(session, read(given | {"entities/claim.json": json.dumps(entity).encode()}), by="")
    yield made
    deployment.delete(made.slug)


def test_the_account_of_the_example_keeps_its_balance_and_its_ceiling(company: Workspace, tmp_path: Path) -> None:
    told = story()
    assert any("rule.not_overdrawn" in str(step) for step in told["steps"])
    assert play(told, read_folder(EXAMPLE).key, company).mismatches == ()
    assert list(verify(company, Folder(tmp_path))) == []
