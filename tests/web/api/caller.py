"""Somebody who calls the API; every answer is held to the description of the API."""

from collections.abc import Mapping

from flask import Flask
from werkzeug.test import TestResponse

from engine.definition.model import Json
from tests.web.api.conformance import Description

BASE = "/api/v1"


class Caller:
    """A program with a token. Each call has a client of its own, so threads may share a caller."""

    def __init__(self, app: Flask, token: str) -> None:
        self._app, self._token = app, token
        self._description: Description | None = None

    @property
    def description(self) -> Description:
        """What the API says of itself to this caller."""
        if self._description is None:
            document = self._send("GET", "/openapi.json").json
            self._description = Description(document)
        return self._description

    def call(
        self, method: str, path: str, *, status: int | None = None, headers: Mapping[str, str] = {}, **sent: Json
    ) -> TestResponse:
        """The answer, which conforms to the description, and has this status when one is given."""
        answer = self._send(method, path, headers=headers, **sent)
        assert answer.status_code < 500, answer.text
        assert status in (None, answer.status_code), answer.text
        assert [*self.description.faults(method, path.partition("?")[0], answer)] == []
        return answer

    def get(self, path: str, *, status: int = 200, **query: Json) -> Json:
        """The JSON of a GET."""
        return self.call("GET", path, status=status, query_string=query).json

    def post(self, path: str, body: Json = None, *, status: int | None = None, key: str = "") -> TestResponse:
        """A POST of a JSON body."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, status=status, json={} if body is None else body, headers=headers)

    def create(self, entity: str, *, status: int = 201, key: str = "", **values: Json) -> Json:
        """A new record, or the refusal."""
        return self.post(f"/{entity}", {"values": values}, status=status, key=key).json

    def patch(self, path: str, revision: int | str, *, status: int = 200, **values: Json) -> Json:
        """A change under `If-Match`."""
        headers = {"If-Match": f'"{revision}"'}
        return self.call("PATCH", path, status=status, json={"values": values}, headers=headers).json

    def delete(self, path: str, revision: int | str, *, status: int = 204) -> TestResponse:
        """A deletion under `If-Match`."""
        return self.call("DELETE", path, status=status, headers={"If-Match": f'"{revision}"'})

    def act(self, record: Json, action: str, *, status: int = 200, key: str = "", **said: Json) -> Json:
        """An action on a record."""
        return self.post(f"{address(record)}/actions/{action}", said, status=status, key=key).json

    def _send(self, method: str, path: str, *, headers: Mapping[str, str] = {}, **sent: Json) -> TestResponse:
        held = {"Authorization": f"Bearer {self._token}", "Accept-Language": "en", **headers}
        return self._app.test_client().open(BASE + path, method=method, headers=held, **sent)


def address(record: Json) -> str:
    """Where a record stands."""
    return f"/{record['entity']}/{record['id']}"


def problems(answer: Json) -> list[tuple[str, str]]:
    """Code and pointer of each problem."""
    return [(each["code"], each["pointer"]) for each in answer["problems"]]
