"""How long: ISO 8601 durations and working time as people write them (`2wd`, `4wh`, `P1DT2H`)."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from engine.kernel.errors import InvalidInput

HOURS_PER_DAY = 8
"""Working hours of one working day; `1wd` and `8wh` are the same (09:00–12:00, 13:00–18:00)."""

_WORKING = re.compile(r"^(?P<number>\d{1,4}(?:\.\d{1,4})?)\s*(?P<unit>wd|wh)$")
_ISO = re.compile(
    r"^(?P<sign>-)?P(?=.)(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<weeks>\d{1,5})W)?(?:(?P<days>\d{1,6}(?:\.\d{1,6})?)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,7}(?:\.\d{1,6})?)H)?(?:(?P<minutes>\d{1,9}(?:\.\d{1,6})?)M)?(?:(?P<seconds>\d{1,10}(?:\.\d{1,6})?)S)?)?$"
)


@dataclass(frozen=True)
class Span:
    """A length of time: working hours, or months and elapsed time; never both kinds."""

    working_hours: Decimal | None = None
    months: int = 0
    elapsed: timedelta = timedelta()


def parse(text: str) -> Span:
    """The span that `text` names.

    Raises InvalidInput `duration.unknown` for anything else, so that a diagram's mistake is found when it is deployed.
    """
    working = _WORKING.match(text.strip())
    if working:
        number = Decimal(working["number"])
        return Span(working_hours=number * HOURS_PER_DAY if working["unit"] == "wd" else number)
    iso = _ISO.match(text.strip())
    if iso is None:
        raise InvalidInput(
            "duration.unknown", f"'{text}' is no duration: write 2wd, 4wh, or ISO 8601 such as PT1H or P3D", text=text
        )
    sign = -1 if iso["sign"] else 1
    months = int(iso["years"] or 0) * 12 + int(iso["months"] or 0)
    parts = {name: float(iso[name] or 0) for name in ("weeks", "days", "hours", "minutes", "seconds")}
    return Span(months=sign * months, elapsed=sign * timedelta(**parts))
