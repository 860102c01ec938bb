"""Settings from the environment, and from `.env` beside it."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

import msgspec
from dotenv import find_dotenv, load_dotenv

from engine.usecases.clock import new_id, now

DATABASE: Final = "sqlite:///./var"
FILES: Final = "./var/files"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation decides."""

    #: As `DOUGONG_DATABASE`.
    database: str
    secret_key: str
    #: Where the content of uploaded files lies.
    files: Path
    clock: Callable[[], datetime] = now
    new_id: Callable[[], str] = new_id
    #: Cookies only over HTTPS; off for a demo on one's own machine.
    secure_cookies: bool = False


def settings() -> Settings:
    """What `DOUGONG_DATABASE`, `DOUGONG_FILES` and `DOUGONG_SECRET_KEY` say, or what serves one machine."""
    load_dotenv(find_dotenv(usecwd=True))
    files = Path(os.environ.get("DOUGONG_FILES") or FILES)
    return Settings(
        database=os.environ.get("DOUGONG_DATABASE") or DATABASE,
        secret_key=os.environ.get("DOUGONG_SECRET_KEY") or _kept_key(files.parent / "secret_key"),
        files=files,
        secure_cookies=os.environ.get("DOUGONG_SECURE_COOKIES") == "1",
    )


def _kept_key(path: Path) -> str:
    """A key made once and kept for its owner only."""
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="ascii", dir=path.parent) as made:
            made.write(secrets.token_hex(32))
            made.flush()
            # Of several processes that start at the same moment one gives its key to all.
            with suppress(FileExistsError):
                os.link(made.name, path)
        return path.read_text(encoding="ascii")
