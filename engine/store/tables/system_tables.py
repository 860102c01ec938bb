"""The tables that every workspace has; those of its modules' entities are made by `migrate`."""

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, Table

from engine.store.tables.exact import INTEGER, TEXT, Instant, JsonText

METADATA: Final = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, TEXT, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, Instant(), nullable=nullable)


#: One row: what the company is, and two stamps. A stamp is a fresh id at every change, so whoever keeps compiled
#: modules or the people in memory sees with one comparison whether they are still right, even after a rollback.
WORKSPACE: Final = Table(
    "workspace",
    METADATA,
    Column("one", Integer, primary_key=True, server_default="1"),
    _text("title"),
    _text("zone"),
    _text("language"),
    _text("modules_stamp"),
    _text("people_stamp"),
)

EDITION: Final = Table(
    "edition",
    METADATA,
    Column("module", TEXT, primary_key=True),
    Column("number", Integer, primary_key=True),
    _text("digest"),
    #: Canonical JSON: file path → text.
    _text("text"),
    _text("note"),
    Column("in_force", Boolean, nullable=False),
    _moment("published_at"),
    _text("published_by"),
)
Index(
    "edition_in_force",
    EDITION.c.module,
    unique=True,
    sqlite_where=EDITION.c.in_force,
    postgresql_where=EDITION.c.in_force,
)

#: Which table, column or index keeps what; see `engine.store.tables.registry`.
REGISTRY: Final = Table(
    "registry",
    METADATA,
    Column("place", TEXT, primary_key=True),
    Column("path", TEXT, primary_key=True),
    Column("kind", TEXT, primary_key=True),
    _text("name"),
)

DEPARTMENT: Final = Table(
    "department",
    METADATA,
    Column("key", TEXT, primary_key=True),
    _text("name"),
    _text("parent"),
    _text("head"),
)

PERSON: Final = Table(
    "person",
    METADATA,
    Column("login", TEXT, primary_key=True),
    _text("name"),
    Column("active", Boolean, nullable=False),
    _text("department"),
    _text("manager"),
    _text("language"),
)

#: As the password hasher wrote it; who has none cannot sign in with one.
PASSWORD: Final = Table(
    "password",
    METADATA,
    Column("person", TEXT, ForeignKey("person.login"), primary_key=True),
    _text("hash"),
)

ROLE_ASSIGNMENT: Final = Table(
    "role_assignment",
    METADATA,
    Column("person", TEXT, ForeignKey("person.login"), primary_key=True),
    Column("role", TEXT, primary_key=True),
    #: Record id of the project; "" = everywhere.
    Column("project", TEXT, primary_key=True),
)

#: Who is signed in: browsers (kind "session") and programs (kind "token"). Of the secret only its digest is kept.
SIGN_IN: Final = Table(
    "sign_in",
    METADATA,
    Column("digest", TEXT, primary_key=True),
    _text("kind"),
    Column("person", TEXT, ForeignKey("person.login"), nullable=False, index=True),
    _moment("created_at"),
    #: NULL = never.
    _moment("expires_at", nullable=True),
    _moment("seen_at"),
)

#: Failed sign-ins in a row, by login or address.
LOGIN_ATTEMPT: Final = Table(
    "login_attempt",
    METADATA,
    Column("subject", TEXT, primary_key=True),
    Column("failures", Integer, nullable=False),
    _moment("since"),
)

TASK: Final = Table(
    "task",
    METADATA,
    Column("id", TEXT, primary_key=True),
    _text("record_id"),
    _text("module"),
    _text("entity"),
    _text("person"),
    _text("kind"),
    _text("state"),
    #: Title and number of the record, so that an inbox is one query over all modules.
    _text("title"),
    _text("number"),
    _moment("opened_at"),
    _text("status"),
    _moment("closed_at", nullable=True),
)
_OPEN = TASK.c.status == "open"
Index("task_inbox", TASK.c.person, TASK.c.opened_at, TASK.c.id, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("task_of_record", TASK.c.record_id)
Index(
    "task_once",
    TASK.c.record_id,
    TASK.c.person,
    TASK.c.state,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)

EVENT: Final = Table(
    "event",
    METADATA,
    Column("record_id", TEXT, primary_key=True),
    Column("seq", Integer, primary_key=True),
    _moment("at"),
    _text("actor"),
    _text("kind"),
    Column("data", JsonText(), nullable=False),
    _text("prev_hash"),
    _text("hash"),
    #: Digest of actor and idempotency key, on the first event of the action that carried the key.
    Column("action_key", TEXT, unique=True),
    #: Digest of what was asked under the key.
    Column("fingerprint", TEXT),
)

#: What averages and “any” of rollups are calculated from, by the record that keeps the rollup and its field.
TALLY: Final = Table(
    "tally",
    METADATA,
    Column("record_id", TEXT, primary_key=True),
    Column("field", TEXT, primary_key=True),
    Column("count", INTEGER, nullable=False),
    #: Digits of a decimal number.
    _text("total"),
)

COUNTER: Final = Table(
    "counter",
    METADATA,
    Column("name", TEXT, primary_key=True),
    Column("value", INTEGER, nullable=False),
)

ATTACHMENT: Final = Table(
    "attachment",
    METADATA,
    Column("id", TEXT, primary_key=True),
    _text("name"),
    #: Media type.
    _text("type"),
    Column("size", INTEGER, nullable=False),
    _text("digest"),
    _moment("created_at"),
    _text("created_by"),
    #: Entity ("module/entity") and id of the record it belongs to; "" until that is saved.
    _text("entity"),
    Column("record_id", TEXT, nullable=False, index=True),
)

#: Work that is done later or piece by piece: the row says how far it has come, and until when a worker holds it.
JOB: Final = Table(
    "job",
    METADATA,
    Column("id", TEXT, primary_key=True),
    _text("kind"),
    #: There is one job of a key, whatever has become of it.
    Column("key", TEXT, nullable=False, unique=True),
    Column("payload", JsonText(), nullable=False),
    #: open, done, failed or cancelled.
    _text("state"),
    #: Not before then.
    _moment("run_at"),
    #: The worker that has taken it; "" when none has.
    _text("holder"),
    #: Until when it is that worker's; after that anybody may take it over.
    _moment("lease", nullable=True),
    #: How often it was taken since it last got on.
    Column("attempts", Integer, nullable=False),
    Column("progress", JsonText()),
    #: What went wrong last.
    Column("problem", JsonText()),
    _moment("created_at"),
    _text("created_by"),
    _moment("ended_at", nullable=True),
)
_TO_DO: Final = JOB.c.state == "open"
Index("job_due", JOB.c.run_at, JOB.c.id, sqlite_where=_TO_DO, postgresql_where=_TO_DO)
