"""Reads JSON text slowly and exactly: where every member stands, and every flaw.

`json` decides quickly whether a text is fine; but it stops at the first flaw, words it in English only, and does not
mind several that matter here: a key given twice, NaN, a number without measure, half a surrogate pair.
"""

import json
import re
from typing import Final, NamedTuple, NoReturn

import msgspec

#: Containers within containers. Deeper text is no definition but an attempt on the interpreter's stack.
MAX_DEPTH: Final = 64
#: Digits of a number, and its power of ten: arithmetic on larger ones takes for ever.
MAX_DIGITS: Final = 40

_SPACE: Final = re.compile(r"[ \t\n\r]*")
#: A string up to where it ends or breaks; the closing quote is there or not.
_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*("?)')
_NUMBER: Final = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?(?:[eE][+-]?0*([0-9]+))?")
_SCALAR: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
_NOT_A_NUMBER: Final = re.compile(r"NaN|-?Infinity")
#: What a person would say stands there.
_WORD: Final = re.compile(r"[\w.+-]{1,40}|.", re.DOTALL)


class Flaw(NamedTuple):
    """One thing wrong with the text: a problem's code, where, and what its sentence needs."""

    code: str
    pointer: str
    offset: int
    params: dict[str, str]


class Member(NamedTuple):
    """Offsets of a value and of the key before it; an item of a list has itself as key."""

    key: int
    value: int


class Scan(msgspec.Struct):
    """What is in a text."""

    text: str
    #: JSON Pointer → where; of a key given twice, the last.
    members: dict[str, Member] = msgspec.field(default_factory=dict)
    flaws: list[Flaw] = msgspec.field(default_factory=list)


def scan(text: str) -> Scan:
    """Every member and every flaw; behind a mistake in the grammar the text is not judged any more."""
    scanner = _Scanner(text)
    try:
        scanner.document()
    except _Lost as lost:
        scanner.found.flaws.append(lost.flaw)
    return scanner.found


def is_measured(number: str) -> bool:
    """Whether a JSON number is small enough to calculate with."""
    parts = _NUMBER.fullmatch(number)
    assert parts is not None
    whole, fraction, exponent = parts.groups(default="")
    # An exponent of thousands of digits is not even made into a number.
    return len(whole) + len(fraction) <= MAX_DIGITS and int(exponent[:3] or 0) <= MAX_DIGITS


class _Lost(Exception):  # noqa: N818 - never leaves this module
    """Behind this flaw nobody can say what the text means."""

    def __init__(self, flaw: Flaw) -> None:
        self.flaw = flaw
        super().__init__(flaw)


class _Scanner:
    """Descends into the text; `here` is how far it has come."""

    def __init__(self, text: str) -> None:
        self.text, self.here = text, 0
        self.found = Scan(text)

    def document(self) -> None:
        """One value, and nothing behind it."""
        self._space()
        self._value("", self.here, 1)
        self._space()
        if self.here < len(self.text):
            self._lost("json.more_text", "")

    def _value(self, pointer: str, key: int, depth: int) -> None:
        self.found.members[pointer] = Member(key, self.here)
        opening = self.text[self.here : self.here + 1]
        if opening and opening in "{[":
            if depth > MAX_DEPTH:
                self._lost("json.too_deep", pointer, limit=str(MAX_DEPTH))
            self._container(pointer, opening, depth)
        elif opening == '"':
            self._string(pointer)
        else:
            self._scalar(pointer)

    def _container(self, pointer: str, opening: str, depth: int) -> None:
        closing = "}" if opening == "{" else "]"
        keys: set[str] = set()
        count, comma = 0, -1
        self.here += 1
        while True:
            self._space()
            if self._takes(closing):
                if comma >= 0:
                    self._flaw("json.trailing_comma", pointer, comma, given=closing)
                return
            if count and comma < 0:
                self._lost("json.comma", pointer, closing=closing)
            start = self.here
            step = self._key(pointer, keys) if opening == "{" else str(count)
            self._value(f"{pointer}/{step.replace('~', '~0').replace('/', '~1')}", start, depth + 1)
            self._space()
            comma, count = self.here, count + 1
            if not self._takes(","):
                comma = -1

    def _key(self, pointer: str, keys: set[str]) -> str:
        start = self.here
        if not self.text.startswith('"', start):
            self._lost("json.key", pointer)
        key = self._string(pointer)
        if key in keys:
            self._flaw("json.duplicate_key", pointer, start, key=key)
        keys.add(key)
        self._space()
        if not self._takes(":"):
            self._lost("json.colon", pointer)
        self._space()
        return key

    def _string(self, pointer: str) -> str:
        start, found = self.here, _STRING.match(self.text, self.here)
        assert found is not None
        self.here = found.end()
        if not found.group(1):
            self._broken_string(pointer, start)
        value: str = json.loads(found.group())
        if any("\ud800" <= character <= "\udfff" for character in value):
            self._flaw("json.surrogate", pointer, start)
        return value

    def _broken_string(self, pointer: str, start: int) -> NoReturn:
        breaking = self.text[self.here : self.here + 2]
        if breaking.startswith("\\") and len(breaking) > 1:
            raise _Lost(Flaw("json.escape", pointer, self.here, {"given": breaking}))
        if breaking and breaking[0] not in "\\\r\n":
            raise _Lost(Flaw("json.control", pointer, self.here, {"given": f"\\u{ord(breaking[0]):04x}"}))
        raise _Lost(Flaw("json.open_string", pointer, start, {}))

    def _scalar(self, pointer: str) -> None:
        start = self.here
        found = _SCALAR.match(self.text, start)
        foreign = None if found else _NOT_A_NUMBER.match(self.text, start)
        if found:
            self.here = found.end()
            if found.group()[-1].isdigit() and not is_measured(found.group()):
                self._flaw("json.number", pointer, start, limit=str(MAX_DIGITS))
        elif foreign:
            self.here = foreign.end()
            self._flaw("json.not_a_number", pointer, start, given=foreign.group())
        else:
            self._lost("json.value", pointer)

    def _space(self) -> None:
        found = _SPACE.match(self.text, self.here)
        assert found is not None
        self.here = found.end()

    def _takes(self, mark: str) -> bool:
        taken = self.text.startswith(mark, self.here)
        self.here += taken
        return taken

    def _flaw(self, code: str, pointer: str, offset: int, **params: str) -> None:
        self.found.flaws.append(Flaw(code, pointer, offset, params))

    def _lost(self, code: str, pointer: str, **params: str) -> NoReturn:
        given = _WORD.match(self.text, self.here)
        if given is None:
            code, params = "json.ended", {}
        elif self.text.startswith(("//", "/*", "#"), self.here):
            code, params = "json.comment", {}
        elif code != "json.too_deep":
            params["given"] = given.group()
        raise _Lost(Flaw(code, pointer, self.here, params))
