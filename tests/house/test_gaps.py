"""A test that cannot run here says why; where nothing may be missing, it fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.house.sources import ROOT

TESTS: Final = """
import pytest

@pytest.mark.postgres
def test_with_a_database(): ...

@pytest.mark.browser
def test_with_a_browser(): ...

def test_with_nothing(): ...
"""


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "tests/conftest.py", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    return tmp_path


def _run(folder: Path, ci: str) -> str:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    missing = {"DOUGONG_TEST_DATABASE": nowhere, "PATH": str(folder), "CI": ci}
    command = [sys.executable, "-m", "pytest", "-rs", "--no-fold-skipped", "test_it.py"]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **missing}, capture_output=True, text=True, check=False
    ).stdout


def test_what_is_missing_is_named(bare: Path) -> None:
    told = _run(bare, ci="")
    assert "1 passed, 2 skipped" in told
    assert "SKIPPED test_it.py::test_with_a_database - " in told
    assert "no PostgreSQL: " in told
    assert "no browser: none of chromium" in told


def test_the_build_machine_allows_no_gaps(bare: Path) -> None:
    told = _run(bare, ci="true")
    assert "1 passed, 2 errors" in told
    assert told.count("and CI=true allows no gaps") >= 2
