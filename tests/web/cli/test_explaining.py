"""How a value comes about, told in a terminal."""

import pytest

from engine.usecases.actor import Actor
from engine.usecases.clock import new_id, now
from engine.usecases.deployment import Deployment
from engine.usecases.records.create import create
from tests.web.cli.conftest import Run


@pytest.fixture
def number(run: Run, company: str) -> str:
    """The number of a repair that a mechanic has made."""
    run("user", "add", "boss", "--name", "老板", "--roles", "administrator")
    run("user", "add", "fitter", "--name", "钳工", "--roles", "mechanic")
    run("user", "add", "other", "--name", "焊工", "--roles", "mechanic")
    deployment = Deployment("sqlite:///./var", clock=now, new_id=new_id)
    workspace = deployment.workspace(company)
    machine = create(workspace, Actor(login="boss"), "plant/machine", {"code": "M1", "name": "塔吊"}).record
    parts = [{"name": "螺栓", "quantity": "2", "price": "1.50"}, {"name": "螺母", "quantity": "3", "price": "2"}]
    made = create(workspace, Actor(login="fitter"), "plant/repair", {"machine": machine.id, "parts": parts}).record
    deployment.close()
    return made.number


def test_a_value_is_told_with_the_parts_of_its_formula_indented(run: Run, number: str) -> None:
    told = [
        "合计 (total) = 9.00",
        "  SUM(parts.amount) = 9.00",
        "    parts.amount (配件.金额)",
        "      1 螺栓 = 3.00",
        "      2 螺母 = 6.00",
    ]
    assert run("explain", "plant.repair", number, "total") == (0, told, [])
    assert run("explain", "plant/repair", number, "total", "--as", "fitter") == (0, told, [])


def test_the_terminal_speaks_the_language_of_its_settings(
    run: Run, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert run("explain", "plant.repair", number, "parts.0.amount").out[-1] == "      price (单价) = 1.50"
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert run("explain", "plant.repair", number, "hours").out == ["工时 (hours) = —"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("plant.repair", "WX-9999", "total"), "record.unknown: "),
        (("plant.machines", "WX-0001", "total"), "entity.unknown: "),
        (("plants.repair", "WX-0001", "total"), "module.unknown: "),
        (("plant.repair", "WX-0001", "totl"), "field.unknown: There is no field “totl” here; known: total, "),
        (("plant.repair", "WX-0001", "total", "--as", "nobody"), "permission.inactive: "),
        (("plant.repair", "WX-0001", "total", "--as", "other"), "record.unknown: "),
        (("plant.repair", "WX-0001", "cost", "--as", "fitter"), "field.unknown: "),
    ],
)
def test_what_cannot_be_explained_is_refused_in_a_line(
    run: Run, number: str, arguments: tuple[str, ...], line: str
) -> None:
    assert number == "WX-0001"
    said = run("explain", *arguments)
    assert (said.status, said.out, len(said.err)) == (1, [], 1)
    assert said.err[0].startswith(line)
