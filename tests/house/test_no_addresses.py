"""Whoever checks this out brings an own registry and own folders: no file of ours names somebody else's."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.house.sources import ROOT, shown, written

#: Addresses from which packages are fetched, and options that name one. Written so that this file is not found itself.
REGISTRY: Final = re.compile(
    rb"registry[.](npmjs|yarnpkg)|npmmirror[.]|pypi[.]org/simple|files[.]pythonhosted"
    rb"|(deb|security)[.]debian[.]org|--(extra-)?index-url|--find[-]links|^index-url|^registry *=",
    re.MULTILINE,
)
#: Folders that exist on one machine only.
HOME: Final = re.compile(rb"(?<![\w./-])/(root|home/\w+|Users/\w+|work)/[\w.]")


def addresses(paths: Iterable[Path]) -> Iterator[str]:
    here = [str(each).encode() for each in (ROOT, Path.home()) if len(each.parts) > 2]
    for path in paths:
        text = path.read_bytes()
        found = [match[0] for pattern in (REGISTRY, HOME) if (match := pattern.search(text))]
        found += [place for place in here if place in text]
        yield from (f"{shown(path)}: {each.decode()}" for each in found)


def test_no_file_names_a_registry_or_a_machine() -> None:
    assert not [*addresses(written())]


def test_the_lock_file_names_versions_and_digests_only() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = [entry for name, entry in packages.items() if name]
    assert fetched
    assert all("integrity" in entry and "resolved" not in entry for entry in fetched)


def test_the_constraints_are_plain_pins() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [line for line in pins if not re.fullmatch(r"[a-z0-9-]+==[a-z0-9.]+", line)] == []


def test_everything_that_is_asked_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = re.findall(r"^(.+)==", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert {re.split(r"[\[=<>~ ]", each)[0] for each in asked} - {*pinned} == set()


@pytest.mark.parametrize(
    "line",
    ["https://" + "registry." + "npmjs.org/", "pip install --" + "index-url x", f"{ROOT}/var", "see /" + "home/me/x"],
)
def test_an_address_is_noticed(line: str, tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text(line, encoding="utf-8")
    assert [*addresses(written(tmp_path))]
