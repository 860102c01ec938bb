"""The names by which people know what records point to: persons, departments, files, other records."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.runtime.organisation import Organisation
from engine.runtime.values.links import Link, links
from engine.store import attachments, records
from engine.store.people import directory
from engine.store.session import Session


class Names(msgspec.Struct, frozen=True):
    """Names by what they name."""

    organisation: Organisation = Organisation()
    #: (kind, id) → name, for files and records.
    others: Mapping[tuple[str, str], str] = {}

    def of(self, kind: str, identity: str) -> str:
        """The name, or the id when nothing by it is known; `kind` as in `engine.fields.field_type.Audience`."""
        if kind == "user":
            person = self.organisation.people.get(identity)
            return person.name if person else identity
        if kind == "department":
            unit = self.organisation.departments.get(identity)
            return unit.name if unit else identity
        return self.others.get((kind, identity), identity)


def names_of(session: Session, entity: CompiledEntity, values: Iterable[Mapping[str, Json]]) -> Names:
    """Names for everything that values of an entity point to; a statement per entity pointed to."""
    return names_by(session, {link for each in values for link in links(entity.fields, each)})


def names_by(session: Session, found: Collection[Link]) -> Names:
    """Names for everything that links lead to."""
    others: dict[tuple[str, str], str] = {}
    for target in sorted({link.target for link in found if link.type == "reference"}):
        ids = [link.id for link in found if link.target == target]
        loaded = records.load_many(session, target, ids, lines=False).values()
        others |= {(target, each.id): each.title or each.number or each.id for each in loaded}
    if files := [link.id for link in found if link.type in {"file", "photo"}]:
        others |= {("file", each.id): each.name for each in attachments.load_many(session, files).values()}
    return Names(directory.organisation(session), others)
