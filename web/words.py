"""What is wrong, in the reader's language."""

from flask_babel import get_locale, gettext

from engine.problems import Problem


def sentence(problem: Problem) -> str:
    """The problem's sentence, translated; a module's own rule brings its own words."""
    locale = get_locale()
    # Without the script that Babel adds: modules name their translations as people name languages.
    return problem.said(gettext, "_".join(filter(None, (locale.language, locale.territory))) if locale else "")
