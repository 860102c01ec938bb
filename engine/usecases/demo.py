"""The demo company: every shipped module, sample people and records, one login per role."""

from typing import Final

from engine.definition.model import Module
from engine.runtime.organisation import ADMINISTRATOR, Organisation
from engine.store.people import directory
from engine.store.session import Workspace
from engine.usecases.deployment import Deployment
from engine.usecases.modules.publish import publish_module, shipped_modules
from engine.usecases.modules.samples import Player
from engine.usecases.people.save import Entry, organisation, save_people
from engine.usecases.people.sign_in import set_common_password

SLUG: Final = "demo"
TITLE: Final = "滨江建设"
#: The same for everybody: it is a demo, on one's own machine.
PASSWORD: Final = "dougong-demo"  # noqa: S105
ADMIN: Final = "admin"


def demo(deployment: Deployment, *, reset: bool = False) -> tuple[Workspace, Organisation]:
    """The demo workspace, made when it is not there yet; its modules are brought up to date in any case."""
    if reset and SLUG in deployment.slugs():
        deployment.delete(SLUG)
    if SLUG in deployment.slugs():
        _publish(deployment.workspace(SLUG))
    else:
        _make(deployment)
    workspace = deployment.workspace(SLUG)
    return workspace, organisation(workspace)


def _make(deployment: Deployment) -> None:
    """All of it or, when something comes in between, nothing."""
    workspace = deployment.create(SLUG, title=TITLE)
    try:
        _play(workspace, _publish(workspace))
    except BaseException:
        deployment.delete(SLUG)
        raise


def _publish(workspace: Workspace) -> tuple[Module, ...]:
    modules = shipped_modules()
    for module in modules:
        with workspace.write() as session:
            publish_module(session, module, by="")
    return modules


def _play(workspace: Workspace, modules: tuple[Module, ...]) -> None:
    with workspace.write() as session:
        save_people(session, [Entry(login=ADMIN, name="管理员", roles=(ADMINISTRATOR,))])
    player = Player(workspace, ADMIN)
    for module in modules:
        player.enter_people(module)
    with workspace.write() as session:
        set_common_password(session, directory.organisation(session).people, PASSWORD)
    for module in modules:
        player.make_records(module)
