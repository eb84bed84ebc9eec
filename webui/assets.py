"""Built scripts and styles: their names with hashes, and how they are sent (compressed beforehand, kept for ever)."""

import json
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory, url_for

DIST = Path(__file__).resolve().parent / "static" / "dist"
ENCODINGS = {"br": ".br", "gzip": ".gz"}  # the better one first; waitress compresses nothing itself
YEAR_SECONDS = 31_536_000

blueprint = Blueprint("assets", __name__)


@lru_cache(maxsize=1)
def manifest() -> dict[str, str]:
    """Plain name → name with hash. Raises FileNotFoundError where `make frontend` was never run."""
    names: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    return names


def asset(name: str) -> str:
    """The address of a built file (`app.js`, `sprite.svg`, `diagram.css` …)."""
    return url_for("assets.send", name=manifest()[name])


@blueprint.get("/assets/<path:name>")
def send(name: str) -> Response:
    if name not in manifest().values():
        abort(404)
    encoding = next((each for each in ENCODINGS if request.accept_encodings.quality(each)), None)
    response = send_from_directory(DIST, name + ENCODINGS.get(encoding or "", ""), max_age=YEAR_SECONDS)
    response.content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    response.cache_control.immutable = True
    return response
