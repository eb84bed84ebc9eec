"""Lists that people keep under names: each has their own (APR-33, `ux.md` §4.3)."""

import pytest

from engine.approvals import saved_filters
from engine.approvals.saved_filters import MOST
from engine.kernel.errors import Conflict, InvalidInput, NotFound
from tests.integration.approvals.conftest import Stage


def names(stage: Stage, person: int) -> list[str]:
    with stage.engine.start_work(reading=True) as work:
        return [each.name for each in saved_filters.of(work, person)]


def test_a_list_is_kept_renamed_replaced_and_forgotten(stage: Stage) -> None:
    who = stage.company
    kept = saved_filters.keep(stage.engine, who.wang, "  我的  月度 ", "tab=todo&process=letter_month")
    renamed = saved_filters.rename(stage.engine, who.wang, kept.id, "月度")
    replaced = saved_filters.keep(stage.engine, who.wang, "月度", "tab=todo&late=1")

    assert (kept.name, renamed.name) == ("我的 月度", "月度")
    assert (replaced.id, replaced.query) == (kept.id, "tab=todo&late=1")
    saved_filters.drop(stage.engine, who.wang, kept.id)
    assert names(stage, who.wang) == []


def test_nobody_reads_or_changes_the_lists_of_others(stage: Stage) -> None:
    who = stage.company
    kept = saved_filters.keep(stage.engine, who.wang, "月度", "late=1")

    with pytest.raises(NotFound):
        saved_filters.drop(stage.engine, who.sun, kept.id)
    with pytest.raises(NotFound):
        saved_filters.rename(stage.engine, who.sun, kept.id, "拿走")
    assert (names(stage, who.wang), names(stage, who.sun)) == (["月度"], [])


def test_a_name_is_given_once_and_is_short_and_no_path(stage: Stage) -> None:
    who = stage.company
    first = saved_filters.keep(stage.engine, who.wang, "一", "late=1")
    saved_filters.keep(stage.engine, who.wang, "二", "late=1")

    with pytest.raises(Conflict):
        saved_filters.rename(stage.engine, who.wang, first.id, "二")
    for name in (" ", "a/b", "长" * 41):
        with pytest.raises(InvalidInput):
            saved_filters.keep(stage.engine, who.wang, name, "late=1")


def test_there_is_an_end_to_how_many_are_kept(stage: Stage) -> None:
    who = stage.company
    for number in range(MOST):
        saved_filters.keep(stage.engine, who.wang, f"第 {number}", "late=1")

    with pytest.raises(InvalidInput):
        saved_filters.keep(stage.engine, who.wang, "再一", "late=1")
