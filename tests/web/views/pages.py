"""A page as a reader of HTML finds it: elements, the words on it, and forms filled as the page fills them."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from werkzeug.datastructures import MultiDict

VOID: Final = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
#: Their text is for programs.
UNREAD: Final = frozenset({"script", "style", "template", "noscript"})
#: Attributes that people read or hear.
SPOKEN: Final = ("aria-label", "title", "placeholder", "alt", "data-none", "data-hint")


class Element:
    """An element and what stands in it."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: "Element | None") -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def classes(self) -> list[str]:
        return self.get("class").split()

    def within(self) -> Iterator["Element"]:
        """This element and all in it, but not what a template holds for later."""
        yield self
        if self.tag != "template":
            for each in self.children:
                if isinstance(each, Element):
                    yield from each.within()

    def all(self, tag: str = "", class_: str = "", **wanted: str) -> list["Element"]:
        """Elements in it with this tag, class and attributes; `_` in a name stands for `-`."""
        names = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        return [
            each
            for each in self.within()
            if (not tag or each.tag == tag)
            and (not class_ or class_ in each.classes)
            and all(each.attributes.get(name) == value for name, value in names.items())
        ]

    def one(self, tag: str = "", class_: str = "", **wanted: str) -> "Element":
        """The only such element."""
        found = self.all(tag, class_, **wanted)
        assert len(found) == 1, (tag, class_, wanted, len(found))
        return found[0]

    @property
    def texts(self) -> list[str]:
        """Its pieces of text that are read, each as HTML sets it."""
        if self.tag in UNREAD:
            return []
        pieces = [each.texts if isinstance(each, Element) else [" ".join(each.split())] for each in self.children]
        return [text for piece in pieces for text in piece if text]

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    @property
    def raw(self) -> str:
        """Its text as it stands there."""
        return "".join(each if isinstance(each, str) else each.raw for each in self.children)

    @property
    def words(self) -> set[str]:
        """Everything on it that people read or hear."""
        spoken = (each.get(name) for each in self.within() for name in SPOKEN)
        return {*self.texts, *filter(None, spoken)}

    @property
    def fields(self) -> "MultiDict[str, str]":
        """What a browser would send of this form, without any button."""
        sent: MultiDict[str, str] = MultiDict()
        for each in self.within():
            if (name := each.get("name")) and "disabled" not in each.attributes:
                for value in _sent(each):
                    sent.add(name, value)
        return sent

    def field(self, name: str) -> "Element":
        """The visible input of that name."""
        return next(each for each in self.all(name=name) if each.get("type") != "hidden")

    def error_of(self, name: str) -> str:
        """What is said to be wrong with the input of that name, where a screen reader would find it."""
        said = self.field(name)
        assert said.get("aria-invalid") == "true", f"{name} is not marked"
        ids = said.get("aria-describedby").split()
        return " ".join(each.text for each in self.within() if each.get("id") in ids and "error" in each.classes)


def _sent(field: Element) -> list[str]:
    if field.tag == "textarea":
        return [field.raw.removeprefix("\n")]
    if field.tag == "select":
        options = field.all("option")
        chosen = [each for each in options if "selected" in each.attributes] or options[:1]
        return [each.attributes.get("value", each.text) for each in chosen]
    if field.tag != "input" or field.get("type") in {"file", "submit"}:
        return []
    if field.get("type") in {"checkbox", "radio"} and "checked" not in field.attributes:
        return []
    return [field.get("value")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._here = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says something twice: {names}"
        made = Element(tag, {name: value or "" for name, value in attrs}, self._here)
        self._here.children.append(made)
        if tag not in VOID:
            self._here = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._here.children.append(Element(tag, {name: value or "" for name, value in attrs}, self._here))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._here.tag == tag, f"</{tag}> closes <{self._here.tag}>"
            assert self._here.parent is not None
            self._here = self._here.parent

    def handle_data(self, data: str) -> None:
        self._here.children.append(data)


def read_page(html: str) -> Element:
    """The page, which must be well-formed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root
