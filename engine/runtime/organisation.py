"""The people of a workspace as a value: who holds which role where, who heads what, who reports to whom."""

from collections.abc import Mapping

import msgspec

#: Roles that every workspace has.
EMPLOYEE, ADMINISTRATOR = "employee", "administrator"


class Assignment(msgspec.Struct, frozen=True, order=True):
    """A role held in the company, or in one project (record id of core/project)."""

    role: str
    #: "" = the whole company; for a role with scope "project" that means every project.
    project: str = ""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with a login. The login is the person's id everywhere and never changes."""

    login: str
    name: str
    active: bool = True
    department: str = ""
    manager: str = ""
    language: str = ""
    assignments: frozenset[Assignment] = frozenset()

    def holds(self, role: str, project: str | None = None) -> bool:
        """Whether the person holds the role: anywhere, or, with `project`, there or in the whole company."""
        if not self.active:
            return False
        if role == EMPLOYEE:
            return True
        return any(
            each.role == role and (project is None or each.project in {"", project}) for each in self.assignments
        )

    @property
    def is_administrator(self) -> bool:
        """Whether the person administers the workspace."""
        return self.holds(ADMINISTRATOR)

    def projects(self, role: str) -> frozenset[str]:
        """Projects in which the role is held; contains "" when it is held in every one."""
        return frozenset(each.project for each in self.assignments if each.role == role)


class Department(msgspec.Struct, frozen=True, kw_only=True):
    """A unit of the company."""

    key: str
    name: str
    parent: str = ""
    head: str = ""


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody, by login and by department key."""

    people: Mapping[str, Person] = {}
    departments: Mapping[str, Department] = {}

    def is_active(self, login: str) -> bool:
        """Whether there is such a person and they have not left."""
        person = self.people.get(login)
        return person is not None and person.active

    def holders(self, role: str, project: str | None = None) -> tuple[str, ...]:
        """Active people who hold the role, by login."""
        return tuple(sorted(each.login for each in self.people.values() if each.holds(role, project)))

    def manager(self, login: str, level: int = 1) -> str:
        """The manager `level` steps up; "" when the line ends before."""
        for _ in range(level):
            person = self.people.get(login)
            login = person.manager if person else ""
        return login

    def head(self, department: str, up: int = 0) -> str:
        """The head of the department, or of the one `up` levels above; "" when there is none."""
        for _ in range(up):
            unit = self.departments.get(department)
            department = unit.parent if unit else ""
        unit = self.departments.get(department)
        return unit.head if unit else ""
