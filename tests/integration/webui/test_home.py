"""Home: what each role sees first, and that one card that fails leaves the others standing (`ux.md` §4.2)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.approvals import batchable
from engine.kernel.clock import ManualClock
from engine.kernel.errors import Unavailable
from engine.people import roles
from engine.people.roles import Grant, Role
from engine.workflow import slowness
from tests.builders.site import Site
from tests.integration.webui.conftest import Person
from webui import home
from webui.home import targets

SignIn = Callable[[str], Person]


def cards(page: str) -> list[str]:
    return re.findall(r"<h2>([^<]+?)(?: \d+)?</h2>", page[page.index('class="cards"') : page.index("</main>")])


@pytest.mark.parametrize(("hours", "said"), [(0, "早上好"), (5, "下午好"), (10, "晚上好")])
def test_the_greeting_follows_the_time_of_day(
    site: Site, signed_in: SignIn, clock: ManualClock, hours: int, said: str
) -> None:
    zhou = signed_in("zhou")
    clock.move(timedelta(hours=hours))  # from 09:00 in Shanghai

    assert f"{said}，周文博。" in zhou.get("/").text


def test_the_first_screen_counts_what_waits_and_what_is_late(site: Site, signed_in: SignIn) -> None:
    for number in range(3):
        site.start("purchase", f"采购 {number}")

    page = signed_in("zhou").get("/").text

    assert "3 项待办" in page or "3 项任务" in page
    assert 'data-key="Enter"' in page
    assert page.count("btn-primary") <= 2  # the sign-in dialog has one of its own


def test_what_needs_no_more_than_a_yes_is_approved_together(site: Site, signed_in: SignIn) -> None:
    """批量同意 n 项: only tasks that can be part of a batch are counted."""
    site.start("sealing", "需要意见")
    made = [site.start("purchase", f"采购 {number}") for number in range(2)]

    page = signed_in("zhou").get("/").text

    assert "批量同意 2 项" in page
    assert f'href="/inbox/batch?pick={made[0]}&amp;pick={made[1]}"' in page
    with site.engine.start_work(reading=True) as work:
        assert batchable.of(work, site.person("zhou")) == tuple(made)


@pytest.mark.parametrize(
    ("account", "role", "wanted"),
    [
        ("li", None, {"本单位责任书"}),
        ("zhou", None, {"分管范围内的红色预警"}),
        ("zhao", Role.OPS, {"逾期未提交", "预警持续时间"}),
        ("wang", Role.PROCESS_OWNER, {"近 30 天最慢环节"}),
        ("admin", None, {"系统运行", "开始使用"}),
    ],
)
def test_each_role_has_its_cards(
    site: Site, signed_in: SignIn, account: str, role: Role | None, wanted: set[str]
) -> None:
    if role is not None:
        with site.engine.start_work() as work:
            if role not in {grant.role for grant in roles.of(work, site.person(account))}:
                roles.grant(work, Grant(site.person(account), role))
            work.commit()

    shown = cards(signed_in(account).get("/").text)

    assert wanted <= set(shown)
    assert not wanted & set(cards(signed_in("chen").get("/").text))


def test_a_card_that_fails_leaves_the_others_standing(
    site: Site, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise Unavailable("card.broken", "the card is broken")

    family = home.FAMILY
    cards_now = tuple(broken if card is targets.my_letters else card for card in family.cards)
    object.__setattr__(family, "cards", cards_now)
    try:
        page = signed_in("li").get("/")
    finally:
        object.__setattr__(family, "cards", tuple(targets.my_letters if c is broken else c for c in cards_now))

    assert page.status_code == 200
    assert ("重试" in page.text and "今天到期" in page.text) or "接下来" in page.text


def test_the_checklist_of_the_first_run_leads_on_and_is_waved_away(site: Site, signed_in: SignIn) -> None:
    admin = signed_in("admin")
    first = admin.get("/").text

    admin.post("/begun")

    assert 'href="/import/letters"' in first or "导入责任书" in first
    assert "开始使用" not in cards(admin.get("/").text)


def test_the_slowest_step_is_the_one_whose_tasks_were_open_longest(
    site: Site, signed_in: SignIn, clock: ManualClock
) -> None:
    for number in range(5):
        task = site.start("purchase", f"采购 {number}")
        clock.move(timedelta(hours=4))
        signed_in("zhou").post(f"/inbox/tasks/{task}/decision", {"outcome": "APPROVED"})

    with site.engine.start_work(reading=True) as work:
        (slow,) = slowness.steps(work, work.now - timedelta(days=30))

    assert (slow.key, slow.node, slow.number, slow.half) == ("purchase", "review", 5, timedelta(hours=4))


@pytest.mark.parametrize("account", ["chen", "li", "zhao", "zhou", "admin"])
def test_home_weighs_at_most_fourteen_kilobytes_without_the_frame(site: Site, signed_in: SignIn, account: str) -> None:
    for number in range(8):
        site.start("purchase", f"城东项目部采购申请 {number}")

    page = signed_in(account).get("/").text

    main = page[page.index("<main") : page.index("</main>")]
    assert len(main.encode()) <= 14_000
