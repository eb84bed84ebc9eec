"""One transaction around several use-cases: their commits wait for that of the whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engine.kernel.work import StartWork, Work


@dataclass
class Whole(Work):
    """A unit of work that use-cases share; what any of them raises means that nothing of it will be kept."""

    broken: bool = False

    @contextmanager
    def start_work(self, *, reading: bool = False) -> Iterator[Work]:
        """Give this to use-cases in place of the store's own."""
        done = False
        try:
            yield self
            done = True
        finally:
            self.broken = self.broken or not done

    def commit(self) -> None:
        """A use-case is done; nothing lasts until `finish`."""
        if self._session is not None:
            self._session.flush()

    def finish(self) -> None:
        """Make everything lasting at once. Raises RuntimeError after one of the use-cases has failed."""
        if self.broken:
            raise RuntimeError("a use-case failed inside: nothing of the whole may be kept")
        super().commit()


@contextmanager
def whole(start_work: StartWork) -> Iterator[Whole]:
    """Open a transaction that several use-cases share; leaving it without `finish()` rolls everything back."""
    with start_work() as work:
        shared = Whole(work.connection, work.now)
        try:
            yield shared
        finally:
            shared.close()
