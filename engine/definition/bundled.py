"""Where the files stand that come with the program: the meta-schemas and the modules it ships with."""

from importlib.resources import files
from pathlib import Path
from typing import Literal


def bundled(name: Literal["schemas", "modules"]) -> Path:
    """The folder inside the installed package, or in a checkout the one beside `engine/`."""
    engine = Path(str(files("engine")))
    packaged = engine / "_bundled" / name
    return packaged if packaged.is_dir() else engine.parent / name
