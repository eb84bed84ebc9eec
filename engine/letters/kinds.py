"""The vocabularies of letters and items (`domain.md` §1): kinds, levels, methods and the like, as enums."""

from enum import StrEnum


class Level(StrEnum):
    """How long a letter runs: a year, a quarter, a month, the life of a project, several years."""

    ANNUAL = "ANNUAL"
    QUARTER = "QUARTER"
    MONTH = "MONTH"
    PROJECT = "PROJECT"
    TERM = "TERM"


class WeightMode(StrEnum):
    """WEIGHTED: weights sum to the full score. BASE_ADJUST: 100 plus and minus signed points."""

    WEIGHTED = "WEIGHTED"
    BASE_ADJUST = "BASE_ADJUST"


class GroupMode(StrEnum):
    """How a group's points come from its children: their sum, a pool they deduct from, a product."""

    SUM = "SUM"
    POOL = "POOL"
    PRODUCT = "PRODUCT"


class Kind(StrEnum):
    """What an item is: measured, a node, extra or lost points, a veto, only watched, a ceiling on others."""

    KPI = "KPI"
    TASK = "TASK"
    BONUS = "BONUS"
    DEDUCT = "DEDUCT"
    VETO = "VETO"
    TRACK = "TRACK"
    CONSTRAINT = "CONSTRAINT"

    @property
    def weighted(self) -> bool:
        """Whether items of this kind carry a weight (`domain.md` §3 rule 1)."""
        return self in (Kind.KPI, Kind.TASK)


class Importance(StrEnum):
    """关键 / 重点 / 普通."""

    KEY = "KEY"
    MAJOR = "MAJOR"
    NORMAL = "NORMAL"


class Origin(StrEnum):
    """Where an item comes from: 分解, 自报, 结转, 会议, 强制."""

    DECOMPOSED = "DECOMPOSED"
    SELF = "SELF"
    CARRY_OVER = "CARRY_OVER"
    DECISION = "DECISION"
    FORCED = "FORCED"


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "HIGHER"
    LOWER = "LOWER"
    RANGE = "RANGE"
    BOOL = "BOOL"


class Method(StrEnum):
    """How an item is scored (`domain.md` §6); a letter with UNSET cannot be submitted."""

    UNSET = "UNSET"
    RATIO = "RATIO"
    INTERP = "INTERP"
    BAND = "BAND"
    EXPR = "EXPR"
    STEP = "STEP"
    DEDUCT = "DEDUCT"
    BOOL = "BOOL"
    PANEL = "PANEL"
    MILESTONE = "MILESTONE"
    MANUAL = "MANUAL"


class DueForm(StrEnum):
    """How a due date was agreed: a day, an event ± days, two dates with a value each, every so often."""

    FIXED = "FIXED"
    RELATIVE = "RELATIVE"
    BANDS = "BANDS"
    RECURRING = "RECURRING"


class Stage(StrEnum):
    """A deliverable on the way, or the one that ends the item."""

    STAGE = "STAGE"
    FINAL = "FINAL"


class Duty(StrEnum):
    """主责 / 次责 of a promise."""

    PRIMARY = "PRIMARY"
    SECONDARY = "SECONDARY"


class Party(StrEnum):
    """甲方 / 乙方."""

    A = "A"
    B = "B"


class PlanKind(StrEnum):
    """3 years, the year's operations, the master plan of a project, one of its special plans."""

    STRATEGY_3Y = "STRATEGY_3Y"
    ANNUAL_OPERATING = "ANNUAL_OPERATING"
    PROJECT_MASTER = "PROJECT_MASTER"
    PROJECT_SPECIAL = "PROJECT_SPECIAL"


class AdjustmentType(StrEnum):
    """What an adjustment changes (`domain.md` §9)."""

    ADD = "ADD"
    DELETE = "DELETE"
    TARGET = "TARGET"
    DUE = "DUE"
    WEIGHT = "WEIGHT"
    OWNER = "OWNER"
    SUSPEND = "SUSPEND"


class Cause(StrEnum):
    """Why: 不可抗力, 政策, 集团决策, 他部门, 本部门."""

    FORCE_MAJEURE = "FORCE_MAJEURE"
    POLICY = "POLICY"
    GROUP = "GROUP"
    UPSTREAM = "UPSTREAM"
    SELF = "SELF"


class EffectKind(StrEnum):
    """What an adjustment leaves behind for scoring: see `engine.letters.effects`."""

    FACTOR = "FACTOR"
    CAP = "CAP"
    ZERO = "ZERO"
    BONUS = "BONUS"
    FREE_LATE_DAYS = "FREE_LATE_DAYS"
    NOT_SCORED = "NOT_SCORED"
    PROVIDER_DEDUCTION = "PROVIDER_DEDUCTION"
