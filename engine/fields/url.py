"""A web address."""

import re
from typing import Final
from urllib.parse import urlsplit

from engine.definition.model import Json
from engine.fields.characters import abbreviated, read_text
from engine.fields.field_type import FieldType, Storage, Unreadable
from engine.fields.keywords import TEXT

#: Longest address that every browser takes.
_LONGEST: Final = 2048
#: Browsers read a backslash as a slash, so that "https://a.cn\@b.cn" would lead elsewhere than it seems.
_NEVER: Final = re.compile(r"[\s\\<>\"]")


class Url(FieldType):
    """An address that begins with http:// or https://; nothing else may become a link."""

    name = "url"
    keywords = TEXT
    widget = "url"
    format = "iri"
    storage = Storage.TEXT

    def read(self, raw: Json) -> str:
        """An address with a host."""
        text = read_text(raw, "field.url")
        if len(text) > _LONGEST or _NEVER.search(text) or not _has_web_host(text):
            raise Unreadable("field.url", given=abbreviated(text))
        return text


def _has_web_host(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or port that cannot be
        return False
