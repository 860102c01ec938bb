"""The command line in a folder of its own, with a database of its own."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.company import PLANT
from web.cli import main
from web.cli.speech import SETTINGS


class Said(NamedTuple):
    """How a command ended and what it printed, line by line."""

    status: int
    out: list[str]
    err: list[str]


Run = Callable[..., Said]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands run: nothing is there, and nothing of this machine's settings holds."""
    for each in (*SETTINGS, "DOUGONG_DATABASE", "DOUGONG_FILES", "DOUGONG_SECRET_KEY"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command as if it were typed."""

    def typed(*arguments: str | Path, typing: str = "") -> Said:
        assert Path.cwd() == folder
        monkeypatch.setattr("sys.stdin", StringIO(typing))
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Said(ended.value.code, said.out.splitlines(), said.err.splitlines())

    return typed


@pytest.fixture
def company(run: Run) -> str:
    """The only workspace, with the module `plant`."""
    assert run("workspace", "create", "acme", "--title", "滨江建设").status == 0
    assert run("module", "install", PLANT).status == 0
    return "acme"
