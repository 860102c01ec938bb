"""Scripts and templates say only what the catalogue of the page holds, and every field type has its macro."""

import re
from pathlib import Path
from typing import Final

from engine.fields import FIELD_TYPES
from tests.browser.showroom import showroom

WEB: Final = Path(__file__).parents[2] / "web"


def test_every_sentence_of_a_script_comes_from_the_page_and_no_other_does() -> None:
    said = re.compile(
        r'say\(\s*(?:by < 0 \? "([^"]+)" : )?"([^"]+)"|^ {2}\d+: "([^"]+)"|\?\? "(That[^"]+)"', re.MULTILINE
    )
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in sorted((WEB / "assets").rglob("*.ts")))
    spoken = {sentence for found in said.findall(scripts) for sentence in found if sentence}
    templates = "".join(
        (WEB / "templates" / name).read_text(encoding="utf-8") for name in ("base.html", "form_words.html")
    )
    written = set(re.findall(r'^  "([^"]+)": _\("\1"\),$', templates, re.MULTILINE))
    codes = set(re.findall(r'^  "([a-z]+\.[a-z_]+)": _\(', templates, re.MULTILINE))
    assert written <= spoken <= written | codes


def test_every_field_type_has_a_macro() -> None:
    app = showroom()
    with app.test_request_context():
        macros = app.jinja_env.get_template("fields.html").module
        missing = {each.widget for each in FIELD_TYPES} - set(macros.widgets)  # type: ignore[attr-defined]
    assert missing == set()


def test_every_icon_that_a_template_names_exists() -> None:
    icons = WEB.parent / "node_modules" / "bootstrap-icons" / "icons"
    templates = (path.read_text(encoding="utf-8") for path in sorted((WEB / "templates").rglob("*.html")))
    named = {name for text in templates for name in re.findall(r'icon\("([a-z0-9-]+)"\)', text)}
    assert {name for name in named if not (icons / f"{name}.svg").exists()} == set()
