"""Whatever a page says comes from the catalogue: no template and no view shows a sentence of its own."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from babel.messages.extract import DEFAULT_KEYWORDS
from jinja2 import Environment

from tests.house.sources import ROOT, code, shown, written

#: Attributes that people read or hear.
READ: Final = frozenset({"alt", "aria-description", "aria-label", "placeholder", "title"})
CODE: Final = frozenset({"script", "style"})
#: Said alike in every language: keys of a keyboard, patterns of dates, file names, the brand, languages in themselves.
SAME: Final = frozenset({"Ctrl+S", "Ctrl+Enter", "YYYY-MM-DD", "YYYY-MM-DD HH:MM", "HH:MM", "斗拱", "中文", "English"})
#: As a macro writes them that fills the inside of a tag.
ATTRIBUTE: Final = re.compile(r'[\w-]+="[^"]*"')
LETTER: Final = re.compile(r"[^\W\d_]")
HAN: Final = re.compile(r"[\u4e00-\u9fff]")
#: English words as people read them, not a key, a header or an address.
PHRASE: Final = re.compile(r"[A-Z][a-z]+(?: [A-Za-z]+)+[.!?]?")
#: Keys under which views hand words to templates.
WORDS: Final = frozenset({"help", "label", "message", "placeholder", "text", "title", "tooltip"})
VIEWS: Final = ("web/errors.py", "web/forms", "web/present", "web/views")


class Texts(HTMLParser):
    """What a template says between and in its tags, once its expressions are taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_code = tag in CODE
        self.found += [value for name, value in attrs if name in READ and value]

    def handle_endtag(self, tag: str) -> None:
        self._is_code = self._is_code and tag not in CODE

    def handle_data(self, data: str) -> None:
        if not self._is_code:
            self.found.append(ATTRIBUTE.sub("", data))


def said_by_template(source: str) -> Iterator[str]:
    tokens = Environment(autoescape=True).lex(source)
    texts = Texts()
    texts.feed("".join(text for _, kind, text in tokens if kind == "data"))
    texts.close()
    for found in (" ".join(each.split()) for each in texts.found):
        if LETTER.search(found) and found not in SAME:
            yield found


def said_by_view(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    translated = {id(part) for node in ast.walk(tree) if _translates(node) for part in ast.walk(node)}
    explained = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    labels = {
        id(value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value in WORDS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in translated | explained:
            text = node.value
            is_word = id(node) in labels and LETTER.search(text)
            if (HAN.search(text) or PHRASE.fullmatch(text) or is_word) and text not in SAME:
                yield text


def _translates(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DEFAULT_KEYWORDS


def _views() -> Iterator[Path]:
    for place in VIEWS:
        path = ROOT / place
        yield from (each for each in code(".py", folders=(place,))) if path.is_dir() else (path,)


def test_no_template_shows_a_sentence_of_its_own() -> None:
    templates = (path for path in written(ROOT / "web/templates") if path.suffix == ".html")
    found = [f"{shown(path)}: {each}" for path in templates for each in said_by_template(path.read_text("utf-8"))]
    assert found == []


def test_no_view_shows_a_sentence_of_its_own() -> None:
    assert [f"{shown(path)}: {each}" for path in _views() for each in said_by_view(path.read_text("utf-8"))] == []


def test_a_sentence_of_its_own_is_noticed() -> None:
    template = """{# A note. #}<h1 title="Now">{{ _("Done") }} once</h1><p class="wide">{% if x %}完{% endif %}</p>
    <button value="{{ x }}" aria-label="{{ _('Close') }}" title="Ctrl+S">+</button><script>let x = 1</script>"""
    assert [*said_by_template(template)] == ["Now", "once", "完"]
    view = '''"""A note."""
page({"title": "Users", "url": "Users", "text": gettext("One of them")}, "斗拱", "人", "Not yet.", _("At last"))'''
    assert sorted(said_by_view(view)) == ["Not yet.", "Users", "人"]
