"""Imports every module that declares tables, so that `Base.metadata` is complete."""

from engine.approvals import tables as approvals  # noqa: F401
from engine.kernel import audit, calendar_days, files, kept_answers, settings  # noqa: F401
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
from engine.letters.drafting import presence  # noqa: F401
from engine.letters.matrix import versions  # noqa: F401
from engine.letters.scorecards import cards, outcomes, vetoes  # noqa: F401
from engine.letters.tracking import progress, submissions  # noqa: F401
from engine.letters.watching import orders, topics, warnings  # noqa: F401
from engine.notices import notices, outbox  # noqa: F401
from engine.people import (  # noqa: F401
    attempts,
    authority,
    credentials,
    org_changes,
    orgs,
    persons,
    posts,
    roles,
    sessions,
    tokens,
)
from engine.workflow import tables as workflow  # noqa: F401
from engine.workflow.migration import tables as migration  # noqa: F401
from engine.workflow.outside import tables as outside  # noqa: F401
