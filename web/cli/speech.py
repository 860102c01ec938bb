"""In which language the command line speaks: Chinese where the system's settings begin with "zh", else English."""

import os
from functools import cache
from pathlib import Path
from typing import Final

import click
from babel import Locale
from babel.support import NullTranslations, Translations

from engine.problems import Problem, Refused

FOLDER: Final = Path(__file__).parents[1] / "translations"
CHINESE: Final = "zh_CN"
#: Of these the first that is set counts, as for every program.
SETTINGS: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


def language() -> str:
    """The reader's language."""
    chosen = next(filter(None, (os.environ.get(each) for each in SETTINGS)), "")
    return CHINESE if chosen.startswith("zh") else "en"


def gettext(message: str) -> str:
    """The message in the reader's language."""
    return _catalogue(language()).gettext(message)


def told(problem: Problem) -> str:
    """The problem as a line: `file:line:column: code: sentence (pointer)`."""
    return problem.told(problem.said(gettext, language()))


def complain(refusal: Refused) -> None:
    """Tell every problem, a line each, on standard error."""
    for problem in refusal.problems:
        click.echo(told(problem), err=True)


@cache
def _catalogue(locale: str) -> NullTranslations:
    # Compiled under the full name of the locale: zh_CN is zh_Hans_CN there.
    return Translations.load(FOLDER, [str(Locale.parse(locale))])
