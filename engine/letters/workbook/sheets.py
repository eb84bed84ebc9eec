"""The sheets of a letter workbook: every heading that people see, and the name the program knows it by."""

from engine.kernel.sheets import Column, Sheet

LEVELS = {"年度": "ANNUAL", "季度": "QUARTER", "月度": "MONTH", "项目": "PROJECT", "任期": "TERM"}
WEIGHT_MODES = {"权重": "WEIGHTED", "基准加减分": "BASE_ADJUST"}
GROUP_MODES = {"求和": "SUM", "扣分池": "POOL", "连乘": "PRODUCT"}
KINDS = {
    "指标": "KPI",
    "节点": "TASK",
    "加分": "BONUS",
    "扣分": "DEDUCT",
    "否决": "VETO",
    "监测": "TRACK",
    "约束": "CONSTRAINT",
}
IMPORTANCE = {"关键": "KEY", "重点": "MAJOR", "普通": "NORMAL"}
ORIGINS = {"分解": "DECOMPOSED", "自报": "SELF", "结转": "CARRY_OVER", "会议": "DECISION", "强制": "FORCED"}
DIRECTIONS = {"越高越好": "HIGHER", "越低越好": "LOWER", "区间": "RANGE", "是否": "BOOL"}
METHODS = {
    "未定": "UNSET",
    "比率": "RATIO",
    "插值": "INTERP",
    "分档": "BAND",
    "公式": "EXPR",
    "步长": "STEP",
    "扣分": "DEDUCT",
    "是否": "BOOL",
    "评议": "PANEL",
    "节点": "MILESTONE",
}
DUE_FORMS = {"固定": "FIXED", "相对": "RELATIVE", "分段": "BANDS", "循环": "RECURRING"}
STAGES = {"阶段": "STAGE", "最终": "FINAL"}

_LETTER = Column("letter", "责任书", required=True, note="本工作簿内的代号，其他表用它指向这份责任书")

LETTERS = Sheet(
    "责任书",
    (
        _LETTER,
        Column("title", "标题", width=32),
        Column("org", "组织编码", required=True),
        Column("level", "级别", "choice", required=True, choices=LEVELS),
        Column("period", "期间", required=True, note="2026、2026Q1、202611；项目和任期可写任意名称"),
        Column("starts_on", "开始日", "date"),
        Column("ends_on", "结束日", "date"),
        Column("party_a", "甲方工号", note="空 = 分管领导；年度 = 总裁"),
        Column("party_b", "乙方工号", note="空 = 组织负责人"),
        Column("weight_mode", "计分方式", "choice", choices=WEIGHT_MODES),
        Column("full_score", "满分", "number"),
        Column("difficulty", "难度系数", "number"),
        Column("authority", "授权", width=24),
        Column("help", "需要的支持", width=24),
        Column("terms", "通用条款", width=32),
        Column("distribution", "抄送", "list"),
    ),
    open=True,
)

GROUPS = Sheet(
    "指标组",
    (
        _LETTER,
        Column("path", "组", required=True, width=28, note="下级写成 上级 > 下级，最多三级"),
        Column("weight", "权重", "number"),
        Column("max_points", "上限", "number"),
        Column("mode", "汇总", "choice", choices=GROUP_MODES),
        Column("relative", "组内百分制", "yes", note="是 = 组内权重按本组 100 计"),
    ),
    required=False,
    open=True,
)

