"""The network is closed for tests, except on this machine."""

import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_another_machine_cannot_be_reached(host: str) -> None:
    with pytest.raises(RuntimeError, match="do not leave this machine"):
        socket.create_connection((host, 80), timeout=1)


def test_an_address_needs_no_look_up_to_be_refused() -> None:
    with socket.socket() as far, pytest.raises(RuntimeError, match="do not leave this machine"):
        far.connect(("192.0.2.1", 80))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()
