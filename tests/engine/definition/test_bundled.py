import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.definition import bundled as module
from engine.definition.bundled import bundled


def test_in_a_checkout_the_meta_schemas_stand_beside_the_engine() -> None:
    assert (bundled("schemas") / "module.schema.json").is_file()


@pytest.mark.parametrize("name", ["schemas", "modules"])
def test_an_installed_engine_carries_them_inside(tmp_path: Path, name: str) -> None:
    definition = tmp_path / "engine" / "definition"
    definition.mkdir(parents=True)
    for package in (definition, definition.parent):
        (package / "__init__.py").touch()
    shutil.copy(module.__file__, definition)
    packaged = definition.parent / "_bundled" / name
    packaged.mkdir(parents=True)
    script = f"from engine.definition.bundled import bundled; print(bundled({name!r}))"
    ran = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(ran.stdout.strip()) == packaged
