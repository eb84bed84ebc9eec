"""The organisation on a day: the tree of units, and one unit with its head, leader, mode and people."""

from datetime import date
from typing import Any

from flask import Response, g, render_template, request

from engine.kernel.clock import local
from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.letters import headless
from engine.people import org_changes, org_days, orgs, persons, spelling, workbook_export
from webui import access, exports, forms, picking
from webui.current import engine, viewer
from webui.people.blueprint import blueprint
from webui.words import word

CHANGERS = ("HR", "ADMIN")


class Shown(forms.Schema):
    """Which unit on which day."""

    class Meta:
        unknown = "exclude"

    org = forms.number()
    on = forms.day()


@blueprint.get("/orgs")
def orgs_index() -> Any:
    return page(forms.filled())


@blueprint.get("/orgs/export.xlsx")
@access.roles(*CHANGERS)
def orgs_export() -> Any:
    """The whole group as the workbook that the import reads."""
    with engine().start_work(reading=True) as work:
        book = workbook_export.export(work)
    answer = Response(book, mimetype=exports.XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename=f"organisation-{local(g.now):%Y%m%d}.xlsx")
    return answer


def page(form: forms.Form, opened: str = "", org: int | None = None) -> str:
    """The page; `opened` is the part whose form is shown, with what was typed and what is wrong with it."""
    wanted: dict[str, Any] = {"org": org} if org else Shown().load(request.args.to_dict())
    today = local(g.now).date()
    day = wanted.get("on") or today
    with engine().start_work(reading=True) as work:
        tree = org_days.tree(work, day)
        chosen = _chosen(tree, wanted.get("org"))
        context = _unit(work, chosen, day) if chosen else {}
        context["known"] = persons.many(work, _named(tree, context))
    if chosen and not form.sent:
        form = _as_is(chosen, context["known"], day)
    shown = {"tree": tree, "chosen": chosen, "drilled": wanted.get("org") is not None, "day": day, "today": today}
    return render_template(
        "people/orgs.html", form=form, opened=opened, as_said=_as_said, typed=spelling.initials, **shown, **context
    )


def _unit(work: Work, chosen: orgs.OrgView, day: date) -> dict[str, Any]:
    changes = org_changes.of(work, chosen.id)
    return {
        "members": persons.of_org(work, [chosen.id]),
        "changes": changes,
        "headless": headless.of(work, chosen.id) if viewer().may(*CHANGERS, "OPS", "OPS_HEAD") else None,
    }


def _named(tree: tuple[orgs.OrgView, ...], context: dict[str, Any]) -> set[int]:
    """Everybody whom the page names."""
    found = {person for org in tree for person in (org.head, org.leader)}
    for change in context.get("changes", ()):
        found |= {change.by, *(side.get(key) for side in (change.before, change.after) for key in _PERSONS)}
    return {person for person in found if person}


_PERSONS = ("head_id", "leader_id")


def _as_is(org: orgs.OrgView, known: Any, day: date) -> forms.Form:
    return forms.filled(
        name=org.name,
        head=picking.written(known.get(org.head)),
        leader=picking.written(known.get(org.own_leader)),
        control_mode=org.own_control_mode or "",
        parent=org.parent or "",
        starts=day.isoformat(),
    )


def _as_said(column: str, value: Any, known: Any, tree: tuple[orgs.OrgView, ...]) -> str:
    """The value of a changed column as people read it."""
    if value in (None, ""):
        return "—"
    if column in _PERSONS:
        return known[value].name if value in known else str(value)
    if column == "parent_id":
        return next((org.name for org in tree if org.id == value), str(value))
    if column in _WORDED:
        return word(f"{_WORDED[column]}.{value}")
    return "、".join(value) if isinstance(value, list) else str(value)


_WORDED = {"type": "org", "control_mode": "mode", "is_professional_center": "yes"}


def _chosen(tree: tuple[orgs.OrgView, ...], wanted: int | None) -> orgs.OrgView | None:
    if wanted is None:
        return tree[0] if tree else None
    found = next((org for org in tree if org.id == wanted), None)
    if found is None:
        raise NotFound("org.unknown", f"there is no unit {wanted}", org=wanted)
    return found
