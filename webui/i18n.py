"""Which language a page speaks, and how the catalogue is asked; Chinese unless the person chose English."""

from pathlib import Path
from typing import Any

import flask_babel
from flask import Flask, g, request, session

LANGUAGES = {"zh": "中文", "en": "English"}
HTML_LANG = {"zh": "zh-CN", "en": "en"}
DEFAULT = "zh"


def gettext(text: str, **fields: Any) -> str:
    """The text in the reader's language."""
    return str(flask_babel.gettext(text, **fields))


def ngettext(one: str, many: str, num: int, **fields: Any) -> str:
    """The text for this number of things; the text names it `%(num)s`."""
    return str(flask_babel.ngettext(one, many, num, **fields))


def pgettext(context: str, text: str, **fields: Any) -> str:
    """The text as it is meant in this context (a verb, a noun)."""
    return str(flask_babel.pgettext(context, text, **fields))


def lazy_gettext(text: str) -> Any:
    """The text, translated when it is shown: for constants of modules."""
    return flask_babel.lazy_gettext(text)


def language() -> str:
    """`zh` or `en` for the present request."""
    return str(flask_babel.get_locale() or DEFAULT)


def install(app: Flask) -> None:
    """Teach the pages both languages; moments are shown as the clock on the wall in Shanghai says."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(__file__).parent / "translations")
    flask_babel.Babel(app, default_locale=DEFAULT, default_timezone="Asia/Shanghai", locale_selector=_choose)
    app.context_processor(_for_templates)


def _choose() -> str:
    asked = request.args.get("lang") if request.endpoint == "signin.show" else None
    viewer = g.get("viewer")
    for_program = request.path.startswith("/api/") and not (viewer and request.endpoint == "api.docs")
    if for_program and "Accept-Language" in request.headers:
        asked = _accepted()  # a program says it with each request
    chosen = asked or (viewer and viewer.language) or session.get("language")
    return chosen if chosen in LANGUAGES else DEFAULT


def _accepted() -> str | None:
    """The first language of Accept-Language that is spoken here: `zh-CN` is `zh`."""
    wanted = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((each for each in wanted if each in LANGUAGES), None)


def _for_templates() -> dict[str, Any]:
    return {"language": language(), "html_lang": HTML_LANG[language()], "languages": LANGUAGES}
