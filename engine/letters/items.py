"""Items 指标/工作项: the table with every field of `domain.md` §1, and what others see of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, Text, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel import audit
from engine.kernel.database import Base, Exact, Json, Key
from engine.kernel.errors import Conflict, NotFound
from engine.kernel.work import Work
from engine.letters import letters, rows, states
from engine.letters.kinds import Direction, DueForm, Importance, Kind, Method, Origin
from engine.letters.states import ItemState


class ItemRow(Base):
    """One line of one version of a letter; texts named `*_text` hold what could not become a value."""

    __tablename__ = "item"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    letter_id: Mapped[int] = mapped_column(Key, ForeignKey("letter.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item_group.id"), index=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    code: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(400), default="")
    category: Mapped[str] = mapped_column(String(60), default="")
    source_category: Mapped[str] = mapped_column(String(200), default="")
    importance: Mapped[str] = mapped_column(String(8), default=Importance.NORMAL)
    origin: Mapped[str] = mapped_column(String(12), default=Origin.SELF)
    status: Mapped[str] = mapped_column(String(16), default=ItemState.PLANNED, index=True)

    definition: Mapped[str] = mapped_column(Text, default="")
    formula: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(String(60), default="")
    direction: Mapped[str | None] = mapped_column(String(8))
    additive: Mapped[bool] = mapped_column(Boolean, default=False)
    baseline: Mapped[Decimal | None] = mapped_column(Exact)
    last_year: Mapped[Decimal | None] = mapped_column(Exact)
    three_year_mean: Mapped[Decimal | None] = mapped_column(Exact)
    threshold: Mapped[Decimal | None] = mapped_column(Exact)
    target: Mapped[Decimal | None] = mapped_column(Exact)
    challenge: Mapped[Decimal | None] = mapped_column(Exact)
    target_text: Mapped[str] = mapped_column(String(400), default="")
    basis: Mapped[str] = mapped_column(Text, default="")

    weight: Mapped[Decimal | None] = mapped_column(Exact)
    cap: Mapped[Decimal | None] = mapped_column(Exact)
    floor: Mapped[Decimal | None] = mapped_column(Exact)
    uncapped: Mapped[bool] = mapped_column(Boolean, default=False)
    max_plus: Mapped[Decimal | None] = mapped_column(Exact)
    max_minus: Mapped[Decimal | None] = mapped_column(Exact)
    zero_below: Mapped[Decimal | None] = mapped_column(Exact)
    method: Mapped[str] = mapped_column(String(12), default=Method.UNSET)
    params: Mapped[Any] = mapped_column(Json, default=dict)
    rule_text: Mapped[str] = mapped_column(Text, default="")
    assessors: Mapped[Any] = mapped_column(Json, default=list)
    sub_items: Mapped[Any] = mapped_column(Json, default=list)
    slices: Mapped[Any] = mapped_column(Json, default=list)
    na_rule: Mapped[Any] = mapped_column(Json, default=dict)
    veto: Mapped[Any] = mapped_column(Json, default=dict)

    data_source: Mapped[str] = mapped_column(String(400), default="")
    data_provider_id: Mapped[int | None] = mapped_column(Key, ForeignKey("org.id"), index=True)
    starts_on: Mapped[date | None] = mapped_column(Date)
    due: Mapped[date | None] = mapped_column(Date, index=True)
    due_form: Mapped[str] = mapped_column(String(12), default=DueForm.FIXED)
    due_rule: Mapped[Any] = mapped_column(Json, default=dict)
    completion_standard: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    executors: Mapped[Any] = mapped_column(Json, default=list)
    collaborators: Mapped[Any] = mapped_column(Json, default=list)

    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item.id"), index=True)
    alignment_reason: Mapped[str] = mapped_column(Text, default="")
    previous_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item.id"))
    carried_from_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item.id"))
    milestone_id: Mapped[int | None] = mapped_column(Key, ForeignKey("milestone.id"))
    decision_id: Mapped[int | None] = mapped_column(Key, ForeignKey("meeting_decision.id"))
    fund_line_id: Mapped[int | None] = mapped_column(Key, ForeignKey("fund_line.id"))
    cost: Mapped[Decimal | None] = mapped_column(Exact)
    risk: Mapped[str] = mapped_column(Text, default="")
    risk_strategy: Mapped[str] = mapped_column(String(12), default="")
    raw: Mapped[Any] = mapped_column(Json, default=dict)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    changed_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))


@dataclass(frozen=True)
class ItemView:
    """One line of a letter.

    `weight`: points of the letter, or of its group as that says; None shares the rest of its group equally.
    `target_text`: an ordinal label (优), 是/否, or what an import could not read as a number.
    `params`: of the method, numbers as texts or numbers. `assessors`: [{org | person | group, name, weight}].
    `sub_items`: [{name, target, unit, weight, method, params, due, note}]. `slices`: [{period, target, params, …}].
    `na_rule`: {"rule": "FIXED", "points": n} or {"rule": "REDISTRIBUTE"}. `veto`: {event, evidence, confirmer, scope}.
    `due_rule`: RELATIVE {event, days}; BANDS {rows: [[date, points]]}; RECURRING {every, day};
    `due` is the last day then.
    `cap`/`floor` None is the regulation's; `uncapped` takes no cap at all. `raw`: field → text as imported.
    """

    id: int
    letter: int
    kind: Kind
    name: str
    group: int | None = None
    position: int = 0
    code: str = ""
    category: str = ""
    source_category: str = ""
    importance: Importance = Importance.NORMAL
    origin: Origin = Origin.SELF
    status: ItemState = ItemState.PLANNED
    definition: str = ""
    formula: str = ""
    unit: str = ""
    direction: Direction | None = None
    additive: bool = False
    baseline: Decimal | None = None
    last_year: Decimal | None = None
    three_year_mean: Decimal | None = None
    threshold: Decimal | None = None
    target: Decimal | None = None
    challenge: Decimal | None = None
    target_text: str = ""
    basis: str = ""
    weight: Decimal | None = None
    cap: Decimal | None = None
    floor: Decimal | None = None
    uncapped: bool = False
    max_plus: Decimal | None = None
    max_minus: Decimal | None = None
    zero_below: Decimal | None = None
    method: Method = Method.UNSET
    params: Mapping[str, Any] = field(default_factory=dict)
    rule_text: str = ""
    assessors: tuple[Mapping[str, Any], ...] = ()
    sub_items: tuple[Mapping[str, Any], ...] = ()
    slices: tuple[Mapping[str, Any], ...] = ()
    na_rule: Mapping[str, Any] = field(default_factory=dict)
    veto: Mapping[str, Any] = field(default_factory=dict)
    data_source: str = ""
    data_provider: int | None = None
    starts_on: date | None = None
    due: date | None = None
    due_form: DueForm = DueForm.FIXED
    due_rule: Mapping[str, Any] = field(default_factory=dict)
    completion_standard: str = ""
    owner: int | None = None
    executors: tuple[int, ...] = ()
    collaborators: tuple[int, ...] = ()  # organisations
    parent: int | None = None
    alignment_reason: str = ""
    previous: int | None = None  # the same item in the version before
    carried_from: int | None = None
    milestone: int | None = None
    decision: int | None = None
    fund_line: int | None = None
    cost: Decimal | None = None
    risk: str = ""
    risk_strategy: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)
    revision: int = 1
    changed_by: int | None = None

    @property
    def scored(self) -> bool:
        """Whether it takes part in this period's weights: KPI or TASK, neither deleted nor suspended."""
        return self.kind.weighted and self.status not in (ItemState.DELETED, ItemState.SUSPENDED)


