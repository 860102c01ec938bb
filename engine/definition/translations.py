"""translations/<locale>.po → labels in another language, by the label in the module's own."""

import io
import re
from collections.abc import Mapping
from typing import Final

from babel.messages.pofile import PoFileError, read_po

from engine.problems import Malformed, Problem

#: A line that means something in a .po file; Babel would read a string without its closing quote as one character less.
_LINE: Final = re.compile(
    r'\s*(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[[0-9]\])?)\s+)?"(?:[^"\\]|\\.)*"\s*)?'
)


def read_translations(text: str) -> Mapping[str, str]:
    """The translated labels; what is not translated yet or only guessed ("fuzzy") is left out.

    Raises `Malformed` with every line that cannot be read.
    """
    lines = text.splitlines()
    if problems := [_unreadable(number, line) for number, line in enumerate(lines, 1) if not _LINE.fullmatch(line)]:
        raise Malformed(*problems)
    try:
        catalog = read_po(io.StringIO(text), abort_invalid=True)
    except PoFileError as error:
        # Babel counts from 0, and does not always know the line's text.
        number = min(error.lineno + 1, len(lines))
        raise Malformed(_unreadable(number, error.line or lines[number - 1])) from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        # Babel parses dates and languages in the header unguarded.
        raise Malformed(Problem("definition.po_header", "", line=1, column=1)) from error
    return {
        each.id: each.string
        for each in catalog
        if isinstance(each.id, str) and isinstance(each.string, str) and each.id and each.string and not each.fuzzy
    }


def _unreadable(number: int, line: str) -> Problem:
    return Problem("definition.po_line", "", {"given": line.strip()}, line=number, column=1)
