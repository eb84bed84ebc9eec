"""What leaves the house leaves it under one key, is tried again, and is never lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from engine.kernel.clock import ManualClock
from engine.kernel.errors import NotFound, Unavailable
from engine.kernel.work import Store, Work
from engine.notices import outbox
from engine.notices.outbox import PAUSES, Parcel


@dataclass
class Mailbox:
    """A mail server that can be down."""

    up: bool = True
    arrived: list[Parcel] = field(default_factory=list)

    def __call__(self, parcel: Parcel) -> None:
        if not self.up:
            raise Unavailable("mail.down", "the mail server does not answer")
        self.arrived.append(parcel)


@dataclass
class DirectJobs:
    """Runs a job when its work has committed."""

    store: Store
    mailbox: Mailbox
    durable: bool = False

    def enqueue(self, work: Work, name: str, args: Mapping[str, Any]) -> None:
        work.after_commit(lambda: self.later.append(args["outbox_id"]))

    later: list[int] = field(default_factory=list)

    def run(self) -> None:
        while self.later:
            outbox.deliver(self.store.start_work, {"mail": self.mailbox}, self.later.pop())


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def jobs(store: Store, mailbox: Mailbox) -> DirectJobs:
    return DirectJobs(store, mailbox)


def _put(store: Store, key: str = "task:1:opened") -> bool:
    with store.start_work() as work:
        fresh = outbox.put(work, key=key, channel="mail", recipient="li@example.org", payload={"title": "审批"})
        work.commit()
    return fresh


def _swept(store: Store, jobs: DirectJobs) -> int:
    count = outbox.sweep(store.start_work, jobs)
    jobs.run()
    return count


def test_a_parcel_is_delivered_once_under_its_key(store: Store, jobs: DirectJobs, mailbox: Mailbox) -> None:
    _put(store)

    counts = (_swept(store, jobs), _swept(store, jobs))

    assert counts == (1, 0)
    assert mailbox.arrived == [Parcel("task:1:opened", "li@example.org", {"title": "审批"})]


def test_the_same_key_is_put_once(store: Store) -> None:
    assert (_put(store), _put(store)) == (True, False)


def test_a_parcel_waits_for_a_server_that_is_down(
    store: Store, clock: ManualClock, jobs: DirectJobs, mailbox: Mailbox
) -> None:
    _put(store)
    mailbox.up = False
    _swept(store, jobs)
    mailbox.up = True

    too_early = _swept(store, jobs)
    clock.move(PAUSES[0])
    in_time = _swept(store, jobs)

    assert (too_early, in_time, len(mailbox.arrived)) == (0, 1, 1)


def test_a_parcel_that_never_arrives_dies_and_can_be_sent_again(
    store: Store, clock: ManualClock, jobs: DirectJobs, mailbox: Mailbox
) -> None:
    _put(store)
    mailbox.up = False
    for pause in (*PAUSES, PAUSES[-1]):
        _swept(store, jobs)
        clock.move(pause)
    dead = _swept(store, jobs)

    mailbox.up = True
    outbox.resend(store.start_work, 1)

    assert (dead, _swept(store, jobs), len(mailbox.arrived)) == (0, 1, 1)


def test_only_a_dead_parcel_is_sent_again(store: Store) -> None:
    _put(store)

    with pytest.raises(NotFound):
        outbox.resend(store.start_work, 1)


def test_old_parcels_are_forgotten(store: Store, clock: ManualClock, jobs: DirectJobs) -> None:
    _put(store)
    _swept(store, jobs)
    clock.move(31 * PAUSES[-1] * 2)

    assert outbox.purge(store.start_work) == 1
