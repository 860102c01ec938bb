"""The one place where a problem code gets its words.

English here; `web/translations/` has the Chinese. A sentence says what is wrong and what would be accepted.
Placeholders are filled from `Problem.params`; a test holds codes, placeholders and translations together.
"""

from typing import Final

from engine.formula_sentences import FORMULA
from engine.words import EXPECTED_WORDS, JSON_WORDS, TYPE_WORDS

__all__ = ["EXPECTED_WORDS", "JSON_WORDS", "OUR_WORDS", "SENTENCES", "TYPE_WORDS"]


def _(sentence: str) -> str:
    """Mark a sentence for extraction by Babel."""
    return sentence


SENTENCES: Final = {
    # A value in a form.
    "field.required": _("This is required."),
    "field.unknown": _("There is no field “{given}” here; known: {known}."),
    "field.read_only": _("This field cannot be changed here."),
    "field.type": _("Expected {expected}."),
    # A value that its field's type does not take.
    "field.text": _("Expected text, not {given}."),
    "field.characters": _("The character {given} cannot be kept; letters, digits, symbols, tabs and line breaks can."),
    "field.number": _("“{given}” is not a number such as 1300.50."),
    "field.whole": _("Expected a whole number, not {given}."),
    "field.decimals": _("At most {scale} decimal places; {given} has {count}."),
    "field.digits": _("At most {limit} digits before the decimal point; {given} has {count}."),
    "field.boolean": _("Expected yes or no, not “{given}”."),
    "field.date": _("“{given}” is not a date between 1900 and 2999, such as 2026-03-02."),
    "field.datetime": _(
        "“{given}” is not a date with a time between 1900 and 2999, such as 2026-03-02 09:00; "
        "a program adds the offset: 2026-03-02T09:00:00+08:00."
    ),
    "field.time": _("“{given}” is not a time between 00:00 and 23:59:59, such as 09:30."),
    "field.choice": _("Expected one of these: {known}."),
    "field.choices": _("Not among the choices: {given}; known: {known}."),
    "field.twice": _("Given more than once: {given}."),
    "field.list": _("Expected a list, not {given}."),
    "field.lines": _("Expected a list of lines, not {given}."),
    "field.object": _("Expected an object with named fields."),
    "field.user": _("“{given}” is not the login of a person."),
    "field.department": _("“{given}” is not the key of a department."),
    "field.reference": _("“{given}” is not the id of a record."),
    "field.file": _("“{given}” is not the id of an uploaded file."),
    "field.email": _("“{given}” is not an e-mail address such as zhang.wei@example.com."),
    "field.phone": _("“{given}” is not a telephone number such as 13800138000, 010-12345678 or +85223456789."),
    "field.url": _("“{given}” is not a web address that begins with https:// or http://."),
    "field.json": _("“{given}” is not JSON."),
    "field.json_number": _("A number has at most {limit} digits and an exponent of at most {limit}, unlike {given}."),
    "field.depth": _("Lists and objects are nested more than {limit} deep."),
    "field.taken": _("Another record has this value already; it must be unique."),
    # A value that does not fit its field's or its record's own limits.
    "field.minimum": _("At least {limit}."),
    "field.maximum": _("At most {limit}."),
    "field.above": _("More than {limit}."),
    "field.below": _("Less than {limit}."),
    "field.multiple": _("A multiple of {limit}."),
    "field.too_short": _("At least {limit} characters."),
    "field.too_long": _("At most {limit} characters."),
    "field.too_few": _("At least {limit} are needed."),
    "field.too_many": _("At most {limit} are accepted."),
    "field.pattern": _("This does not match the pattern {pattern}."),
    "field.format": _("This does not have the format {format}."),
    "field.const": _("Only {value} is accepted here."),
    "field.repeated": _("Nothing may be given twice."),
    "field.one_of_required": _("Fill in at least one of these: {known}."),
    "field.keyword": _("This does not fit the form's rule “{keyword}”."),
    "field.not_shown": _("This field is not part of the form as it is filled in; leave it blank."),
    "field.lines_fixed": _("Lines can be neither added nor removed here; there are {count}."),
    "reference.unknown": _("There is no such record: {given}."),
    "user.unknown": _("There is no active person “{given}”."),
    "department.unknown": _("There is no department “{given}”."),
    "photo.unknown": _("There is no such photo: {given}."),
    # Doing something with a record.
    "action.unknown": _("There is no action “{given}”; known: {known}."),
    "action.no_values": _("This action takes no values; send only a comment with it."),
    "action.key_reused": _("This idempotency key was used for another request; take a new one."),
    "permission.inactive": _("This account is disabled."),
    "permission.administrator": _("Only an administrator may do this."),
    "permission.locked": _("In its present state nobody can change or delete this record by hand."),
    "permission.row": _("Your role lets you do this with other records, not with this one."),
    "permission.verb": _("None of your roles lets you do this."),
    "task.closed": _("Your task here is already closed."),
    "task.not_yours": _("You have no task here."),
    "workflow.not_running": _("This is not under way."),
    "workflow.not_draft": _("Only a draft can be submitted."),
    "workflow.wrong_state": _("This cannot be done in the record's present state."),
    "workflow.not_starter": _("Only whoever submitted it may withdraw it."),
    "workflow.not_offered": _("The workflow does not allow this here."),
    "workflow.not_for_you": _("“{action}” is up to other people."),
    "workflow.condition": _("This can only be done when {condition}."),
    "workflow.return_target": _("It cannot be returned to “{given}”; accepted: {known}."),
    "workflow.blank_condition": _("The next step depends on {condition}, and a value in it is blank."),
    "workflow.no_way": _("No way leads on from “{state}”."),
    "workflow.nobody_to_ask": _("Nobody can be asked in “{state}”, not even an administrator; name somebody first."),
    # People.
    "person.taken": _("Somebody has the login “{given}” already."),
    "person.login": _("“{given}” cannot be a login; use up to 63 small letters, digits, “.”, “_”, “@” and “-”."),
    "person.twice": _("“{given}” stands in the file more than once."),
    "person.last_administrator": _("Somebody must stay administrator; make somebody else one first."),
    "person.own_manager": _("Nobody can be their own manager."),
    "person.role": _("There is no role “{given}”; write its key, or key@project for one project."),
    "person.project": _("There is no project “{given}”."),
    "person.department": _("“{given}” cannot be a key; use small letters, digits and “_”."),
    "department.taken": _("There is a department “{given}” already."),
    "department.circle": _("A department cannot be part of itself or of one that is part of it."),
    # A table in a file.
    "table.kind": _("“{given}” is not a kind of file that is read here; known: {known}."),
    "table.unreadable": _("This is not a table that can be read."),
    "table.no_columns": _("The first line names the columns; it is blank."),
    "table.too_many_cells": _("This line has more cells than there are columns."),
    "table.column": _("There is no column “{given}”; known: {known}."),
    # Signing in.
    "sign_in.needed": _("Sign in first."),
    "sign_in.wrong": _("The login or the password is wrong."),
    "sign_in.throttled": _("Too many attempts; try again in {minutes} min."),
    "sign_in.wrong_password": _("The current password is wrong."),
    "sign_in.long_password": _("A password has at most {limit} characters."),
    "sign_in.short_password": _("A password needs at least {limit} characters."),
    # What HTTP itself refuses.
    "http.bad_request": _("The request cannot be read."),
    "http.form_expired": _("This page is out of date. Load it again, then repeat what you did."),
    "http.if_match": _('If-Match holds no revision; it looks like If-Match: "3".'),
    "http.precondition_required": _('Name the revision you have seen: If-Match: "3".'),
    "http.body_type": _("Expected {expected}."),
    "http.not_found": _("There is no such page."),
    "http.method_not_allowed": _("This address does not accept that method."),
    "http.request_entity_too_large": _("What was sent is too large."),
    "serve.address": _("“{given}” is no address to serve at; one is 127.0.0.1:8000."),
    "serve.taken": _("Nothing can be served at {given} ({reason}); name another address, as in --bind 127.0.0.1:8001."),
    "http.unsupported_media_type": _("Send JSON (application/json)."),
    "http.internal_server_error": _(
        "Something went wrong here; nothing was changed. Try again, or tell your administrator."
    ),
    # A record, and the database that keeps it.
    "record.unknown": _("There is no such record, or none that you may see: {given}."),
    "record.stale": _("Somebody has changed this record meanwhile: you saw revision {seen}, it is now {now}."),
    "record.in_use": _("Other records refer to this one; as long as they do, it cannot be deleted."),
    "record.reference_gone": _("A record that this one refers to has been deleted meanwhile; choose another one."),
    "file.empty": _("The file is empty."),
    "file.too_large": _("A file may have at most {limit}."),
    "file.unknown": _("There is no such file, or none that you may see: {given}."),
    "list.sort": _("A list cannot be sorted by “{given}”; known: {known}."),
    "filter.untranslatable": _(
        "The databases cannot answer this part of the condition: {part}. It is judged record by record, for at most "
        "{limit} records at a time; a computed field instead of it would be found at once."
    ),
    "filter.too_many": _(
        "The databases cannot answer “{part}”, and more than {limit} records would have to be judged one by one: "
        "narrow the filter, or make the part a computed field."
    ),
    "filter.rows_too_many": _(
        "More than {limit} records would have to be judged one by one to tell which of them you may see: "
        "narrow the filter."
    ),
    "list.limit": _("A page holds 1 to {limit} records."),
    "list.count": _("The only way of counting is count=exact."),
    "list.parameter": _("A list has no parameter “{given}”; known: {known}."),
    "list.cursor": _("This cursor leads nowhere; ask for the first page, without a cursor."),
    "database.busy": _("The database is busy; the same request may be sent again in a moment."),
    # A published module, and the workspace it is published in.
    "module.unknown": _("There is no module “{given}” here."),
    "entity.unknown": _("There is no entity “{given}” here."),
    "job.open": _("This is under way already; wait for it, or cancel it."),
    "job.failed": _("Something went wrong ({reason}); the log of the worker says more."),
    "job.given_up": _("It was taken up {count} times without getting on."),
    "recompute.workflow": _("The form has gained or lost its approval since; records of before stay as they are."),
    "edition.duplicates": _("“{field}” is to be unique, but {count} of its values occur more than once."),
    "workspace.slug": _(
        "“{given}” cannot name a workspace; use a small letter, then up to 30 small letters, digits and “_”."
    ),
    "workspace.which": _("Say which workspace; there are: {known}."),
    "workspace.zone": _("“{given}” is not a time zone such as Asia/Shanghai."),
    "workspace.taken": _("There is a workspace “{given}” already."),
    "workspace.unknown": _("There is no workspace “{given}”."),
    "bundle.not_zip": _("This is not a zip file of a module folder."),
    "bundle.too_large": _("The zip file holds more, or larger files, than a module has."),
    # What a verification finds; {record} is its kind and number.
    "verify.chain": _("{record}: event {number} of its history is missing, or is not as it was written."),
    "verify.values": _("{record}: its history says something else."),
    "verify.formula": _("{record}: {kept} is kept, but the formula gives {found}."),
    "verify.rollup": _("{record}: {kept} is kept, but the records that refer to it make {found}."),
    "verify.link": _("{record}: “{given}” is not there."),
    "verify.tasks": _("{record}: tasks are open for {found}, but its run asks {expected}."),
    "verify.run": _("{record}: its state is “{state}”, but its run says otherwise."),
    "verify.leftover": _("The record {given} is not there; but it has open tasks, or nothing tells of its deletion."),
    "verify.content": _("{record}: the content of the file “{given}” is missing, or is not what was uploaded."),
    # JSON text.
    "json.not_utf8": _("The text is not UTF-8: byte {given}."),
    "json.value": _("Expected an object, list, string, number, true, false or null in place of “{given}”."),
    "json.key": _("Expected a key in double quotes in place of “{given}”."),
    "json.colon": _("Expected “:” behind the key in place of “{given}”."),
    "json.comma": _("Expected “,” or “{closing}” in place of “{given}”."),
    "json.trailing_comma": _("No comma may stand before “{given}”."),
    "json.ended": _("The text ends before everything that was opened is closed."),
    "json.more_text": _("Nothing may follow the end of the JSON value, but “{given}” does."),
    "json.comment": _("JSON has no comments; an explanation goes into “description” or README.md."),
    "json.open_string": _("The string that begins here is not closed on its line; a line break inside is written \\n."),
    "json.escape": _("“{given}” is not an escape; a backslash is written twice, and \\n is a line break."),
    "json.control": _("A control character inside a string is written {given}."),
    "json.surrogate": _("This string holds half a character: \\ud800 to \\udfff only go in pairs."),
    "json.duplicate_key": _("The key “{key}” is given twice."),
    "json.not_a_number": _("JSON has no {given}; leave the key out or write null."),
    "json.number": _("Numbers have at most {limit} digits and exponents up to {limit}."),
    "json.too_deep": _("At most {limit} objects and lists may stand inside each other."),
    # A definition file.
    "definition.unknown_file": _("Nothing reads this file; accepted are {known}."),
    "definition.missing_file": _("The file “{given}” is missing; every module has one."),
    "definition.no_folder": _("“{given}” is not a folder; a module is a folder with a module.json."),
    "definition.file_too_large": _("The file is larger than {limit} bytes."),
    "definition.too_many_files": _("A module has at most {limit} files."),
    "definition.not_utf8": _("Byte {given} of this line is not UTF-8; save the file as UTF-8."),
    "definition.byte_order_mark": _("The file begins with a byte order mark; save it as UTF-8 without one."),
    "definition.key_is_not_file": _("The key is “{given}” and the file is named “{expected}”; they must be the same."),
    "definition.unknown_key": _("There is no key “{given}” here; known: {known}."),
    "definition.missing_key": _("The key “{key}” is missing here."),
    "definition.lonely_key": _("The key “{key}” is only of use together with {needed}."),
    "definition.one_missing": _("One of these keys is missing here: {known}."),
    "definition.one_too_many": _("Only one of these keys may stand here: {given}."),
    "definition.key_pattern": _("“{given}” cannot be a key here; it must match {pattern}, as {example} does."),
    "definition.type": _("Expected {known}, not {given}."),
    "definition.choice": _("“{given}” is not accepted here; known: {known}."),
    "definition.pattern": _("“{given}” is not accepted here; it must match {pattern}, as {example} does."),
    "definition.too_short": _("At least {limit} characters must stand here."),
    "definition.too_long": _("At most {limit} characters may stand here."),
    "definition.too_few": _("At least {limit} must be given here."),
    "definition.too_many": _("At most {limit} may be given here."),
    "definition.too_small": _("The least that is accepted here is {limit}."),
    "definition.not_above": _("A number above {limit} must stand here."),
    "definition.too_large": _("The most that is accepted here is {limit}."),
    "definition.repeated": _("Nothing may be listed here twice."),
    "definition.duplicate": _("“{given}” stands here twice; each must be different."),
    "definition.too_many_fields": _("An entity has at most {limit} fields, those behind references counted."),
    "definition.po_line": _("This line does not belong in a .po file: {given}"),
    "definition.po_header": _(
        "The header of this .po file cannot be read; “Language” and “Content-Type” are all it needs."
    ),
    # A definition as a whole: what one part says of another.
    "definition.later": _("“{feature}” can be checked, but this version does not run it yet."),
    "module.undefined": _("The module “{given}” is required and not here; known: {known}."),
    "module.circular": _("“{given}” requires itself by way of others; modules cannot require each other in a circle."),
    "entity.undefined": _("There is no entity “{given}”; known: {known}. Other modules must stand in “requires”."),
    "field.undefined": _("There is no field “{given}”; known: {known}."),
    "type.undefined": _("There is no field type “{given}”; known: {known}."),
    "choice.empty": _("A choice needs the values that can be chosen: “enum”, or “oneOf” with a “const” each."),
    "reference.type": _("“x-reference” belongs to fields with “x-type”: “reference”; this one is of the type {given}."),
    "role.undefined": _("There is no role “{given}”; known: {known}."),
    "view.undefined": _("There is no view “{given}”; known: {known}."),
    "view.total": _(
        "There is no {measure} of “{given}”: numbers have sum, average, min and max, days and moments min and max, "
        "and every field with a single value has count."
    ),
    "layout.twice": _("“{given}” is placed in the form twice."),
    "number.pattern": _(
        "“{given}” is not a pattern for numbers; one is FY-{YYYY}{MM}-{0000}, with a single run of zeros."
    ),
    "number.in_part": _("Only the record itself has serial numbers, not its line items and groups."),
    "workflow.undefined": _("There is no workflow “{given}”; known: {known}."),
    "workflow.other_entity": _("This workflow belongs to the entity “{given}”."),
    "workflow.not_used": _("The entity “{entity}” does not say that it runs through this: “x-workflow”: “{workflow}”."),
    "workflow.reserved_state": _("Every workflow has a state “{given}” of its own; reserved: {known}."),
    "workflow.reserved_action": _("“{given}” is an action of every approval; a button needs another key than {known}."),
    "selector.no_person": _("“{given}” leads to nobody; a path to a person does, or to a department for its head."),
    "selector.no_project": _("“{given}” does not lead to a project; a path that ends at one does."),
    "selector.which_project": _("The role “{role}” is held per project; say with “in” which field leads to it."),
    "state.undefined": _("There is no state “{given}”; known: {known}."),
    "outcome.undefined": _("The state has no outcome “{given}”; known: {known}."),
    "workflow.no_default": _("The last way must hold always: leave “when” out."),
    "workflow.hidden_way": _(
        "This way holds always, so those behind it are never taken; only the last may lack “when”."
    ),
    "workflow.no_way_out": _("“{state}” does not say where “{outcome}” leads."),
    "workflow.nobody_asked": _("“{state}” does not say who is asked; “seats” with “who” does."),
    "workflow.unreachable": _("No way leads to “{state}”."),
    "workflow.no_end": _("No way leads from “{state}” to an end."),
    "workflow.endless": _("“{state}” leads back to itself without anybody being asked."),
    # A decision table.
    "decision_table.cell": _(
        "“{given}” is no condition: a value is one, and so are >= 100, 100..500, <> 5, several between commas, "
        "or nothing."
    ),
    "decision_table.thousands": _("A comma separates alternatives; the number is written {plain}, not {given}."),
    "decision_table.backwards": _("No value is at least {low} and at most {high}; the lower end stands first."),
    "decision_table.option": _("“{given}” cannot be chosen in this field; known: {known}."),
    "decision_table.kind": _("A table that counts by “{hit}” cannot give values of this field’s type."),
    "decision_table.no_value": _("The row has no value; only a last row without conditions may leave it blank."),
    "decision_table.gap": _("No row fits {example}. Add one, or a last row without conditions for everything else."),
    "decision_table.overlap": _("Rows {row} and {other} both fit {example}; only one may."),
    "decision_table.unreachable": _(
        "Row {row} never counts: it contradicts itself, or the rows above it take all that it fits."
    ),
    "decision_table.too_large": _("The cells of a table hold at most {limit} conditions together."),
    "decision_table.unknown": _("There is no decision table “{given}” in this module."),
    "decision_table.column": _("There is no field for the column “{given}”; known: {known}."),
    "decision_table.moved": _(
        "The module has moved on from edition {seen} to {edition} meanwhile; what you typed is still here. Open the "
        "page again to see what has changed."
    ),
    "decision_table.unchecked": _(
        "The table is too large to be searched for gaps, overlaps and rows that never count."
    ),
    "decision_table.beside_formula": _("A field is computed by a formula or by a table, not by both."),
    "rounding.not_computed": _("Only numbers with a formula are rounded."),
    "rounding.scale": _("The type keeps {limit} decimal places, not {given}."),
    # A rollup.
    "rollup.place": _("Only fields of the record itself are rolled up to, not those of objects or line items."),
    "rollup.beside": _("“x-rollup” already says what is kept here, so “{given}” cannot stand beside it."),
    "rollup.by": _("“{given}” does not refer to one record of {expected}."),
    "rollup.lines": _("The paths of a rollup start at the same line items, here {lines}."),
    "rollup.type": _("“{measure}” cannot bring “{given}” into this field: their types do not fit."),
    "rollup.scale": _("The field keeps {limit} decimal places, but what is rolled up has {given}."),
    "rollup.order": _("“order” is for “first” and “last”, not for “{given}”."),
    "rollup.passing": _("“{given}” may change without the record being saved; only its own values and state count."),
    "rollup.circle": _("These rollups need each other: {circle}."),
    "rollup.below_itself": _("This would put the record below itself."),
    "rollup.endless": _("Too many records of {entity} would have to follow, or they refer to each other in a circle."),
    "rollup.room": _("There is no room for the new value of “{field}” of {record}: it has too many digits."),
    "formula.circular": _("These formulas need each other: {circle}."),
    "formula.result": _("The formula gives {given}; expected {expected}."),
    "formula.nested": _("Line items and groups are not computed as a whole; their fields can be."),
    # A difference between two texts of a module; {what} is one of the words below.
    "change.added": _("{what} “{title}” ({path}) is new."),
    "change.removed": _("{what} “{title}” ({path}) is gone."),
    "change.changed": _("{what} “{title}” ({path}): {attribute} was {before} and is now {after}."),
    "change.moved": _("{what} “{title}” ({path}) has moved from place {before} to place {after}."),
    "noun.module": _("Module"),
    "noun.role": _("Role"),
    "noun.menu_entry": _("Menu entry"),
    "noun.entity": _("Entity"),
    "noun.field": _("Field"),
    "noun.option": _("Option"),
    "noun.rule": _("Rule"),
    "noun.section": _("Section"),
    "noun.workflow": _("Workflow"),
    "noun.state": _("State"),
    "noun.action": _("Action"),
    "noun.timer": _("Timer"),
    "noun.region": _("Branch"),
    "noun.way": _("Way out"),
    "noun.view": _("View"),
    "noun.report": _("Report"),
    "noun.print": _("Print"),
    "noun.scenario": _("Scenario"),
    "noun.sample": _("Sample"),
    "noun.grant": _("Permission"),
    "noun.field_grant": _("Field permission"),
    "noun.translation": _("Translation"),
    # A foreign JSON Schema to import.
    "schema.draft": _("“$schema” names “{given}”; known: {known}."),
    "schema.invalid": _("Not a schema of {draft}: {reason}."),
    "schema.remote": _(
        "“{given}” lies outside this file and is not fetched; put it into “$defs” and refer to it there."
    ),
    "schema.nowhere": _("“{given}” leads to no schema in this file."),
    "schema.circular": _("“{given}” leads back to itself with no property or item in between, so it says nothing."),
    "schema.pattern": _("“{given}” is not a pattern that can be matched; write it as JavaScript would."),
    "schema.too_deep": _("With its references written out, the schema nests deeper than {limit} levels."),
    "schema.too_many": _("With its references written out, the file holds more than {limit} schemas."),
    "schema.too_large": _("With its references written out, the schema is larger than {limit} bytes."),
    **FORMULA,
}

#: Code → the params of it that are such words.
OUR_WORDS: Final = {
    "formula.type": ("expected", "given"),
    "formula.compared": ("expected", "given"),
    "formula.branches": ("expected", "given"),
    "formula.result": ("expected", "given"),
    "formula.syntax": ("expected",),
    "formula.unfinished": ("expected",),
    "http.body_type": ("expected",),
}
