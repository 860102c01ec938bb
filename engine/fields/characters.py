"""Characters: which may be kept, and what people's keyboards and spreadsheets put in place of the plain ones."""

import json
import re
from decimal import Decimal
from typing import Final

from engine.definition.model import Json
from engine.fields.field_type import Unreadable

#: Control characters but tab and line break, and halves of surrogate pairs: PostgreSQL cannot store NUL, UTF-8 has no
#: form for a lone surrogate, and the others are leftovers of copying that nobody sees.
_REFUSED: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

_ABBREVIATED: Final = 40

#: Full-width forms of ASCII; the ideographic space, the full-width yen sign and the minus sign.
_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | str.maketrans("\u3000￥−", " ¥-")


def read_text(raw: Json, code: str = "field.text", pointer: str = "") -> str:
    """The text with bare line feeds, or `Unreadable`: with `code` when it is no text at all."""
    if not isinstance(raw, str):
        raise Unreadable(code, pointer, given=abbreviated(raw))
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if found := _REFUSED.search(text):
        raise Unreadable("field.characters", pointer, given=f"U+{ord(found[0]):04X}")
    return text


def half_width(text: str) -> str:
    """The trimmed text with full-width digits, letters and signs as the ASCII ones: "１２３％" becomes "123%"."""
    return text.translate(_HALF_WIDTH).strip()


def abbreviated(raw: Json) -> str:
    """What was given, short enough for a sentence and fit to be sent."""
    text = str(raw) if isinstance(raw, str | Decimal) else json.dumps(raw, ensure_ascii=False, default=str)
    text = text if len(text) <= _ABBREVIATED else f"{text[:_ABBREVIATED]}…"
    return text.encode(errors="replace").decode()
