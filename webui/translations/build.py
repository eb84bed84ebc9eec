"""Compiles the catalogues; `python -m webui.translations.build` compiles, `… extract` lists what has no Chinese yet."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
WEBUI = HERE.parent
LANGUAGES = ("zh",)  # English is what stands in the code
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_gettext": None,
    "_n": (1, 2),
}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}


class BadCatalogue(Exception):
    """Two files of one language translate the same text differently, or a file cannot be read."""


def build() -> int:
    """Write one `messages.mo` per language from its .po files; how many texts it holds. Raises BadCatalogue."""
    texts = 0
    for language in LANGUAGES:
        catalogue = read(language)
        target = HERE / language / "LC_MESSAGES" / "messages.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        written = io.BytesIO()
        write_mo(written, catalogue)
        target.write_bytes(written.getvalue())
        texts += len(catalogue)
    return texts


def read(language: str) -> Catalog:
    """All .po files of a language as one catalogue."""
    whole = Catalog(locale=language, fuzzy=False)
    for path in sorted((HERE / language).glob("*.po")):
        with path.open("rb") as file:
            part = read_po(file, locale=language, abort_invalid=True)
        for message in part:
            known = whole.get(message.id, message.context) if message.id else None
            if known is not None and known.string != message.string:
                raise BadCatalogue(f"{path.name}: '{message.id}' is translated twice, differently: keep one")
            if message.id:
                whole.add(message.id, message.string, context=message.context, flags=message.flags)
    return whole


def extract() -> Catalog:
    """Every text of the pages and words, as the code has it."""
    found = Catalog()
    for name, line, text, _comments, context in _texts():
        found.add(text, locations=[(name, line)], context=context)
    return found


def missing(language: str) -> Catalog:
    """Texts of the code without a translation."""
    known, lacking = read(language), Catalog()
    for message in extract():
        translated = known.get(message.id, message.context) if message.id else message
        if message.id and (translated is None or not translated.string or not _complete(translated.string)):
            lacking.add(message.id, locations=message.locations, context=message.context)
    return lacking


def _complete(string: str | list[str] | tuple[str, ...]) -> bool:
    return bool(string) if isinstance(string, str) else all(string)


def _texts() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    skipped = ("frontend", "static", "translations")
    yield from extract_from_dir(
        WEBUI, METHODS, OPTIONS, KEYWORDS, directory_filter=lambda path: Path(path).name not in skipped
    )


def main(arguments: list[str]) -> None:
    """The command."""
    if arguments == ["extract"]:
        listed = io.BytesIO()
        for language in LANGUAGES:
            write_po(listed, missing(language), omit_header=True)
        sys.stdout.write(listed.getvalue().decode())
        return
    sys.stdout.write(f"{build()} texts compiled\n")


if __name__ == "__main__":
    main(sys.argv[1:])
