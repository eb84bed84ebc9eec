"""The sheets of an organisation workbook: units, persons, posts, roles, the authority matrix."""

from engine.kernel.sheets import Column, Sheet

TYPES = {"集团": "GROUP", "子分公司": "SUBSIDIARY", "中心": "CENTER", "部门": "DEPT", "项目": "PROJECT"}
MODES = {"强管控": "STRONG", "战略管控": "STRATEGIC", "弱管控": "WEAK"}
ROLES = {
    "计划运营": "OPS",
    "运营负责人": "OPS_HEAD",
    "人力资源": "HR",
    "数据提供方": "DATA_PROVIDER",
    "薪酬考核委员会": "COMMITTEE",
    "委员会主任": "COMMITTEE_CHAIR",
    "总裁": "PRESIDENT",
    "审计": "AUDITOR",
    "流程负责人": "PROCESS_OWNER",
    "管理员": "ADMIN",
}
DUTIES = {
    "发起": "I",
    "审核": "R",
    "参与": "P",
    "审批": "A",
    "备案": "F",
    "归档": "AR",
    "监督": "S",
    "执行": "E",
    "反馈": "FB",
}
CONDITIONS = {
    "关键变化": "KEY",
    "财务指标": "FINANCE",
    "非财务指标": "OTHER",
    "年度责任书": "ANNUAL",
    "重大事项": "MAJOR",
}

ORGS = Sheet(
    "组织",
    (
        Column("code", "编码", required=True),
        Column("name", "名称", required=True, width=24),
        Column("type", "类型", "choice", required=True, choices=TYPES),
        Column("parent", "上级编码", note="空 = 最上级"),
        Column("head", "负责人工号"),
        Column("leader", "分管领导工号", note="空 = 随上级"),
        Column("control_mode", "管控模式", "choice", choices=MODES, note="空 = 随上级"),
        Column("categories", "专业类别", "list", note="填写后即为专业中心，如 资金、利润"),
        Column("valid_from", "生效日", "date"),
        Column("valid_to", "失效日", "date"),
    ),
)
PERSONS = Sheet(
    "人员",
    (
        Column("number", "工号", required=True),
        Column("name", "姓名", required=True),
        Column("email", "邮箱", width=28),
        Column("account", "账号", note="空 = 不能登录"),
        Column("active", "在职", "yes", note="空 = 是"),
    ),
)
POSTS = Sheet(
    "任职",
    (
        Column("person", "工号", required=True),
        Column("org", "组织编码", required=True),
        Column("title", "岗位", required=True),
        Column(
            "rank", "职级", "choice", required=True, choices={rank: rank for rank in ("R1", "R2", "R3", "R4", "R5")}
        ),
        Column("is_primary", "主任职", "yes", note="空 = 是"),
        Column("valid_from", "生效日", "date"),
        Column("valid_to", "失效日", "date"),
    ),
    required=False,
)
GRANTS = Sheet(
    "角色",
    (
        Column("person", "工号", required=True),
        Column("role", "角色", "choice", required=True, choices=ROLES),
        Column("org", "组织编码", note="空 = 整个集团"),
        Column("valid_from", "生效日", "date"),
        Column("valid_to", "失效日", "date"),
    ),
    required=False,
)
AUTHORITY = Sheet(
    "权责",
    (
        Column("type", "工作项编码", required=True),
        Column("name", "工作项", required=True, width=24),
        Column("category", "类别"),
        Column("org_type", "组织类型", "choice", choices=TYPES, note="空 = 都适用"),
        Column("control_mode", "管控模式", "choice", choices=MODES, note="空 = 都适用"),
        Column("duty", "权责", "choice", required=True, choices=DUTIES),
        Column("actor", "承担者", required=True, width=24, note="角色代码、岗位:名称 或 =FEEL"),
        Column("order", "审核顺序", "number"),
        Column("primary", "主责", "yes"),
        Column("article", "依据"),
        Column("condition", "条件", "choice", choices=CONDITIONS, note="空 = 总是"),
    ),
    required=False,
)

ALL = (ORGS, PERSONS, POSTS, GRANTS, AUTHORITY)
