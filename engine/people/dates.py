"""The local day a unit of work happens on: what effective-dated rows are compared with."""

from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from engine.kernel.clock import local
from engine.kernel.work import Work


def today(work: Work) -> date:
    """The day on the wall in the group's time zone."""
    return local(work.now).date()


def in_force(
    starts: InstrumentedAttribute[Any], ends: InstrumentedAttribute[Any], day: date | BindParameter[date]
) -> ColumnElement[bool]:
    """The condition that a dated row counts on `day`; an empty end is open, both ends are included."""
    return and_(or_(starts.is_(None), starts <= day), or_(ends.is_(None), ends >= day))
