"""Somebody else's JSON Schema → a module with a form, a list and an approval.

A schema is read as its own draft means it (`drafts`), its references are followed (`references`) and written out in the
words of 2020-12 (`inline`), `allOf` becomes one schema (`merge`). Then every value gets a field (`form`, with `kinds`,
`branches` and `titles`), and the fields get a module (`module`). What judges values is kept, so that the form takes a
document if and only if the schema does, but for this:

- `null` and a property left out are the same, and "", [] and {} fill in nothing: what may be `null` is not required.
- Properties that the schema does not name are refused, even where it leaves them open.
- A value that is described without `type` must have the type that its keywords are about. Where only some of the
  alternatives of `anyOf` or `oneOf` name a property, it must have the type they give it, and be one of the values if
  all of them list some.
- The field types speak for themselves (`engine.fields`): text without control characters, numbers of 18 digits also
  as text, dates, moments and e-mail addresses that exist whatever `format` is taken for; an integer may be written 1.0.
- What is named "__proto__" anywhere, or "created_by" in the document itself, stands in a field of JSON.

`default`s are filled in, and `readOnly` is kept as an annotation only.
"""

import re
from collections.abc import Mapping

from msgspec.structs import replace

from engine.definition.document.meta_schema import meta_schema
from engine.definition.model import Json
from engine.definition.nouns.entities import MAX_FIELDS
from engine.definition.read import MAX_BYTES
from engine.definition.text.json_text import parse_json
from engine.definition.text.positions import placed
from engine.definition.text.scan import MAX_DEPTH
from engine.definition.write import write_document
from engine.exchange.json_schema.drafts import draft_of
from engine.exchange.json_schema.form import form
from engine.exchange.json_schema.inline import inlined
from engine.exchange.json_schema.module import module
from engine.problems import Malformed, Problem, Refused, TooLarge, refuse_if_any


def from_schema(data: bytes, key: str, file: str = "schema.json") -> Mapping[str, Json]:
    """The documents of module `key` with entity `key`, by file path; a translation is its text.

    Raises `Malformed` or `TooLarge` with every problem; `file` is what people call the data.
    """
    wanted = meta_schema("vocabulary")["$defs"]["key"]
    if not re.fullmatch(wanted["pattern"], key):
        params = {"given": key, "pattern": wanted["pattern"], "example": wanted["examples"][0]}
        raise Malformed(Problem("definition.key_pattern", "", params))
    text = ""
    try:
        text = _text(data)
        documents = module(key, *_form(text))
        _measure(documents[f"entities/{key}.json"], f"entities/{key}.json")
    except Refused as refused:
        problems = (replace(each, file=file) for each in refused.problems)
        raise type(refused)(*placed(problems, {file: text})) from None
    return documents


def _form(text: str) -> tuple[Mapping[str, Json], str]:
    """The schema with its fields, and the title that it has."""
    schema = parse_json(text)
    draft = draft_of(schema)
    refuse_if_any(Malformed, draft.mistakes(schema))
    whole = inlined(schema, draft)
    return form(whole), whole.get("title", "") if isinstance(whole, dict) else ""


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise TooLarge(Problem("definition.file_too_large", "", {"limit": str(MAX_BYTES)}))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, before = data.count(b"\n", 0, error.start) + 1, data.rfind(b"\n", 0, error.start)
        given = {"given": f"0x{data[error.start]:02x}"}
        raise Malformed(Problem("definition.not_utf8", "", given, line=line, column=error.start - before)) from None


def _measure(entity: Json, path: str) -> None:
    """Refuse what would be written out and not be read again."""
    if _fields(entity) > MAX_FIELDS:
        raise TooLarge(Problem("definition.too_many_fields", "", {"limit": str(MAX_FIELDS)}))
    if _depth(entity) > MAX_DEPTH:
        raise TooLarge(Problem("schema.too_deep", "", {"limit": str(MAX_DEPTH)}))
    if len(write_document(entity, path).encode()) > MAX_BYTES:
        raise TooLarge(Problem("schema.too_large", "", {"limit": str(MAX_BYTES)}))


def _fields(schema: Mapping[str, Json]) -> int:
    """How many fields there are in an object or in a list of objects."""
    rows = schema.get("items")
    inside = rows.get("properties", {}) if isinstance(rows, dict) else schema.get("properties", {})
    return sum(1 + _fields(each) for each in inside.values())


def _depth(value: Json) -> int:
    if not isinstance(value, dict | list):
        return 0
    return 1 + max(map(_depth, value.values() if isinstance(value, dict) else value), default=0)
