"""Proving who did what: the whole chain is read, and what was found is kept with its moment for the next reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.kernel import audit_pages, audit_proof, settings
from engine.kernel.audit_proof import Break
from engine.kernel.work import StartWork, Work
from engine.people import rights
from engine.people.roles import Role

READERS = (Role.ADMIN, Role.AUDITOR)
VERIFIED = "audit.verified"
BREAKS_KEPT = 50


@dataclass(frozen=True)
class Verified:
    """What the last reading of the chain found: up to which entry, when, by whom, and the places that are broken."""

    at: datetime
    entries: int
    by: int | None
    breaks: tuple[Break, ...]


def verify(start_work: StartWork, actor: int) -> Verified:
    """Reads every chain and keeps what was found. Raises NotAllowed."""
    with start_work(reading=True) as work:
        rights.require(work, actor, *READERS)
        breaks = audit_proof.verify(work)
        entries = audit_pages.last_id(work)
    with start_work() as work:
        kept = {"at": work.now.isoformat(), "entries": entries, "by": actor}
        kept["breaks"] = [[each.stream, each.seq, each.code] for each in breaks[:BREAKS_KEPT]]
        settings.write(work, VERIFIED, kept)
        found = _read(kept)
        work.commit()
    return found


def last(work: Work) -> Verified | None:
    """What was found the last time; None while nobody has looked."""
    kept = settings.read(work, VERIFIED)
    return _read(kept) if kept else None


def _read(kept: Mapping[str, Any]) -> Verified:
    breaks = tuple(Break(*each) for each in kept["breaks"])
    return Verified(datetime.fromisoformat(kept["at"]), kept["entries"], kept["by"], breaks)
