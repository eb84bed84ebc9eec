"""Imports every module that declares tables, so that `Base.metadata` is complete."""

from engine.kernel import audit, calendar_days, settings  # noqa: F401
from engine.letters import (  # noqa: F401
    deliverable_specs,
    groups,
    items,
    letters,
    meeting_decisions,
    plans,
    regulations,
)
from engine.people import orgs, persons, posts, roles  # noqa: F401
