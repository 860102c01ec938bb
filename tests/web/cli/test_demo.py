"""The demo company: made at once or not at all, and left alone the second time."""

import socket
from pathlib import Path

import pytest

from engine.problems import Conflict, Problem
from engine.usecases import demo as demo_company
from engine.usecases.clock import new_id, now
from engine.usecases.deployment import Deployment
from engine.usecases.modules.publish import shipped_modules
from engine.usecases.people.sign_in import sign_in_with_password
from tests.web.cli.conftest import Run


def test_the_demo_is_made_once_with_a_login_for_each_role(run: Run, folder: Path) -> None:
    first = run("demo", "--no-serve")
    assert (first.status, first.err) == (0, [])
    header, *logins = first.out
    assert header.split()[:3] == ["login", "password", "role"]
    roles = {each.split()[2] for each in logins}
    declared = {role.key for module in shipped_modules() for role in module.roles}
    assert roles == declared | {"administrator"}
    deployment = Deployment("sqlite:///./var", clock=now, new_id=new_id)
    login, password = logins[0].split()[:2]
    assert sign_in_with_password(deployment.workspace("demo"), login, password, address="")
    modules = run("module", "list").out
    assert len(modules) == len(shipped_modules())
    assert run("verify").status == 0
    before = (folder / "var/demo.db").read_bytes()
    assert run("demo", "--no-serve") == first
    assert (folder / "var/demo.db").read_bytes() == before
    assert run("module", "list").out == modules
    for each in modules:
        key = each.split("\t")[0]
        assert run("module", "test", key).status == 0


def test_a_demo_that_fails_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise Conflict(Problem("record.in_use"))

    monkeypatch.setattr(demo_company, "_play", fail)
    deployment = Deployment(f"sqlite:///{folder}", clock=now, new_id=new_id)
    with pytest.raises(Conflict):
        demo_company.demo(deployment)
    assert deployment.slugs() == ()


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_where_something_is_served_already_nothing_else_is(run: Run, folder: Path, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        said = run(command, "--bind", address)
    assert said.status == 1
    assert said.err[0].startswith(f"serve.taken: Nothing can be served at {address} (")
    assert not (folder / "var").exists()


@pytest.mark.parametrize("bind", ["8000", ":8000", "localhost", "127.0.0.1:http", ""])
def test_what_is_no_address_is_refused(run: Run, bind: str) -> None:
    assert run("serve", "--bind", bind).err == [
        f"serve.address: “{bind}” is no address to serve at; one is 127.0.0.1:8000."
    ]
