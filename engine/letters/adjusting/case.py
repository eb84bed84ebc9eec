"""One adjustment with all that its rules look at: the letter, the items, what was adjusted before, the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from engine.kernel.calendar import WorkCalendar
from engine.kernel.clock import local
from engine.kernel.work import Work
from engine.letters import adjustments, content, items, letters
from engine.letters.adjustments import AdjustmentView
from engine.letters.content import Content
from engine.letters.items import ItemView
from engine.letters.kinds import AdjustmentType, Cause, Importance
from engine.letters.parameter_sections import Adjusting
from engine.letters.states import AdjustmentState

_DEAD = (AdjustmentState.DRAFT, AdjustmentState.REJECTED, AdjustmentState.WITHDRAWN, AdjustmentState.EXPIRED)


@dataclass(frozen=True)
class Case:
    """An adjustment in its surroundings; `earlier` are those of all versions of the letter that still count."""

    adjustment: AdjustmentView
    content: Content
    today: date
    calendar: WorkCalendar
    earlier: tuple[AdjustmentView, ...] = ()
    lineage: Mapping[int, frozenset[int]] | None = None  # item → the same item in all versions

    @property
    def rules(self) -> Adjusting:
        """The numbers of the regulation that the letter was made under."""
        return self.content.parameters.adjusting

    @property
    def items(self) -> list[ItemView]:
        """The rows it touches."""
        return [item for item in self.content.items if item.id in self.adjustment.items]

    @property
    def due(self) -> date:
        """The day by which it is all over: the earliest due of its items, the period's last day without one."""
        last = self.content.letter.ends_on or self.today
        return min((item.due or last for item in self.items), default=last)

    @property
    def expires(self) -> date:
        """The day on which it is void: the one after `due`; force majeure and additions live to the period's end."""
        last = self.content.letter.ends_on or self.today
        open_ended = self.adjustment.cause is Cause.FORCE_MAJEURE or self.adjustment.type is AdjustmentType.ADD
        return (last if open_ended else self.due) + timedelta(days=1)

    @property
    def affected_weight(self) -> Decimal:
        """Percent of the full score that its items stand for; a new item's own weight."""
        if self.adjustment.type is AdjustmentType.ADD:
            points = Decimal(str(self.adjustment.new_item.get("weight") or 0))
        else:
            points = sum((self.content.weights.get(item.id, Decimal(0)) for item in self.items), Decimal(0))
        return points * 100 / self.content.letter.full_score

    @property
    def key_change(self) -> bool:
        """Whether a key item is touched or added."""
        added = self.adjustment.new_item.get("importance") == Importance.KEY
        return added or any(item.importance is Importance.KEY for item in self.items)

    def counted(self) -> list[AdjustmentView]:
        """The organisation's own requests so far that use up its counts."""
        return [each for each in self.earlier if each.counted]


def load(work: Work, adjustment: AdjustmentView, calendar: WorkCalendar) -> Case:
    """The case of a stored adjustment."""
    known = content.load(work, adjustment.letter)
    head = known.letter
    versions = tuple(each.id for each in letters.versions(work, head.org, head.level, head.period))
    earlier = tuple(
        each for each in adjustments.of_letters(work, versions) if each.id != adjustment.id and each.status not in _DEAD
    )
    lineage = {item: items.lineage(work, item) for item in adjustment.items}
    return Case(adjustment, known, local(work.now).date(), calendar, earlier, lineage)
