"""What can be wrong, as data: one Problem per mistake, and the few errors raised on purpose.

A refusal carries every Problem found, never only the first. The wording of a code stands in `engine.sentences`;
only `web.errors` knows which HTTP status a refusal becomes.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from engine.sentences import OUR_WORDS, SENTENCES

#: How many known names a sentence lists before it says "…".
NAMES_LISTED: Final = 8
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


class Problem(msgspec.Struct, frozen=True, order=True):
    """One mistake: a stable code, where it is, and what the sentence about it needs to say."""

    #: `noun.reason`; a key of `engine.sentences.SENTENCES`, or `rule.<key>` for a module's own rule.
    code: str
    #: JSON Pointer into what the sender sent, or into the file when `file` is given.
    pointer: str = ""
    #: Fills the placeholders of the sentence.
    params: Mapping[str, str] = {}
    #: Path of the definition file inside its module; empty for a submission.
    file: str = ""
    #: Characters into the string at `pointer`, where a formula goes wrong.
    offset: int = 0
    #: 1-based position in `file`; 0 when unknown.
    line: int = 0
    column: int = 0
    #: Of a module's own rule: language → its message, where that is not the one in `params`.
    translations: Mapping[str, str] = {}

    @property
    def sentence(self) -> str:
        """The English sentence; a module's own rule brings its own words."""
        return self.said(str)

    def said(self, translate: Callable[[str], str], language: str = "") -> str:
        """The sentence in a language; `translate` knows our own sentences and words in it."""
        if self.code.startswith("rule."):
            return worded(self.translations.get(language, self.params["message"]), self.params)
        ours = OUR_WORDS.get(self.code, ())
        params = {name: _translated(value, translate) if name in ours else value for name, value in self.params.items()}
        said = worded(translate(SENTENCES[self.code]), params)
        if not self.failing:
            return said
        where = "formula.failed_with" if "operands" in self.failing else "formula.failed"
        return worded(translate(SENTENCES[where]), {**params, "said": said})

    @property
    def failing(self) -> Mapping[str, str]:
        """Of a formula that has failed when it ran: its `part` that did, and the `operands` of that part, if told."""
        is_formula = self.code.startswith("formula.") and "part" in self.params
        return {name: self.params[name] for name in ("part", "operands") if name in self.params} if is_formula else {}

    def __str__(self) -> str:
        return self.told(self.sentence)

    def told(self, sentence: str) -> str:
        """`file:line:column: code: sentence (pointer)`, the form the command line prints."""
        place = f"{self.file}:{self.line}:{self.column}: " if self.file else ""
        pointer = f" ({self.pointer})" if self.pointer else ""
        return f"{place}{self.code}: {sentence}{pointer}"


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems by where they are."""
    return tuple(sorted(problems, key=lambda each: (each.file, each.line, each.column, each.pointer)))


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an accident
    """Somebody asked for something that cannot be done; nothing has changed."""

    def __init__(self, *problems: Problem) -> None:
        """Carry every problem, sorted by where it is."""
        self.problems = in_order(problems)
        super().__init__("; ".join(map(str, self.problems)))


class Invalid(Refused):
    """What was sent does not fit the definition in force."""


class DefinitionInvalid(Refused):
    """What the author wrote cannot run."""


class Malformed(Refused):
    """The message itself cannot be read: broken JSON, broken UTF-8, unusable parameters."""


class TooLarge(Refused):
    """More was sent than is ever accepted."""


class Unauthenticated(Refused):
    """Nobody is signed in, or the token is not known."""


class NotAllowed(Refused):
    """This person may not do this; the problem says why."""


class Unknown(Refused):
    """There is no such thing, or nothing that this person may see."""


class Conflict(Refused):
    """The thing has moved on since the sender looked at it."""


class Stale(Refused):
    """The revision named in `If-Match` is not the present one."""


class Throttled(Refused):
    """Too many attempts; try again later."""


class Busy(Refused):
    """The database could not be locked in time; the same request may be sent again."""


def refuse_if_any(error: type[Refused], problems: Iterable[Problem]) -> None:
    """Raise `error` with all problems, or return when there are none."""
    if found := tuple(problems):
        raise error(*found)


def _translated(words: str, translate: Callable[[str], str]) -> str:
    """Words joined by " / ", each translated."""
    return " / ".join(map(translate, words.split(" / ")))


def worded(sentence: str, params: Mapping[str, str]) -> str:
    """The sentence with every `{name}` that has a value replaced by it; nothing in a value is interpreted."""
    return _PLACEHOLDER.sub(lambda found: params.get(found[1], found[0]), sentence)


def nearest(given: str, known: Iterable[str]) -> str:
    """The known names as a sentence lists them: the likeliest meant first, then the others, then "…"."""
    names = list(dict.fromkeys(known))
    meant = difflib.get_close_matches(given, names, n=3, cutoff=0.6)
    ordered = meant + [name for name in names if name not in meant]
    return ", ".join(ordered[:NAMES_LISTED]) + (", …" if len(ordered) > NAMES_LISTED else "")
