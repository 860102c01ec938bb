"""Days and hours of moments are those of the company's clocks, in records and in questions about them."""

from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import publish
from engine.usecases.records.create import create
from engine.usecases.records.find import Wish, find
from tests.engine.definitions import DATE, MOMENT, NUMBER, computed
from tests.engine.usecases.test_publish import small

ADMIN, CLERK = Actor(login="admin"), Actor(login="clerk")


def test_a_moment_has_the_day_and_the_hour_of_the_companys_zone(workspace: Workspace) -> None:
    day, hour = computed("DATE_OF(began)", DATE), computed("HOUR(began)", NUMBER)
    publish(workspace, ADMIN, small("shift", began=MOMENT, day=day, hour=hour))
    values = create(workspace, CLERK, "shift/shift", {"began": "2026-03-01T20:30:00Z"}).record.values
    assert (values["day"], values["hour"]) == ("2026-03-02", 4)
    create(workspace, CLERK, "shift/shift", {"began": "2026-03-02T04:30:00Z"})
    found = find(workspace, ADMIN, "shift/shift", Wish(filters=("hour = HOUR(NOW())",)))
    assert [each.record.values["began"] for each in found.sights] == ["2026-03-02T04:30:00Z"]
