"""Stories of approvals, told step by step: what people do, where the record is then, and who is asked.

A step is (who, what they do, what then holds): `at` the state, `status`, `open` person → states, `votes` of the newest
visit, or `refused` with a code. A step without expectations only has to be allowed.
"""

import pytest

from engine.definition.model import Json
from tests.engine.definitions import END, MONEY, NUMBER, PERSON, an_entity, approval, choice, handling, life, user
from tests.engine.runtime.stage import Stage, a_person

CLAIM = {"amount": MONEY, "n": NUMBER, "person": PERSON}
PEOPLE = [
    a_person("lin", manager="wu", department="site"),
    a_person("wu", manager="zhao", department="site"),
    *map(a_person, ("li", "qian")),
    a_person("zhao"),
    a_person("root", "administrator"),
]
LEAD = {"lead": approval(*user("wu", "li")), "done": END}
ALL = {"lead": approval(*user("wu", "li", "qian"), mode="all"), "done": END}
TURNS = {"lead": approval(*user("wu", "li", "qian"), mode="sequential"), "done": END}
TWO = {"one": approval(*user("wu"), passed="two"), "two": approval(*user("wu", "li"), mode="all"), "done": END}
BACK = {
    "one": approval(*user("wu"), passed="two"),
    "two": approval(*user("li"), on_reject={"return": "start"}),
    "done": END,
}
SIZES = {
    "size": choice(("amount >= 100", "boss"), "desk"),
    "boss": approval(*user("zhao"), passed="desk"),
    "desk": handling(*user("li")),
    "done": END,
}
NOBODY = {"user": "nobody"}


def a_story(states: Json, *steps: Json, values: Json = None, **settings: Json) -> Json:
    return states, settings, values or {}, steps


