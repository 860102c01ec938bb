"""Plays the scenarios of a published module, each in an empty workspace in memory with the modules in force."""

from engine.store import editions
from engine.store.database import in_memory
from engine.store.session import Workspace
from engine.usecases.deployment import read_texts
from engine.usecases.modules.in_force import in_force
from engine.usecases.modules.play import Result, play, scenarios
from engine.usecases.modules.publish import publish_module, required_first


def play_all(workspace: Workspace, module: str) -> list[Result]:
    """Every story of the module in force."""
    with workspace.read() as session:
        compiled = in_force(session)
        tested = editions.compiled(session, editions.edition(session, module)).definition
    modules = required_first(each.definition for each in compiled.values())
    results = []
    for story in scenarios(tested).values():
        empty = Workspace(module, in_memory(), clock=workspace.clock, new_id=workspace.new_id, reader=read_texts)
        with empty.write() as session:
            session.found(title=module, zone="Asia/Shanghai", language="zh_CN")
            for each in modules:
                publish_module(session, each, by="")
        results.append(play(story, module, empty))
        empty.database.dispose()
    return results
