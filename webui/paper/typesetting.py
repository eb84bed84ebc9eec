"""Turns the words of a paper into a PDF: the same words make the same bytes, and are set once."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import orjson
import typst

from engine.kernel.errors import Unavailable
from webui.assets import DIST

LAYOUT = Path(__file__).with_name("letter.typ")
FACES = DIST / "fonts"
KEPT = 64

_kept: OrderedDict[str, bytes] = OrderedDict()
_one_at_a_time = Lock()  # a compiler holds its inputs; the second reader of the same paper finds it set


def pdf(words: Mapping[str, Any], at: datetime) -> bytes:
    """The paper as PDF/A-2a (tagged, fonts inside), dated `at`; the last 64 are remembered.

    Raises Unavailable `paper.face` where the Chinese face was not built, `paper.unset` for what cannot be set.
    """
    text = orjson.dumps(words, option=orjson.OPT_SORT_KEYS).decode()
    key = hashlib.sha256(f"{at.isoformat()}{text}".encode()).hexdigest()
    with _one_at_a_time:
        if key not in _kept:
            _kept[key] = _set(text, at)
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        return _kept[key]


def _set(text: str, at: datetime) -> bytes:
    compiler = _compiler()
    try:
        made = compiler.compile(LAYOUT, sys_inputs={"paper": text}, timestamp=at, pdf_standards=["a-2a"])
    except typst.TypstError as failed:
        raise Unavailable("paper.unset", f"the letter could not be typeset: {failed.message}") from failed
    return bytes(made)  # type: ignore[arg-type]  # one PDF, since no output file is named


@cache
def _compiler() -> typst.Compiler:
    if not any(FACES.glob("*.otf")):
        raise Unavailable("paper.face", f"there is no face in {FACES}: run `make frontend`")
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FACES])
    return typst.Compiler(font_paths=faces)
