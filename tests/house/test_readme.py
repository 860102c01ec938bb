"""What the documents tell a reader to run exists, and what they point to is there."""

import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import click
import pytest

from tests.house.sources import ROOT, shown, written
from web.cli import commands

DOCUMENTS: Final = sorted(path for path in (*ROOT.glob("*.md"), *written(ROOT / "docs")) if path.suffix == ".md")
FENCED: Final = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE: Final = re.compile(r"`([^`\n]+)`")
LINK: Final = re.compile(r"\]\(([^()\s]+)\)")
HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
TARGET: Final = re.compile(r"^([a-z-]+):", re.MULTILINE)
#: Lines of an entry in DECISIONS.md: whatever needs more has not been decided.
ENTRY: Final = 10


def snippets(text: str) -> Iterator[str]:
    for block in FENCED.findall(text):
        yield from block.splitlines()
    yield from INLINE.findall(FENCED.sub("", text))


def unknown_commands(text: str, targets: Iterable[str], program: click.Group) -> Iterator[str]:
    """`make X` without a target X, and `dougong X Y` without such a command or option."""
    for snippet in snippets(text):
        words = shlex.split(snippet, comments=True) if snippet.startswith(("make ", "dougong ")) else []
        if words[:1] == ["make"]:
            goals = [word for word in words[1:] if re.fullmatch("[a-z-]+", word)]
            if set(goals) - set(targets):
                yield snippet
        elif words[:1] == ["dougong"] and not _is_command(program, words[1:]):
            yield snippet


def _is_command(program: click.Group, words: list[str]) -> bool:
    command: click.Command = program
    while isinstance(command, click.Group) and words:
        name, *words = words
        if name not in command.commands:
            return False
        command = command.commands[name]
    options = {option for each in command.params for option in each.opts} | {"--help"}
    return all(word.partition("=")[0] in options for word in words if word.startswith("--"))


def dead_links(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    for link in LINK.findall(FENCED.sub("", text)):
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if "://" in file:
            continue
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            yield f"{shown(path)}: {link}"


def _anchors(path: Path) -> set[str]:
    headings = HEADING.findall(FENCED.sub("", path.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=shown)
def test_every_command_exists(path: Path) -> None:
    targets = TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
    assert [*unknown_commands(path.read_text(encoding="utf-8"), targets, commands)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=shown)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert [*dead_links(path)] == []


def test_a_decision_is_told_in_ten_lines() -> None:
    _, *entries = (ROOT / "DECISIONS.md").read_text(encoding="utf-8").split("\n## ")
    assert entries
    assert [each.splitlines()[0] for each in entries if len(each.strip().splitlines()) > ENTRY] == []


def test_a_command_that_does_not_exist_is_noticed() -> None:
    @click.group
    def program() -> None:
        """Nothing."""

    @program.command
    @click.option("--fast", is_flag=True)
    def go() -> None:
        """Nothing either."""

    block = "```sh\nmake tea  # now\n```\n"
    text = block + "`make go ARGS='-k 1'`, `dougong stop`, `dougong go --slow`, `dougong go HERE --fast`"
    assert [*unknown_commands(text, ["go"], program)] == ["make tea  # now", "dougong stop", "dougong go --slow"]


def test_a_link_to_nowhere_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A title, here\n[a](page.md#a-title-here) [b](#nowhere) [c](gone.md) [d](https://example.org)", "utf-8"
    )
    assert [*dead_links(page)] == ["page.md: #nowhere", "page.md: gone.md"]
