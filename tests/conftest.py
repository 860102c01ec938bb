"""What every test leans on: no network beyond this machine, and a spoken reason for every test that is left out."""

import os
import shutil
import sys
from functools import cache
from typing import Final, NoReturn

import psycopg
import pytest
from hypothesis import HealthCheck, settings

#: Where a build machine runs the tests, nothing that it must have may be missing.
IN_CI: Final = os.environ.get("CI") == "true"
POSTGRES: Final = (
    "postgresql+psycopg://root@127.0.0.1:5432/test",
    "postgresql+psycopg://postgres@127.0.0.1:5432/test",
)
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
LOOPBACK: Final = {"127.0.0.1", "::1", "localhost", "", None}

# Both machines are shared: how long an example takes says nothing about the code.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if IN_CI else "local")


def _stay_home(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""  # a path or a netlink socket stays on the machine
    else:
        return
    if (host.decode() if isinstance(host, bytes) else host) not in LOOPBACK:
        raise RuntimeError(f"tests do not leave this machine, but one asked for {host!r}")


def pytest_configure() -> None:
    """Close the network for good; an audit hook cannot be forgotten or undone."""
    sys.addaudithook(_stay_home)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out a test whose marker names something that is missing here; fail instead where it must be there."""
    for marker, what in (("postgres", _postgres), ("browser", _chromium)):
        if item.get_closest_marker(marker):
            what()


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """Address of a PostgreSQL database in which tests may make schemas; for tests marked `postgres`."""
    return _postgres()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium; for tests marked `browser`."""
    return _chromium()


def _postgres() -> str:
    url, reason = _found_postgres()
    return url or _without(f"no PostgreSQL: {reason} (DOUGONG_TEST_DATABASE names another)")


def _chromium() -> str:
    found = filter(None, map(shutil.which, BROWSERS))
    return next(found, None) or _without(f"no browser: none of {', '.join(BROWSERS)} is installed")


def _without(reason: str) -> NoReturn:
    if IN_CI:
        pytest.fail(f"{reason}, and CI=true allows no gaps", pytrace=False)
    pytest.skip(reason)


@cache
def _found_postgres() -> tuple[str, str]:
    """The first address that answers, or the last reason why none did."""
    given = os.environ.get("DOUGONG_TEST_DATABASE")
    reason = ""
    for url in (given,) if given else POSTGRES:
        try:
            psycopg.connect(url.replace("+psycopg", ""), connect_timeout=3).close()
        except psycopg.OperationalError as error:
            reason = str(error).strip().splitlines()[0]
        else:
            return url, ""
    return "", reason
