"""The buttons of a plain life cycle: guarded by people and a condition, without seats or votes."""

from engine.compile.machine import trigger
from engine.definition.model import Action as Button
from engine.formula.errors import FormulaFailed
from engine.problems import Conflict, NotAllowed, Problem
from engine.runtime.approval.actions import Action
from engine.runtime.approval.ask import expand
from engine.runtime.approval.case import Case, take_values, want_comment, wants_values, wrong_state
from engine.runtime.approval.course import Course
from engine.runtime.permit import button_access, permit
from engine.runtime.record import Decision
from engine.runtime.world import facts


def pressed(button: Button) -> Action:
    """Pressing the button, as an action."""

    def check(case: Case) -> None:
        if case.state is None or button not in case.state.actions:
            raise wrong_state(case)
        _want_person(case, button)
        _want_condition(case, button)

    def perform(course: Course, case: Case, decision: Decision) -> None:
        if button.comment:
            want_comment(decision)
        if decision.values or wants_values(case.state):
            rights = button_access(case.person, case.entity, case.record, case.world)
            take_values(course, case, decision, rights)
        course.tell("action", action=button.key, comment=decision.comment, state=case.record.state)
        course.fire(trigger(button.key))

    return Action(check, perform, wants_values)


def _want_person(case: Case, button: Button) -> None:
    """Whoever `who` names; without it, whoever may change the record."""
    if not button.who:
        if problem := permit(case.person, "update", case.entity, case.record, case.world):
            raise NotAllowed(problem)
        return
    assert case.entity.workflow is not None
    reading = facts(case.entity, case.record, case.world, actor=case.person.login)
    starter = case.record.run.starter if case.record.run else case.record.created_by
    named = (
        login
        for selector in button.who
        for login in expand(selector, case.entity.workflow, reading, starter, case.world.organisation)
    )
    if case.person.login not in named:
        raise NotAllowed(Problem("workflow.not_for_you", "", {"action": button.title}))


def _want_condition(case: Case, button: Button) -> None:
    if not button.when:
        return
    assert case.entity.workflow is not None
    condition = case.entity.workflow.conditions[button.when]
    try:
        holds = condition.evaluate(facts(case.entity, case.record, case.world, actor=case.person.login))
    except FormulaFailed as failure:
        raise Conflict(failure.problem(button.when)) from failure
    if holds is not True:
        raise Conflict(Problem("workflow.condition", "", {"condition": button.when}))