STORIES = {
    "或签: the first approval settles the step and closes the other task": a_story(
        LEAD,
        ("lin", "submit", {"at": "lead", "status": "running", "open": {"wu": ["lead"], "li": ["lead"]}}),
        ("li", "approve", {"at": "done", "status": "approved", "open": {}, "votes": "wu cancelled, li approved"}),
        ("wu", "approve", {"refused": "workflow.not_running"}),
    ),
    "或签: the first refusal settles it, too": a_story(
        LEAD,
        ("lin", "submit"),
        ("wu", "reject", {"at": "rejected", "status": "rejected", "open": {}, "votes": "wu rejected, li cancelled"}),
    ),
    "会签: everybody must approve, in any order": a_story(
        ALL,
        ("lin", "submit", {"open": {"wu": ["lead"], "li": ["lead"], "qian": ["lead"]}}),
        ("qian", "approve", {"at": "lead", "open": {"wu": ["lead"], "li": ["lead"]}}),
        ("qian", "approve", {"refused": "task.closed"}),
        ("wu", "approve", {"at": "lead", "votes": "wu approved, li open, qian approved"}),
        ("li", "approve", {"at": "done", "status": "approved", "open": {}}),
    ),
    "会签: one refusal ends it at once and leaves nobody waiting": a_story(
        ALL,
        ("lin", "submit"),
        ("wu", "approve"),
        ("li", "reject", {"status": "rejected", "open": {}, "votes": "wu approved, li rejected, qian cancelled"}),
    ),
    "依次: only the person whose turn it is may act": a_story(
        TURNS,
        ("lin", "submit", {"open": {"wu": ["lead"]}}),
        ("li", "approve", {"refused": "task.not_yours"}),
        ("wu", "approve", {"open": {"li": ["lead"]}, "votes": "wu approved, li open, qian waiting"}),
        ("wu", "approve", {"refused": "task.closed"}),
        ("li", "approve", {"open": {"qian": ["lead"]}}),
        ("qian", "approve", {"status": "approved"}),
    ),
    "依次: after a refusal later people are never asked": a_story(
        TURNS,
        ("lin", "submit"),
        ("wu", "reject", {"status": "rejected", "votes": "wu rejected, li cancelled, qian cancelled"}),
    ),
    "somebody else decides nothing": a_story(
        LEAD,
        ("lin", "submit"),
        ("qian", "approve", {"refused": "task.not_yours"}),
        ("root", "approve", {"refused": "task.not_yours"}),
        ("lin", "reject", {"refused": "task.not_yours"}),
    ),
    "条件分支: the first condition that holds": a_story(
        SIZES,
        ("lin", "submit", {"at": "boss", "open": {"zhao": ["boss"]}}),
        ("zhao", "approve", {"at": "desk", "open": {"li": ["desk"]}}),
        ("li", "approve", {"status": "approved"}),
        values={"amount": 100},
    ),
    "条件分支: the default": a_story(SIZES, ("lin", "submit", {"at": "desk"}), values={"amount": 99}),
    "条件分支: a blank value is no answer": a_story(
        SIZES, ("lin", "submit", {"refused": "workflow.blank_condition", "at": "draft", "open": {}})
    ),
    "a condition that has no value is no answer": a_story(
        {"size": choice(("1 / n > 0", "done"), "done"), "done": END},
        ("lin", "submit", {"refused": "formula.division_by_zero", "at": "draft"}),
        values={"n": 0},
    ),
    "办理: nobody can refuse": a_story(
        {"pay": handling(*user("wu")), "done": END},
        ("lin", "submit", {"open": {"wu": ["pay"]}}),
        ("wu", "reject", {"refused": "workflow.wrong_state"}),
        ("wu", "approve", {"status": "approved"}),
    ),
    "审批人为空: pass by rule": a_story(
        {"lead": approval(NOBODY, on_empty="pass"), "done": END},
        ("lin", "submit", {"at": "done", "status": "approved", "votes": ""}),
    ),
    "审批人为空: to the administrator": a_story(
        {"lead": approval(NOBODY), "done": END}, ("lin", "submit", {"at": "lead", "open": {"root": ["lead"]}})
    ),
    "审批人为空: reject by rule always ends it": a_story(
        {"lead": approval(NOBODY, on_empty="reject", on_reject={"return": "start"}), "done": END},
        ("lin", "submit", {"at": "rejected", "status": "rejected", "open": {}}),
    ),
    "审批人为空: also where nobody can refuse": a_story(
        {"pay": handling(NOBODY, on_empty="reject"), "done": END}, ("lin", "submit", {"status": "rejected"})
    ),
    "发起人自审: others decide": a_story(
        {"lead": approval(*user("lin", "wu"), mode="all"), "done": END},
        ("lin", "submit", {"open": {"wu": ["lead"]}}),
        ("wu", "approve", {"status": "approved"}),
    ),
    "发起人自审: alone, the step passes by rule": a_story(
        {"lead": approval(*user("lin"), on_empty="reject"), "done": END}, ("lin", "submit", {"status": "approved"})
    ),
    "发起人自审: allowed": a_story(
        {"lead": approval(*user("lin")), "done": END},
        ("lin", "submit", {"open": {"lin": ["lead"]}}),
        ("lin", "approve", {"status": "approved"}),
        self="allow",
    ),
    "去重: who has just approved is not asked again, the others are": a_story(
        TWO,
        ("lin", "submit"),
        ("wu", "approve", {"at": "two", "open": {"li": ["two"]}, "votes": "wu approved, li open"}),
        ("li", "approve", {"status": "approved"}),
    ),
    "去重: switched off": a_story(
        TWO, ("lin", "submit"), ("wu", "approve", {"open": {"wu": ["two"], "li": ["two"]}}), dedupe="none"
    ),
    "去重 consecutive: only by the last step that people settled": a_story(
        {
            "one": approval(*user("wu"), passed="two"),
            "two": approval(*user("li"), passed="rule"),
            "rule": approval(NOBODY, on_empty="pass", passed="three"),
            "three": approval(*user("wu", "li"), mode="all"),
            "done": END,
        },
        ("lin", "submit"),
        ("wu", "approve"),
        ("li", "approve", {"at": "three", "open": {"wu": ["three"]}}),
    ),
    "去重 once: by any step before": a_story(
        {
            "one": approval(*user("wu"), passed="two"),
            "two": approval(*user("li"), passed="three"),
            "three": approval(*user("wu", "li"), mode="sequential"),
            "done": END,
        },
        ("lin", "submit"),
        ("wu", "approve"),
        ("li", "approve", {"at": "done", "status": "approved"}),
        dedupe="once",
    ),
    "去重: not where a word is needed": a_story(
        TWO | {"two": approval(*user("wu"), requires={"comment": "always"})},
        ("lin", "submit"),
        ("wu", "approve", {"open": {"wu": ["two"]}}),
    ),
    "去重: also where only a refusal needs a word": a_story(
        TWO | {"two": approval(*user("wu"), requires={"comment": "on_reject"})},
        ("lin", "submit"),
        ("wu", "approve", {"status": "approved"}),
    ),
    "去重: not where something may be filled in": a_story(
        TWO | {"two": approval(*user("wu"), fields={"amount": "edit"})},
        ("lin", "submit"),
        ("wu", "approve", {"open": {"wu": ["two"]}}),
    ),
    "去重: not where the state says no": a_story(
        TWO | {"two": approval(*user("wu"), no_auto=True)},
        ("lin", "submit"),
        ("wu", "approve", {"open": {"wu": ["two"]}}),
    ),
    "退回: back to the starter, and the way is walked again from the beginning": a_story(
        BACK,
        ("lin", "submit"),
        ("wu", "approve"),
        ("li", "return", {"at": "start", "status": "running", "open": {"lin": ["start"]}}),
        ("wu", "approve", {"refused": "workflow.wrong_state"}),
        ("lin", "resubmit", {"at": "one", "open": {"wu": ["one"]}}),
        ("wu", "approve", {"at": "two", "open": {"li": ["two"]}}),
        ("li", "approve", {"status": "approved"}),
    ),
    "退回: from a countersign the other seats are cancelled, and a later visit has no votes": a_story(
        ALL,
        ("lin", "submit"),
        ("wu", "approve"),
        ("li", "return", {"open": {"lin": ["start"]}}),
        ("lin", "resubmit", {"votes": "wu open, li open, qian open"}),
    ),
    "退回: nothing approved before it counts again": a_story(
        {"one": approval(*user("wu"), passed="two"), "two": approval(*user("wu", "li"), mode="all"), "done": END},
        ("lin", "submit"),
        ("wu", "approve", {"open": {"li": ["two"]}}),
        ("li", "return"),
        ("lin", "resubmit", {"at": "one", "open": {"wu": ["one"]}}),
        dedupe="once",
    ),
    "退回: a refusal may lead back to the starter": a_story(
        BACK,
        ("lin", "submit"),
        ("wu", "approve"),
        ("li", "reject", {"at": "start", "open": {"lin": ["start"]}, "votes": "lin open"}),
        ("lin", "resubmit", {"at": "one", "open": {"wu": ["one"]}}),
        dedupe="once",
    ),
    "退回: a way may lead back to the starter as well": a_story(
        {
            "one": approval(*user("wu"), passed="size"),
            "size": choice(("amount > 5", "start"), "two"),
            "two": approval(*user("wu")),
            "done": END,
        },
        ("lin", "submit"),
        ("wu", "approve", {"at": "start", "open": {"lin": ["start"]}}),
        ("lin", "resubmit", {"at": "one", "open": {"wu": ["one"]}}),
        values={"amount": 6},
        dedupe="once",
    ),
    "退回: where the state does not offer it": a_story(
        {"lead": approval(*user("wu"), ops={"return": []}), "done": END},
        ("lin", "submit"),
        ("wu", "return", {"refused": "workflow.not_offered"}),
    ),
    "退回: from where something is done, too": a_story(
        {"pay": handling(*user("wu")), "done": END}, ("lin", "submit"), ("wu", "return", {"at": "start"})
    ),
    "撤回: everything is closed, the given signature stays": a_story(
        ALL,
        ("lin", "submit"),
        ("wu", "approve"),
        ("wu", "withdraw", {"refused": "workflow.not_starter"}),
        (
            "lin",
            "withdraw",
            {
                "at": "withdrawn",
                "status": "withdrawn",
                "open": {},
                "votes": "wu approved, li cancelled, qian cancelled",
            },
        ),
        ("li", "approve", {"refused": "workflow.not_running"}),
        ("lin", "withdraw", {"refused": "workflow.not_running"}),
        ("lin", "submit", {"refused": "workflow.not_draft"}),
    ),
    "撤回: a draft is not withdrawn": a_story(LEAD, ("lin", "withdraw", {"refused": "workflow.not_running"})),
    "撤回: never": a_story(
        LEAD, ("lin", "submit"), ("lin", "withdraw", {"refused": "workflow.not_offered"}), withdraw={"when": "never"}
    ),
    "撤回: only before the first decision": a_story(
        ALL,
        ("lin", "submit"),
        ("wu", "approve"),
        ("lin", "withdraw", {"refused": "workflow.not_offered"}),
        ("li", "return"),
        ("lin", "withdraw", {"status": "withdrawn"}),
        withdraw={"when": "before_first_decision"},
    ),
    "撤回: what a rule decided is no decision": a_story(
        {"rule": approval(NOBODY, on_empty="pass", passed="lead"), **LEAD},
        ("lin", "submit"),
        ("lin", "withdraw", {"status": "withdrawn"}),
        withdraw={"when": "before_first_decision"},
    ),
    "撤回: what is with the starter": a_story(
        LEAD, ("lin", "submit"), ("wu", "return"), ("lin", "withdraw", {"status": "withdrawn", "open": {}})
    ),
    "an approval may go on into a life cycle": a_story(
        {
            "lead": approval(*user("wu"), passed="open"),
            "open": life(close={"to": "done", "who": user("li")}),
            "done": END,
        },
        ("lin", "submit"),
        ("wu", "approve", {"at": "open", "status": "running", "open": {}}),
        ("lin", "withdraw", {"refused": "workflow.wrong_state"}),
        ("li", "close", {"at": "done", "status": "approved"}),
    ),
}


@pytest.mark.parametrize("title", STORIES)
def test_the_story(title: str) -> None:
    states, settings, values, steps = STORIES[title]
    stage = Stage(
        an_entity(CLAIM, states=states, workflow={"settings": settings}),
        *PEOPLE,
        heads={"site": "wu"},
        values=values,
    )
    for number, (login, action, *expected) in enumerate(steps, 1):
        wanted = expected[0] if expected else {}
        if "refused" in wanted:
            assert stage.refused(login, action, comment="Well.") == [wanted["refused"]], number
        else:
            stage.act(login, action, comment="Well.")
        found = {
            "refused": wanted.get("refused"),
            "at": stage.record.state,
            "status": stage.record.status,
            "open": stage.open,
            "votes": ", ".join(map(" ".join, stage.votes)) if stage.record.run else "",
        }
        assert {key: found[key] for key in wanted} == wanted, number
