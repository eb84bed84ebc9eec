"""Drops what time has ended: sessions that ran out, failed sign-ins that no longer count."""

from engine.kernel.work import StartWork
from engine.people import attempts, sessions


def clean(start_work: StartWork) -> int:
    """One step of the daily cleaning; how many rows went."""
    with start_work() as work:
        gone = sessions.purge(work) + attempts.purge(work)
        work.commit()
    return gone
