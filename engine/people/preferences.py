"""How the product treats one person: language, look, notices; kept as one setting per person."""

from collections.abc import Mapping
from typing import Any

from engine.kernel import settings
from engine.kernel.work import Work


def read(work: Work, person: int) -> Mapping[str, Any]:
    """What the person has chosen, by name; what was never chosen is missing."""
    kept: Mapping[str, Any] = settings.read(work, _name(person), {})
    return kept


def change(work: Work, person: int, **chosen: Any) -> None:
    """Keep what was chosen; everything else stays as it is."""
    settings.write(work, _name(person), {**read(work, person), **chosen})


def _name(person: int) -> str:
    return f"person.{person}.preferences"
