"""Records of a module brought to the formulas in force: how far that is, starting and cancelling it."""

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response

from engine.problems import Problem
from engine.usecases.recompute.outdated import outdated_records
from engine.usecases.recompute.start import Recomputing, cancel, recomputing, start
from web.answers import json_answer
from web.request import actor, workspace
from web.words import sentence

recompute: Final = Blueprint("api_recompute", __name__)


@recompute.get("/modules/<module>/recompute")
def read(module: str) -> Response:
    """How many records could be brought along, and how far the newest job is."""
    return _answer(module)


@recompute.post("/modules/<module>/recompute")
def begin(module: str) -> Response:
    """Leave it to a worker; a conflict while it is under way."""
    start(workspace(), actor(), module)
    return _answer(module, HTTPStatus.ACCEPTED)


@recompute.delete("/modules/<module>/recompute")
def stop(module: str) -> Response:
    """Go no further."""
    cancel(workspace(), actor(), module)
    return _answer(module)


def _answer(module: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    outdated = outdated_records(workspace(), actor(), module)
    found = recomputing(workspace(), actor(), module)
    return json_answer({"outdated": outdated, "job": _job(found) if found else None}, status)


def _job(found: Recomputing) -> dict[str, Any]:
    job, progress = found.job, found.progress
    troubles = progress.troubles if progress else ()
    return {
        "state": job.state,
        "held": found.is_held,
        "created_at": job.created_at,
        "ended_at": job.ended_at,
        "problem": _problem(found.problem) if found.problem else None,
        "total": progress.total if progress else 0,
        "done": progress.done if progress else 0,
        "changed": progress.changed if progress else 0,
        "refused": progress.refused if progress else 0,
        "staying": progress.staying if progress else 0,
        "left": [
            {"entity": each.entity, "id": each.record_id, "problems": [_problem(problem) for problem in each.problems]}
            for each in troubles
        ],
    }


def _problem(problem: Problem) -> dict[str, str]:
    return {"code": problem.code, "pointer": problem.pointer, "message": sentence(problem)}
