"""What `engine.sentences` says of formulas: mistakes in their text, and why one has no value."""

from typing import Final


def _(sentence: str) -> str:
    """Mark a sentence for extraction by Babel."""
    return sentence


FORMULA: Final = {
    # A formula.
    "formula.syntax": _("Unexpected “{given}”; expected {expected}."),
    "formula.meant": _("Formulas do not know “{given}”; write {meant}."),
    "formula.between": _("An operator or a comma is missing between “{before}” and “{given}”."),
    "formula.comma": _("Commas stand between the values that a function is given; this one is in none."),
    "formula.thousands": _("Numbers stand without thousands separators: {meant} instead of {given}."),
    "formula.quotes": _("Text stands in double quotes: {meant}."),
    "formula.quote_inside": _("Text ends at a quote; one inside it is written twice, and & joins texts."),
    "formula.brackets": _("“{given}” means nothing in a formula: fields stand without brackets, calculations in ( )."),
    "formula.unclosed": _("Nothing closes the bracket of “{given}”: a “)” is missing."),
    "formula.unopened": _("This “)” closes nothing: a “(” is missing, or it is one too many."),
    "formula.unfinished": _("The formula ends too early; expected {expected}."),
    "formula.empty": _("The formula is empty."),
    "formula.character": _("“{given}” means nothing in a formula; text stands in double quotes."),
    "formula.text": _("This text has no closing quote, or control characters in it; a quote inside is written twice."),
    "formula.long_number": _("A number has at most {limit} digits."),
    "formula.too_long": _("A formula has at most {limit} characters."),
    "formula.too_deep": _("Nested more than {limit} deep; SUM and CONCAT take many values at once."),
    "formula.too_large": _("A formula has at most {limit} values, operators and functions."),
    "formula.unknown_field": _("There is no field “{given}” here; known: {known}."),
    "formula.label": _("“{given}” is what people read; in formulas this field is called {known}."),
    "formula.column": _(
        "“{given}” is a column of line items: here it is {known}, and SUM({known}), say, makes one value of it."
    ),
    "formula.nothing": _('Formulas do not know “{given}”: BLANK(…) asks whether there is nothing, "" is blank text.'),
    "formula.function_as_name": _("“{given}” is a function; its values follow in brackets: {given}(…)."),
    "formula.field_as_function": _("“{given}” is a field, no function; an operator is missing before the bracket."),
    "formula.no_fields": _("“{given}” has no fields behind a dot."),
    "formula.unknown_function": _("There is no function “{given}”; known: {known}."),
    "formula.member": _("Nothing can stand behind the brackets of {function}; fields stand behind PREVIOUS(…) alone."),
    "formula.no_member": _("The field of the record before is missing, as in PREVIOUS(contract, period).amount."),
    "formula.series_place": _("{function} can be asked only where a field is computed; ask for that field here."),
    "formula.series_derived": _("“{given}” changes with other records, so no series can be ordered by it."),
    "formula.series_field": _("Only names of fields of the record itself can stand here."),
    "formula.no_choice": _("LABEL takes a field in which something is chosen."),
    "formula.argument_count": _("{function} takes {expected} values, not {given}."),
    "formula.whole_column": _(
        "“{given}” is a whole column; SUM, MIN, MAX, AVERAGE or COUNT make one value of it, and in the line itself it "
        "is called {column}."
    ),
    "formula.compared": _("These cannot be compared: {expected}, and {given}."),
    "formula.number_as_text": _("In quotes this is text; the number is written {meant}."),
    "formula.date_as_text": _("In quotes this is text; the date is written {meant}."),
    "formula.branches": _("What IF gives must be of one kind: the first is {expected}, this is {given}."),
    "formula.joined": _("Text cannot be added up; & joins texts."),
    "formula.type": _("Expected {expected}, but this is {given}."),
    "formula.no_bands": _(
        "“{given}” needs two columns of numbers: the bounds from which bands begin, then their rates."
    ),
    "formula.no_siblings": _("ALLOCATE divides among lines: it stands in a line, and this must be a column of them."),
    # A formula that has no value.
    "formula.failed": _("{said} It is in this part of the formula: {part}."),
    "formula.failed_with": _("{said} It is in this part of the formula: {part}, where {operands}."),
    "formula.division_by_zero": _("Division by zero."),
    "formula.overflow": _("A number gets too large or too small to be exact."),
    "formula.bad_step": _("MROUND rounds to a step above zero, not {given}."),
    "formula.bad_criterion": _("“{given}” is no criterion for numbers; a number is one, and so is “>=100”."),
    "formula.other_lines": _("Both columns must be of the same lines."),
    "formula.same_bound": _("Two bands begin at {given}."),
    "formula.no_weights": _("There is nothing to divide by: the weights come to zero."),
    "formula.bad_places": _("ROUND takes a whole number of places between -30 and 30, not {given}."),
    "formula.bad_date": _("There is no such date."),
    "formula.bad_time": _("“{given}” is no time of day such as 08:30."),
    "formula.bad_duration": _("“{given}” is no length of time; eight and a half hours are PT8H30M."),
    "formula.not_whole": _("Days, months and characters are counted whole, and {given} is not a whole number."),
    "formula.bad_count": _("A number of characters is 0 or more and a place among them 1 or more, not {given}."),
    "formula.long_text": _("The text gets longer than {limit} characters."),
    "formula.too_many_items": _("The formula reads more than {limit} items."),
    "formula.value": _("The value of “{path}” is not of the kind that the formula expects."),
}
