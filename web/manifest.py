"""Addresses of the built front-end files, for templates: `asset("app.js")` and `icon("inbox")`."""

import json
from functools import cache
from importlib.resources import files

from flask import Flask, url_for
from markupsafe import Markup


def install(app: Flask) -> None:
    """Let the templates of `app` name built files; their addresses change with their content."""
    app.jinja_env.globals.update(asset=asset, icon=icon)


def asset(name: str) -> str:
    """Address of a built file. Raises `FileNotFoundError` when the front end has not been built (`npm run build`)."""
    return url_for("static", filename=f"dist/{_manifest()[name]}")


def icon(name: str) -> Markup:
    """An icon beside words, so hidden from screen readers; the build puts what templates name into one sprite."""
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(asset("icons.svg"), name)


@cache
def _manifest() -> dict[str, str]:
    text = files("web").joinpath("static/dist/manifest.json").read_text(encoding="utf-8")
    read: dict[str, str] = json.loads(text)
    return read
