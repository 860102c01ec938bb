"""The contracts of pyproject.toml hold, and each of them notices a forbidden import."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

from tests.house.sources import ROOT

#: Contract → file and the line that breaks it.
BREAKERS: Final = {
    "web-above-engine": ("engine/problems.py", "import web.manifest"),
    "web-layers": ("web/manifest.py", "import web.errors"),
    "engine-layers": ("engine/formula/tree.py", "import engine.fields.text"),
    "engine-without-http": ("engine/usecases/clock.py", "from flask import g"),
    "database-in-store": ("engine/runtime/record.py", "from sqlalchemy import select"),
    "store-behind-usecases": ("web/errors.py", "import engine.store.session"),
}


def _contracts() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [each["id"] for each in settings["tool"]["importlinter"]["contracts"]]


def _lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [argument for each in contracts for argument in ("--contract", each)]
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo", *chosen]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def another_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in ("engine", "web"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("static", "__pycache__"))
    return folder


def test_every_contract_holds() -> None:
    checked = _lint(ROOT)
    assert checked.returncode == 0, checked.stdout


def test_every_contract_has_a_breaker() -> None:
    assert set(_contracts()) == set(BREAKERS)


@pytest.mark.parametrize("contract", BREAKERS)
def test_a_forbidden_import_breaks(contract: str, another_house: Path) -> None:
    name, line = BREAKERS[contract]
    path = another_house / name
    whole = path.read_text(encoding="utf-8")
    path.write_text(f"{whole}\n{line}\n", encoding="utf-8")
    try:
        checked = _lint(another_house, contract)
    finally:
        path.write_text(whole, encoding="utf-8")
    assert checked.returncode == 1, checked.stdout
    assert line.split()[1] in checked.stdout


@pytest.mark.parametrize("package", ["engine", "web"])
def test_a_new_package_needs_a_place(package: str, another_house: Path) -> None:
    stray = another_house / package / "somewhere.py"
    stray.write_text('"""Nobody said where this stands."""\n', encoding="utf-8")
    try:
        checked = _lint(another_house, f"{package}-layers")
    finally:
        stray.unlink()
    assert checked.returncode == 1, checked.stdout
    assert "somewhere" in checked.stdout
