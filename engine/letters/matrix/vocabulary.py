"""What the matrix speaks of: kinds of work, who can stand in a cell, and the template of each control mode."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.letters.kinds import Level
from engine.people.authority import Authority, Condition, Duty, WorkItemType
from engine.people.orgs import ControlMode

ADJUSTMENT = "ADJUSTMENT"
LEVELS: Mapping[str, Level] = {f"{level}_LETTER": level for level in Level}
"""Kinds of work that are letters of a level."""

ROUTED = (*LEVELS, ADJUSTMENT)
"""Kinds of work that approvals follow; a matrix that leaves one out would leave it without approval."""

KINDS = (
    WorkItemType("ANNUAL_LETTER", "年度目标责任书", "计划"),
    WorkItemType("QUARTER_LETTER", "季度目标责任书", "计划"),
    WorkItemType("MONTH_LETTER", "月度目标责任书", "计划"),
    WorkItemType("PROJECT_LETTER", "项目目标责任书", "计划"),
    WorkItemType("TERM_LETTER", "任期目标责任书", "计划"),
    WorkItemType("ADJUSTMENT", "目标调整", "计划"),
)

CENTER = "CENTER"
"""The professional centres concerned, by category of the items (`domain.md` §4)."""

POSITION = "岗位:"
UNIT = "组织:"
"""Prefixes of actors: whoever holds a position; the head of the unit with this code."""


@dataclass(frozen=True)
class Stage:
    """A stage of the drawing `approval`: who decides there, how votes count."""

    name: str
    mode: str
    ratio: str | None
    who: str
    needs: str = ""  # the input that must be above 0


STAGES: Mapping[str, Stage] = {
    "ORG_HEAD": Stage("internal", "ANY", None, "HEAD"),
    "COLLABORATOR": Stage("countersign", "ALL", None, "COLLABORATORS", "collaborator_count"),
    CENTER: Stage("centre_review", "ALL", None, "CENTRES", "centre_count"),
    "OPS": Stage("ops_review", "ANY", None, "OPS"),
    "LEADER": Stage("leader_approval", "ANY", None, "LEADER"),
    "PRESIDENT": Stage("president_approval", "ANY", None, "PRESIDENT"),
    "COMMITTEE": Stage("committee_vote", "RATIO", "2/3", "COMMITTEE"),
}
"""The stage that an actor has in the drawing; whoever has none reviews beside the professional centres, one by one."""

REVIEWERS = Stage("centre_review", "SEQ", None, "REVIEWERS")
FILE = Stage("file", "", None, "")


def template(mode: ControlMode) -> tuple[Authority, ...]:
    """What every kind of work begins with under a control mode (REQ-010 to REQ-012, `domain.md` §4, §9)."""
    return tuple(row for kind in ROUTED for row in _of_kind(kind, mode))


def whole_template() -> tuple[Authority, ...]:
    """The templates of all three modes: the matrix that the processes are shipped with."""
    return tuple(row for mode in ControlMode for row in template(mode))


def _of_kind(kind: str, mode: ControlMode) -> Iterator[Authority]:
    yield Authority(kind, Duty.INITIATE, "ORG_HEAD", control_mode=mode)
    yield Authority(kind, Duty.EXECUTE, "ORG_HEAD", control_mode=mode, primary=True)
    yield Authority(kind, Duty.ARCHIVE, "OPS", control_mode=mode)
    if kind in {"ANNUAL_LETTER", ADJUSTMENT}:
        which = Condition.ANNUAL if kind == ADJUSTMENT else Condition.ALWAYS
        yield Authority(kind, Duty.FILE, "HR", control_mode=mode, condition=which)
        yield Authority(kind, Duty.FILE, "AUDITOR", control_mode=mode, condition=which)
    yield from _weak(kind, mode) if mode is ControlMode.WEAK else _firm(kind, mode)


def _weak(kind: str, mode: ControlMode) -> Iterator[Authority]:
    yield Authority(kind, Duty.APPROVE, "ORG_HEAD", control_mode=mode)
    yield Authority(kind, Duty.REVIEW, CENTER, control_mode=mode, order=1, condition=Condition.FINANCE)
    yield Authority(kind, Duty.APPROVE, "LEADER", control_mode=mode, condition=Condition.FINANCE)
    yield Authority(kind, Duty.FILE, "LEADER", control_mode=mode, condition=Condition.OTHER)


def _firm(kind: str, mode: ControlMode) -> Iterator[Authority]:
    if kind in {"ANNUAL_LETTER", ADJUSTMENT}:
        yield Authority(kind, Duty.PARTICIPATE, "COLLABORATOR", control_mode=mode)
    touched = Condition.ALWAYS if mode is ControlMode.STRONG else Condition.KEY
    yield Authority(kind, Duty.REVIEW, CENTER, control_mode=mode, order=1, condition=touched)
    yield Authority(kind, Duty.REVIEW, "OPS", control_mode=mode, order=2)
    yield Authority(kind, Duty.APPROVE, "LEADER", control_mode=mode)
    above = _above(kind, mode)
    if above is not None:
        yield Authority(kind, Duty.APPROVE, "PRESIDENT", control_mode=mode, condition=above)
    if kind in {"ANNUAL_LETTER", ADJUSTMENT}:
        yield Authority(kind, Duty.APPROVE, "COMMITTEE", control_mode=mode, condition=above or Condition.ALWAYS)


def _above(kind: str, mode: ControlMode) -> Condition | None:
    """When the president is asked; None for never."""
    if kind == "ANNUAL_LETTER":
        return Condition.ALWAYS
    if kind == ADJUSTMENT:
        return Condition.MAJOR
    return None if (kind, mode) == ("MONTH_LETTER", ControlMode.STRATEGIC) else Condition.KEY
