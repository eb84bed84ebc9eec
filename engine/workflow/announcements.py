"""Tells the hooks what steps changed, in order, also when a listener moves the instance again while it is told."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.kernel.work import Work
from engine.workflow.engine import Engine
from engine.workflow.rows.tasks import Changes
from engine.workflow.views import InstanceView

_QUEUE = "workflow.announcements"


@dataclass(frozen=True)
class Announcement:
    """One call of a hook; `opened` is the task that it presents to the listeners, if it does."""

    tell: Callable[[], None]
    opened: int | None = None


def announce(engine: Engine, work: Work, changes: Changes, ended: InstanceView | None) -> None:
    """Tell the listeners; inside a listener's own step it is queued behind what is being told.

    A task that was closed before anybody heard of it is never mentioned.
    """
    queue: deque[Announcement] | None = work.notes.get(_QUEUE)
    telling = queue is not None
    if queue is None:
        queue = work.notes[_QUEUE] = deque()
    _append(queue, engine, work, changes)
    if ended is not None:
        queue.append(Announcement(lambda: engine.hooks.instance_ended(engine, work, ended, ended.status)))
    if not telling:
        _tell(work, queue)


def _append(queue: deque[Announcement], engine: Engine, work: Work, changes: Changes) -> None:
    unheard = {each.opened: each for each in queue if each.opened is not None}
    for view, reason in changes.closed:
        if view.id in unheard:
            queue.remove(unheard[view.id])
        else:
            queue.append(Announcement(_closing(engine, work, view, reason)))
    for view, data in changes.opened:
        queue.append(Announcement(_opening(engine, work, view, data), view.id))


def _closing(engine: Engine, work: Work, view: Any, reason: str) -> Callable[[], None]:
    return lambda: engine.hooks.task_closed(engine, work, view, reason)


def _opening(engine: Engine, work: Work, view: Any, data: Mapping[str, Any]) -> Callable[[], None]:
    return lambda: engine.hooks.task_opened(engine, work, view, data)


def _tell(work: Work, queue: deque[Announcement]) -> None:
    try:
        while queue:
            queue.popleft().tell()
    finally:
        del work.notes[_QUEUE]
