"""Damaged decision models at full speed: elements moved, doubled, dropped, texts replaced; only LetterflowError comes.

Run: `python -m tests.fuzz.dmn_random SEED SECONDS`; exit code 1 with findings.
"""

import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from lxml import etree

from engine.decisions import dmn
from engine.kernel.errors import LetterflowError
from tests.fuzz import grammar, target
from tests.paths import SHARED

LIMIT_SECONDS = 1.0
LARGEST = 40_000
FILES = sorted(path for path in (SHARED / "dmn-tck").glob("*/*/*.dmn") if path.stat().st_size < LARGEST)
TYPES = ("number", "string", "date", "tGone", "list", "Any", "")


def damaged(path: Path, choices: random.Random) -> bytes:
    """The file after one to six random changes."""
    root = etree.fromstring(path.read_bytes())
    for _ in range(1 + choices.randrange(6)):
        elements = [element for element in root.iter() if isinstance(element.tag, str) and element is not root]
        if not elements:
            break
        _CHANGES[choices.randrange(len(_CHANGES))](choices.choice(elements), choices.choice(elements), choices)
    return bytes(etree.tostring(root))


def _drop(element: Any, other: Any, choices: random.Random) -> None:
    element.getparent().remove(element)


def _double(element: Any, other: Any, choices: random.Random) -> None:
    element.getparent().append(etree.fromstring(etree.tostring(element)))


def _move(element: Any, other: Any, choices: random.Random) -> None:
    other.append(etree.fromstring(etree.tostring(element)))


def _attribute(element: Any, other: Any, choices: random.Random) -> None:
    names = list(element.attrib) or ["typeRef"]
    element.set(choices.choice([*names, "typeRef", "href"]), choices.choice([*TYPES, *other.attrib.values(), "#x"]))


def _text(element: Any, other: Any, choices: random.Random) -> None:
    for found in [*element.iter("{*}text")][:1]:
        made = grammar.expression(choices.randrange) if choices.random() < 0.7 else grammar.tests(choices.randrange)
        found.text = made.replace("\x00", "")


_CHANGES = (_drop, _double, _move, _attribute, _text, _text, _text)


def one(path: Path, choices: random.Random) -> str:
    """Read, check and ask every decision once; what came of it."""
    others = {other.name: other.read_bytes() for other in path.parent.glob("*.dmn") if other != path}
    try:
        xml = damaged(path, choices)
        model = dmn.read(xml, imports=others)
        dmn.check(xml, imports=others)
        for name in model.decisions[:20]:
            model.decide(name, {**target.DATA, **dict.fromkeys(model.inputs, choices.choice([None, 1, "a", [1]]))})
    except LetterflowError as error:
        return error.code
    return "value"


def main(seed: int, seconds: float) -> int:
    """The number of findings."""
    outcomes: Counter[str] = Counter()
    findings, slowest = 0, (0.0, "")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        number = outcomes.total()
        choices = random.Random(seed * 10_000_000 + number)
        path, start = choices.choice(FILES), time.process_time()
        try:
            outcome = one(path, choices)
        except Exception:  # noqa: BLE001 - every exception is a finding here
            outcome = "CRASH"
            sys.stdout.write(f"CRASH {number} {path.name}\n{traceback.format_exc(limit=-5)}\n")
        outcomes[outcome] += 1
        findings += outcome == "CRASH"
        slowest = max(slowest, (round(time.process_time() - start, 2), f"{number} {path.name}"))
    sys.stdout.write(f"seed {seed}: {outcomes.total()} files, {findings} findings, slowest {slowest}\n{outcomes}\n")
    return findings


if __name__ == "__main__":
    sys.exit(min(main(int(sys.argv[1]), float(sys.argv[2])), 1))
