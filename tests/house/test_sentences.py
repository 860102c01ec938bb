"""Every code has its sentence, every sentence a code that uses it, and every message its Chinese."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from engine.sentences import SENTENCES
from tests.house.codes import Mention, mentions
from tests.house.sources import ROOT, code, is_ours

CATALOGUE: Final = ROOT / "web/translations/zh_CN/LC_MESSAGES/messages.po"
#: Of a sentence, or of a message with numbers in it.
PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}|%\(([a-z_]+)\)")
#: Chinese is set without spaces before and after Latin, which browsers add, and with its own marks.
UNCHINESE: Final = re.compile(r"[\u3001-\uffef] [!-~]|[!-~] [\u3001-\uffef]|[\u4e00-\u9fff][,;:!?]")
#: A module's own rules bring their own words.
OWN_WORDS: Final = "rule.{}"


@cache
def named() -> tuple[Mention, ...]:
    files = (path for path in code(".py", folders=("engine", "web")) if not path.name.endswith("sentences.py"))
    return tuple(each for path in files for each in mentions(path) if each.code != OWN_WORDS)


def meant(mention: Mention, sentences: Iterable[str]) -> set[str]:
    pattern = re.compile(re.escape(mention.code).replace(r"\{\}", "[a-z0-9_]+"))
    return {each for each in sentences if pattern.fullmatch(each)}


def speechless(found: Iterable[Mention], sentences: Mapping[str, str]) -> Iterator[str]:
    nouns = {each.partition(".")[0] for each in sentences}
    for mention in found:
        if (mention.is_raised or mention.code.partition(".")[0] in nouns) and not meant(mention, sentences):
            yield f"{mention.place}: {mention.code}"


def unused(found: Iterable[Mention], sentences: Mapping[str, str]) -> set[str]:
    return set(sentences).difference(*(meant(each, sentences) for each in found))


def unfilled(found: Iterable[Mention], sentences: Mapping[str, str]) -> Iterator[str]:
    for mention in found:
        if mention.params is not None:
            for each in sorted(meant(mention, sentences)):
                missing = placeholders(sentences[each]) - mention.params
                yield from (f"{mention.place}: {each} gets no {name}" for name in sorted(missing))


def placeholders(sentence: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(sentence)}


def messages() -> set[str]:
    """Everything that Babel finds to translate, the first form of a plural standing for both."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    methods = [(rule["pattern"], rule["method"]) for rule in rules]
    found = extract_from_dir(ROOT, methods, directory_filter=lambda folder: is_ours(Path(folder)))
    return {text if isinstance(text, str) else text[0] for _file, _line, text, _notes, _context in found}


def untranslated(wanted: Iterable[str], catalogue: Catalog) -> Iterator[str]:
    for text in sorted(wanted):
        message = catalogue.get(text)
        if message is None or not message.string or message.fuzzy:
            yield f"not translated: {text}"
        else:
            given = message.string if isinstance(message.string, str) else message.string[0]
            if placeholders(given) != placeholders(text):
                yield f"other placeholders: {text} → {given}"


def strangely_set(catalogue: Catalog) -> Iterator[str]:
    for message in catalogue:
        forms = (message.string,) if isinstance(message.string, str) else message.string or ()
        yield from (each for each in forms if message.id and UNCHINESE.search(each))


def test_every_code_has_a_sentence() -> None:
    assert [*speechless(named(), SENTENCES)] == []


def test_every_sentence_is_said_somewhere() -> None:
    assert unused(named(), SENTENCES) == set()


def test_every_placeholder_gets_its_value() -> None:
    assert [*unfilled(named(), SENTENCES)] == []


def test_every_message_is_translated() -> None:
    with CATALOGUE.open("rb") as text:
        assert [*untranslated(messages(), read_po(text, locale="zh_CN"))] == []


def test_chinese_is_set_as_chinese() -> None:
    with CATALOGUE.open("rb") as text:
        assert [*strangely_set(read_po(text, locale="zh_CN"))] == []


def test_the_messages_of_python_and_of_templates_are_found() -> None:
    assert {*SENTENCES.values(), "Save"} <= messages()


def test_a_gap_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "part.py"
    lines = (
        'raise Invalid(Problem("page.torn", "/a", {"given": "x"}))',
        'raise Unreadable("page.wet" if rain else "page.dry", given=raw, count="1")',
        'yield at.undefined("page", given, known)',
        'TABLE = {"maximum": "page.too_many", "template": "page.html"}',
        'yield Problem(f"page.{reason}", "", params)',
        'link = url_for("page.show")',
    )
    file.write_text("\n".join(lines), encoding="utf-8")
    found = [*mentions(file)]
    known = {"page.wet": "{given} and {limit}", "page.dry": "", "page.undefined": "{given}, {known}", "book.lost": ""}
    assert sorted({*speechless(found, known)}) == ["part.py:1: page.torn", "part.py:4: page.too_many"]
    assert unused(found, known) == {"book.lost"}
    assert [*unfilled(found, known)] == ["part.py:2: page.wet gets no limit"]


def test_a_missing_translation_is_noticed() -> None:
    catalogue = Catalog(locale="zh_CN")
    catalogue.add("Save", "保存")
    catalogue.add("Send", "发送", flags=["fuzzy"])
    catalogue.add("Go", "")
    catalogue.add("At most {limit}.", "最多{count}。")
    catalogue.add(("%(num)d line", "%(num)d lines"), ("%(num)d行",))
    wanted = ("At most {limit}.", "Go", "Gone", "Save", "Send", "%(num)d line")
    assert [*untranslated(wanted, catalogue)] == [
        "other placeholders: At most {limit}. → 最多{count}。",
        "not translated: Go",
        "not translated: Gone",
        "not translated: Send",
    ]


def test_chinese_set_like_english_is_noticed() -> None:
    catalogue = Catalog(locale="zh_CN")
    good = ("没有“{given}”，可用的有：{known}。", "共%(total)s条 · 第%(page)s页", "请发送JSON（application/json）。")
    bad = ("最多 {limit} 项。", "JSON 没有{given}。", "没有,只有一项。", "标识:")
    for number, text in enumerate((*good, *bad)):
        catalogue.add(str(number), text)
    assert [*strangely_set(catalogue)] == [*bad]
