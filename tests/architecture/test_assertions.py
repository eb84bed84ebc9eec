"""`docs/assertions.md` names a test for each row of the pages' specification, and no test that is not there."""

import ast
import re
from pathlib import Path

from tests.paths import ROOT

TABLE = ROOT / "docs" / "assertions.md"
ROW = re.compile(r"^\| U(\d+) \| [^|]+ \| (.+) \|$", re.MULTILINE)
FILE = re.compile(r"`(tests/[\w/]+\.py)`: ((?:`test_\w+`(?:, )?)+)")


def test_every_row_has_its_test() -> None:
    rows = {int(number): cell for number, cell in ROW.findall(TABLE.read_text(encoding="utf-8"))}

    assert sorted(rows) == list(range(1, 41))
    assert [number for number, cell in rows.items() if not FILE.search(cell)] == []


def test_every_test_of_the_table_is_there() -> None:
    named = FILE.findall(TABLE.read_text(encoding="utf-8"))

    missing = [
        f"{path}::{name}" for path, names in named for name in re.findall(r"\w+", names) if name not in _tests(path)
    ]
    assert missing == []


def _tests(path: str) -> set[str]:
    file = ROOT / Path(path)
    parts = ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if file.exists() else ()
    return {each.name for each in parts if isinstance(each, ast.FunctionDef)}
