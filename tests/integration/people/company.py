"""A company of one hand's size for tests: the group, a subsidiary with a project, two centres, and its cast."""

from dataclasses import dataclass

from engine.kernel.work import Work
from engine.people import orgs, persons, posts, roles
from engine.people.orgs import ControlMode, NewOrg, OrgType
from engine.people.persons import NewPerson
from engine.people.posts import NewPost, Rank
from engine.people.roles import Grant, Role


@dataclass(frozen=True)
class Company:
    """The ids of the cast and of their units."""

    group: int
    east: int
    project: int
    cost: int
    finance: int
    president: int  # 钱卫东
    zhou: int  # 周文博, leader in charge of 东区公司
    li: int  # 李建国, head of 城东项目部
    chen: int  # 陈思远, employee there
    wang: int  # 王敏, head of 成本中心
    sun: int  # 孙立, head of 财务中心
    zhao: int  # 赵雪, OPS and OPS_HEAD
    admin: int


def found(work: Work) -> Company:
    """Founds the company; the caller commits."""
    everybody = {name: persons.add(work, NewPerson(f"T{n:03}", name)) for n, name in enumerate(_NAMES)}
    president, zhou, li, chen, wang, sun, zhao, admin = (everybody[name] for name in _NAMES)
    group = orgs.add(work, NewOrg("XH", "星河集团", OrgType.GROUP, head=president, control_mode=ControlMode.STRONG))
    east = orgs.add(
        work,
        NewOrg("XH-E", "东区公司", OrgType.SUBSIDIARY, group, leader=zhou, control_mode=ControlMode.STRATEGIC),
    )
    project = orgs.add(work, NewOrg("XH-E-CD", "城东项目部", OrgType.PROJECT, east, head=li))
    cost = orgs.add(work, NewOrg("XH-CB", "成本中心", OrgType.CENTER, group, head=wang, is_professional_center=True))
    finance = orgs.add(work, NewOrg("XH-CW", "财务中心", OrgType.CENTER, group, head=sun))
    for person, org, title, rank in (
        (president, group, "总裁", Rank.R1),
        (zhou, group, "副总裁", Rank.R1),
        (li, project, "项目总经理", Rank.R1),
        (chen, project, "工程师", Rank.R5),
        (wang, cost, "成本总监", Rank.R1),
        (sun, finance, "财务总监", Rank.R1),
        (zhao, group, "运营总监", Rank.R3),
        (admin, group, "管理员", Rank.R4),
    ):
        posts.take(work, NewPost(person, org, title, rank))
    for person, role in (
        (president, Role.PRESIDENT),
        (zhao, Role.OPS),
        (zhao, Role.OPS_HEAD),
        (admin, Role.ADMIN),
        (president, Role.COMMITTEE_CHAIR),
    ):
        roles.grant(work, Grant(person, role))
    for person in (president, zhou, wang, sun):
        roles.grant(work, Grant(person, Role.COMMITTEE))
    return Company(group, east, project, cost, finance, president, zhou, li, chen, wang, sun, zhao, admin)


_NAMES = ("钱卫东", "周文博", "李建国", "陈思远", "王敏", "孙立", "赵雪", "管理员")