ITEMS = Sheet(
    "指标",
    (
        _LETTER,
        Column("code", "编码"),
        Column("kind", "类型", "choice", required=True, choices=KINDS),
        Column("name", "名称", required=True, width=32),
        Column("group", "组", width=20),
        Column(
            "category",
            "类别",
            note="资金、利润、成本、销售、计划、质量、产量、客户、内部管理、安全、环保、党建廉政、科研、团队",
        ),
        Column("source_category", "原分类"),
        Column("importance", "重要性", "choice", choices=IMPORTANCE),
        Column("origin", "来源", "choice", choices=ORIGINS),
        Column("definition", "定义", width=28),
        Column("formula", "计算公式", width=28),
        Column("unit", "单位"),
        Column("direction", "方向", "choice", choices=DIRECTIONS),
        Column("additive", "可累加", "yes"),
        Column("baseline", "基准值", "figure"),
        Column("last_year", "上年实际", "figure"),
        Column("three_year_mean", "三年平均", "figure"),
        Column("threshold", "保底值", "figure"),
        Column("target", "目标值", "figure"),
        Column("challenge", "挑战值", "figure"),
        Column("basis", "目标依据", width=24),
        Column("weight", "权重", "figure"),
        Column("cap", "封顶", "figure", note="数字，或“不封顶”"),
        Column("floor", "保底分", "figure"),
        Column("max_plus", "最多加", "figure"),
        Column("max_minus", "最多扣", "figure"),
        Column("zero_below", "零分线", "figure"),
        Column("method", "评分方法", "choice", choices=METHODS),
        Column("params", "评分参数", width=32, note="名称=值，用分号隔开，如 步长=1；单位=pp；扣=3"),
        Column("rule_text", "评分说明", width=32),
        Column("assessors", "考核人", "list"),
        Column("data_source", "数据来源"),
        Column("data_provider", "数据提供方", note="组织编码"),
        Column("starts_on", "开始日", "date"),
        Column("due", "截止日", "figure", note="2026-11-30；写不成日期的原文会保留并提示"),
        Column("due_form", "截止形式", "choice", choices=DUE_FORMS),
        Column("due_rule", "截止规则", note="名称=值，如 event=竣工验收；days=-30"),
        Column("completion_standard", "完成标准", width=28),
        Column("owner", "责任人工号"),
        Column("executors", "执行人工号", "list"),
        Column("collaborators", "配合组织", "list"),
        Column("parent", "上级指标", note="责任书编号#指标编码，或本簿内 代号#编码"),
        Column("alignment_reason", "对齐说明"),
        Column("veto", "否决规则", note="名称=值，如 event=死亡事故；confirmer=安全部"),
        Column("risk", "风险"),
    ),
    open=True,
)

_ITEM = Column("item", "指标", required=True, width=28, note="指标的编码或名称")

SUB_ITEMS = Sheet(
    "子指标",
    (
        _LETTER,
        _ITEM,
        Column("name", "名称", required=True, width=28),
        Column("target", "目标值", "figure"),
        Column("unit", "单位"),
        Column("weight", "权重", "number"),
        Column("method", "评分方法", "choice", choices=METHODS),
        Column("params", "评分参数"),
        Column("due", "截止"),
        Column("note", "说明", width=32),
    ),
    required=False,
)

SLICES = Sheet(
    "分解",
    (
        _LETTER,
        _ITEM,
        Column("period", "期间", required=True, note="202611 或 2026Q4"),
        Column("target", "目标值", "figure"),
        Column("threshold", "保底值", "figure"),
        Column("challenge", "挑战值", "figure"),
        Column("note", "说明"),
    ),
    required=False,
)

DELIVERABLES = Sheet(
    "成果文件",
    (
        _LETTER,
        _ITEM,
        Column("name", "名称", required=True, width=28),
        Column("stage", "阶段", "choice", choices=STAGES),
        Column("criteria", "质量标准", width=32),
        Column("weight", "权重", "number"),
        Column("reviewer", "审核人工号"),
        Column("due", "截止日", "date"),
    ),
    required=False,
)

CONSEQUENCES = Sheet(
    "奖惩",
    (
        _LETTER,
        Column("trigger", "触发", required=True, width=28),
        Column("base", "基数"),
        Column("formula", "公式", width=28),
        Column("payee", "对象"),
        Column("release", "兑现时点"),
    ),
    required=False,
)

ALL = (LETTERS, GROUPS, ITEMS, SUB_ITEMS, SLICES, DELIVERABLES, CONSEQUENCES)
