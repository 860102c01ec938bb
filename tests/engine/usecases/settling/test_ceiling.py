"""A ceiling holds however many draw on it at once, from several processes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from engine.problems import Busy, Refused
from engine.usecases.attach import Folder
from engine.usecases.deployment import Deployment
from engine.usecases.records.create import create
from tests.company import a_deployment
from tests.engine.usecases.settling.site import ADMIN, Site, at_once

PROCESSES: Final = 8
REQUESTS: Final = 50
#: A request that met a busy database is sent again, as clients do.
TRIES: Final = 20


def draw(url: str, slug: str, contract: str, count: int) -> list[str]:
    """So many bills of a tenth of the contract at once; how each was answered."""
    deployment = a_deployment(url)
    workspace = deployment.workspace(slug)

    def one(_number: int) -> str:
        for _ in range(TRIES):
            try:
                create(
                    workspace, ADMIN, "site/bill", {"contract": contract, "items": [{"quantity": "1", "price": "10"}]}
                )
            except Busy:
                continue
            except Refused as refusal:
                (problem,) = refusal.problems
                return f"{problem.code} {problem.params.get('0 - left')}"
            return "kept"
        return "busy"

    with ThreadPoolExecutor(count) as threads:
        answers = list(threads.map(one, range(count)))
    deployment.close()
    return answers


def test_of_fifty_requests_for_a_tenth_of_what_is_left_ten_pass(
    url: str, deployment: Deployment, tmp_path: Path
) -> None:
    site = Site(deployment, Folder(tmp_path / "files"))
    project = site.make("project", name="P", budget="1000")
    contract = site.make("contract", name="C", project=project, limit="100")
    shares = [REQUESTS // PROCESSES + (number < REQUESTS % PROCESSES) for number in range(PROCESSES)]
    answered = at_once(draw, ((url, site.workspace.slug, contract, share) for share in shares))
    answers = Counter(answer for each in answered for answer in each)
    assert answers == {"kept": 10, "rule.ceiling 10.00": 40}
    assert site.values("contract", contract, "spent", "bills", "left") == ["100", "10", "0"]
    assert site.values("project", project, "spent") == ["100"]
    assert site.findings() == []
    deployment.delete(site.workspace.slug)
