"""What is known about files, before and after they belong to a record."""

import msgspec
import pytest

from engine.problems import Unknown
from engine.store import attachments
from engine.store.attachments import Attachment
from engine.store.session import Workspace
from tests.engine.store.builders import NOON, a_record

INVOICE = Attachment(
    id="f1", name="发票.pdf", type="application/pdf", size=2**40, digest="abc", created_at=NOON, created_by="li.na"
)


def test_a_file_belongs_to_the_first_record_that_is_saved_with_it(workspace: Workspace) -> None:
    with workspace.write() as session:
        attachments.add(session, INVOICE)
        assert attachments.load(session, "f1") == INVOICE
        attachments.attach(session, ["f1", "f2"], a_record(id="r1"))
        attachments.attach(session, ["f1"], a_record(id="r2"))
        owned = msgspec.structs.replace(INVOICE, entity="shop/item", record_id="r1")
        assert attachments.load_many(session, ["f1", "f2"]) == {"f1": owned}


def test_a_file_that_is_not_there_is_unknown(workspace: Workspace) -> None:
    with workspace.read() as session, pytest.raises(Unknown) as refusal:
        attachments.load(session, "f1")
    assert [each.code for each in refusal.value.problems] == ["file.unknown"]
