"""What somebody may see and change of one record, field by field."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeAlias

import msgspec

Level: TypeAlias = Literal["hidden", "read", "edit", "required"]

#: From least to most.
LEVELS: Final[tuple[Level, ...]] = ("hidden", "read", "edit", "required")
EDITABLE: Final = frozenset({"edit", "required"})


class Access(msgspec.Struct, frozen=True):
    """A level for every field: of the nearest named field around it, else the default."""

    default: Level
    #: Dotted path → level, for the fields that differ.
    named: Mapping[str, Level] = {}

    def of(self, path: tuple[str, ...]) -> Level:
        """The level of the field at `path`; what is around an editable field lets the change through."""
        level = self.own(path)
        if level not in EDITABLE and ".".join(path) not in self.named:
            inside = ".".join(path) + "."
            if any(key.startswith(inside) and level in EDITABLE for key, level in self.named.items()):
                return "edit"
        return level

    def own(self, path: tuple[str, ...]) -> Level:
        """The same, but for what stands inside: lines whose cells may be changed cannot therefore be added."""
        for depth in range(len(path), 0, -1) if self.named else ():
            if level := self.named.get(".".join(path[:depth])):
                return level
        return self.default

    @property
    def hides(self) -> bool:
        """Whether anything at all is hidden."""
        return self.default == "hidden" or "hidden" in self.named.values()

    @property
    def may_edit(self) -> bool:
        """Whether anything at all can be changed."""
        return self.default in EDITABLE or any(level in EDITABLE for level in self.named.values())


EVERYTHING: Final = Access("edit")


def narrower(one: Level, other: Level) -> Level:
    """The level that allows less."""
    return min(one, other, key=LEVELS.index)


def merged(rights: Sequence[Access]) -> Access:
    """What somebody may who has several rights, at least one: of every field the most that any of them allows."""
    paths = {key: tuple(key.split(".")) for each in rights for key in each.named}
    named = {key: max((each.own(path) for each in rights), key=LEVELS.index) for key, path in paths.items()}
    return Access(max((each.default for each in rights), key=LEVELS.index), named)