def view(work: Work, item: int) -> ItemView:
    """The item. Raises NotFound."""
    found = many(work, [item])
    if item not in found:
        raise NotFound("item.unknown", f"there is no item {item}", item=item)
    return found[item]


def many(work: Work, wanted: Iterable[int]) -> Mapping[int, ItemView]:
    """The items with these ids; unknown ones are missing from the answer."""
    found = work.session.execute(select(ItemRow.__table__).where(ItemRow.id.in_(sorted(set(wanted)))))
    return {row.id: rows.view(ItemView, row) for row in found}


def of(work: Work, letter: int) -> tuple[ItemView, ...]:
    """The items of a letter in their order, deleted ones too."""
    wanted = select(ItemRow.__table__).where(ItemRow.letter_id == letter).order_by(ItemRow.position, ItemRow.id)
    return tuple(rows.view(ItemView, row) for row in work.session.execute(wanted))


_WEIGHED = (ItemRow.id, ItemRow.letter_id, ItemRow.group_id, ItemRow.kind, ItemRow.name, ItemRow.status, ItemRow.weight)


def weighed(work: Work, wanted: Iterable[int]) -> Mapping[int, tuple[ItemView, ...]]:
    """The items of several letters by letter, with only what weights are counted from; the rest is empty."""
    found = select(*_WEIGHED).where(ItemRow.letter_id.in_(list(wanted)))
    by_letter: dict[int, tuple[ItemView, ...]] = {}
    for row in work.session.execute(found.order_by(ItemRow.position, ItemRow.id)):
        by_letter[row.letter_id] = (
            *by_letter.get(row.letter_id, ()),
            rows.view(ItemView, {**row._mapping, "name": row.name}),
        )
    return by_letter


def children(work: Work, item: int) -> tuple[ItemView, ...]:
    """The items of other letters that were decomposed from this one."""
    wanted = select(ItemRow.__table__).where(ItemRow.parent_id == item).order_by(ItemRow.id)
    return tuple(rows.view(ItemView, row) for row in work.session.execute(wanted))


def lineage(work: Work, item: int) -> frozenset[int]:
    """The same item in all versions of its letter, itself included."""
    known = {item}
    fresh = known
    while fresh:
        before = select(ItemRow.previous_id).where(ItemRow.id.in_(fresh), ItemRow.previous_id.is_not(None))
        after = select(ItemRow.id).where(ItemRow.previous_id.in_(fresh))
        fresh = {*work.session.execute(before).scalars(), *work.session.execute(after).scalars()} - known
        known = known | fresh
    return frozenset(known)


def move(  # noqa: PLR0913  (who, why, under which article: parts of one audit line)
    work: Work,
    item: ItemView,
    to: ItemState,
    *,
    actor: int | None,
    article: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> ItemView:
    """The item in its new state, with one audit line in its letter's stream.

    Raises Conflict when the move is not allowed or somebody was faster.
    """
    states.check(states.ITEM_MOVES, item.status, to, thing="item")
    changed = update(ItemRow).where(ItemRow.id == item.id, ItemRow.status == item.status)
    result = work.session.execute(changed.values(status=to, revision=ItemRow.revision + 1))
    if not result.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
        raise Conflict("item.moved", f"item {item.name} is no longer {item.status}: look at it again", item=item.id)
    told = {"item": item.id, "before": item.status, "after": to, **(detail or {})}
    audit.append(work, letters.stream(item.letter), "item.moved", actor=actor, detail=told, article=article)
    return view(work, item.id)
