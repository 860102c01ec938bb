"""Full-width punctuation, as Chinese input methods type it, is read as what it stands for; text in quotes stays."""

import re
from typing import Final

_HALF: Final = str.maketrans("，（）＝＋－＊／＜＞％＆．０１２３４５６７８９", ",()=+-*/<>%&.0123456789")
#: Text in quotes, as a formula or, with nothing in quotes right beside it, as an input method writes them; else a sign.
_PIECES: Final = re.compile(
    r'"(?:""|[^"])*"?|(?<!["“”＂])[“”＂]([^“”＂"]*)[“”＂](?!["“”＂])|[，（）＝＋－＊／＜＞％＆．０-９]'
)


def half_width(text: str) -> str:
    """The formula as its grammar knows it: just as long, so that every place stays where it is."""
    return text if text.isascii() else _PIECES.sub(_halved, text)


def _halved(piece: re.Match[str]) -> str:
    if piece[0].startswith('"'):
        return piece[0]
    return piece[0].translate(_HALF) if piece[1] is None else f'"{piece[1]}"'
