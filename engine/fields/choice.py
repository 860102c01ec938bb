"""One of several values that the author lists."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import chain, repeat

from engine.definition.model import Field, Json, Option
from engine.fields import keywords
from engine.fields.characters import abbreviated
from engine.fields.exact import rounded
from engine.fields.field_type import Audience, FieldType, Storage, Unreadable
from engine.fields.json import dumped, same
from engine.problems import nearest


class Choice(FieldType):
    """One of the values of `enum`, or of alternatives with a `const` each; their titles are what people read."""

    name = "choice"
    keywords = keywords.CHOICE
    widget = "choice"

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.options = listed(field.schema)
        self.storage = _storage(self.options)
        self._others = {dumped(each.value) for each in self.options if not isinstance(each.value, str)}

    def read(self, raw: Json) -> Json:
        """Exactly one of the values."""
        for option in self.options:
            if same(option.value, raw):
                return option.value
        raise Unreadable("field.choice", known=self.known(raw))

    def rounded(self, number: Decimal, scale: int, mode: str) -> Json:
        """The value that a calculated number comes to."""
        return self.read(rounded(number, scale, mode))

    def known(self, raw: Json) -> str:
        """The values as a sentence lists them, the one likeliest meant by `raw` first."""
        return nearest(abbreviated(raw), (_worded(each.value) for each in self.options))

    def typed(self, text: str, audience: Audience) -> Json:
        """The text of a value, or the title that people read."""
        option = self.meant(text, audience)
        return option.value if option else text.strip()

    def meant(self, text: str, audience: Audience) -> Option | None:
        """The option that a typed text stands for: its value goes before another one's title."""
        text = text.strip()
        values = (each for each in self.options if text == self.edited(each.value, audience))
        titles = (each for each in self.options if text in {each.title, audience.label(each.title)})
        return next(chain(values, titles), None)

    def schema(self) -> Mapping[str, Json]:
        """The values with their titles."""
        titled = [{"const": each.value, "title": each.title} for each in self.options]
        kind = {Storage.TEXT: {"type": "string"}, Storage.INTEGER: {"type": "integer"}}.get(self.storage, {})
        return {**keywords.annotations(self.field), **kind, **self.limits(), "oneOf": titled}

    def checked(self) -> Mapping[str, Json]:
        """The values alone."""
        return {**self.limits(), "enum": [each.value for each in self.options]}

    def show(self, value: Json, audience: Audience) -> str:
        """The title; a value that is no longer listed is shown as it is."""
        title = next((each.title for each in self.options if same(each.value, value)), _worded(value))
        return audience.label(title)

    def edited(self, value: Json, _audience: Audience) -> str:
        """Text as it is, in quotes only when it looks like another of the values; what is no text as JSON."""
        return value if isinstance(value, str) and value not in self._others else dumped(value)

    def limits(self) -> dict[str, Json]:
        """What the author's keywords say beside listing the values."""
        limits = keywords.assertions(self.field.schema)
        return {keyword: limit for keyword, limit in limits.items() if keyword not in {"type", _listing(limits)}}


def listed(schema: Mapping[str, Json]) -> tuple[Option, ...]:
    """The values that a schema lists, with their titles; `null` is left out, as nothing chosen is no value."""
    schema = keywords.merged(schema)
    keyword = _listing(schema)
    if keyword == "enum":
        titles = chain(schema.get("x-enum-titles", schema.get("enumNames", ())), repeat(""))
        pairs = list(zip(schema["enum"], titles, strict=False))
    elif keyword == "const":
        pairs = [(schema["const"], "")]
    else:
        pairs = [(each["const"], each.get("title", "")) for each in schema.get(keyword, ())]
    return tuple(Option(value=value, title=title or _worded(value)) for value, title in pairs if value is not None)


def _storage(options: tuple[Option, ...]) -> Storage:
    """Text or integer when all values are that; JSON for anything else and every mixture."""
    if all(isinstance(each.value, str) for each in options):
        return Storage.TEXT
    is_whole = all(isinstance(each.value, int) and not isinstance(each.value, bool) for each in options)
    return Storage.INTEGER if is_whole else Storage.JSON


def _listing(schema: Mapping[str, Json]) -> str:
    """The keyword that lists the values; "" when there is none."""
    if "enum" in schema:
        return "enum"
    for keyword in ("oneOf", "anyOf"):
        alternatives = schema.get(keyword, ())
        if alternatives and all(isinstance(each, dict) and "const" in each for each in alternatives):
            return keyword
    return "const" if "const" in schema else ""


def _worded(value: Json) -> str:
    return value if isinstance(value, str) else dumped(value)
