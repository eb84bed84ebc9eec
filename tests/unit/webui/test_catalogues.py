"""The catalogues: everything is translated, nothing is left over, placeholders agree, code holds no Chinese."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tests.paths import ROOT
from webui.translations import build

PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w+)\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SPEAKS_CHINESE = {
    "webui/dates.py",
    "webui/money.py",
    "webui/i18n.py",
    "webui/admin/calendar.py",
    "webui/design.py",
    "webui/templates/design/show.html",
}
LEFT_OUT = {"frontend", "static", "translations", "demo"}
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?](?=[\u4e00-\u9fff])")


@pytest.mark.parametrize("language", build.LANGUAGES)
def test_u12_every_text_of_the_pages_is_translated(language: str) -> None:
    lacking = [f"{message.id} {message.locations}" for message in build.missing(language) if message.id]

    assert lacking == []


@pytest.mark.parametrize("language", build.LANGUAGES)
def test_u12_no_translation_is_left_without_its_text(language: str) -> None:
    known = {(_one(message), message.context) for message in build.extract() if message.id}

    stale = [
        message.id for message in build.read(language) if message.id and (_one(message), message.context) not in known
    ]

    assert stale == []


@pytest.mark.parametrize("language", build.LANGUAGES)
def test_placeholders_are_the_same_in_both_languages(language: str) -> None:
    differing = [
        message.id
        for message in build.read(language)
        if message.id and not _placeholders(message.string) <= _placeholders(message.id)
    ]

    assert differing == []


def test_chinese_uses_its_own_punctuation() -> None:
    wrong = [message.string for message in build.read("zh") if HALF_WIDTH.search(str(message.string))]

    assert wrong == []


def test_no_chinese_stands_in_code_or_templates() -> None:
    """Chinese belongs into the catalogue; names of days and capital numerals are formats, not sentences."""
    files = [
        path
        for ending in ("*.py", "*.html")
        for path in (ROOT / "webui").rglob(ending)
        if LEFT_OUT.isdisjoint(path.relative_to(ROOT / "webui").parts)
        and _name(path) not in SPEAKS_CHINESE
        and not path.stem.endswith("_cli")
    ]

    chinese = [f"{_name(path)}: {text}" for path in files if (text := _spoken(path))]

    assert chinese == []


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _spoken(path: Path) -> str:
    """The first Chinese in the file that is neither comment nor docstring."""
    text = path.read_text()
    comments = r"\{#.*?#\}" if path.suffix == ".html" else r'""".*?"""|#[^\n]*'
    found = CHINESE.search(re.sub(comments, "", text, flags=re.DOTALL))
    return found[0] if found else ""


def _one(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _placeholders(texts: object) -> set[str]:
    joined = texts if isinstance(texts, str) else " ".join(texts)  # type: ignore[call-overload]  # forms of a plural
    return {first or second for first, second in PLACEHOLDER.findall(joined)}
