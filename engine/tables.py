"""Imports every module that declares tables, so that `Base.metadata` is complete."""

from engine.kernel import audit, calendar_days, settings  # noqa: F401
from engine.letters import (  # noqa: F401
    adjustments,
    carry_overs,
    commitments,
    consents,
    deadlines,
    deliverable_specs,
    effects,
    forced_changes,
    groups,
    items,
    kpi_library,
    letters,
    meeting_decisions,
    plans,
    regulations,
    signatures,
)
from engine.people import orgs, persons, posts, roles  # noqa: F401
