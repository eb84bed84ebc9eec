"""The README of a process as a page: Markdown that cannot bring HTML or scripts of its own."""

import re
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

SAFE_KEY = re.compile(r"^[A-Za-z][A-Za-z0-9_.-]{0,79}$")
# headings start below the page's own; raw HTML is shown as text
_reader = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")


def of(folder: Path, key: str) -> Markup | None:
    """The README in the process's folder below `folder`, None where there is none."""
    path = folder / key / "README.md"
    if not SAFE_KEY.match(key) or not path.is_file():
        return None
    html = _reader.render(path.read_text(encoding="utf-8"))
    return Markup(re.sub(r"<(/?)h([1-4])>", _lower, html))  # noqa: S704  (the reader escapes what it does not know)


def _lower(found: re.Match[str]) -> str:
    return f"<{found[1]}h{int(found[2]) + 1}>"
