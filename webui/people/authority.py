"""权责: the authority matrix by control mode, tried against real routes while it is edited, saved as a version."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import orjson
from flask import flash, make_response, redirect, render_template, request, url_for

from engine.kernel.clock import LOCAL
from engine.kernel.errors import BadDefinition, InvalidInput
from engine.kernel.work import Work
from engine.letters.matrix import comparing, trying, versions, vocabulary
from engine.letters.matrix.trying import Scene
from engine.letters.matrix.versions import Saving
from engine.letters.parameter_sections import Drafting
from engine.people import orgs, persons
from engine.people.authority import Authority, Condition, Duty, WorkItemType
from engine.people.orgs import ControlMode, OrgType
from engine.people.roles import Role
from webui import access, forms
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.people.blueprint import blueprint
from webui.words import word

READERS = ("OPS", "OPS_HEAD", "HR", "PROCESS_OWNER", "ADMIN", "AUDITOR", "LEADER", "PRESIDENT", "COMMITTEE")
CHANGERS = tuple(str(role) for role in versions.CHANGERS)
LARGEST_MATRIX = 200_000
FIELDS = ("type", "duty", "actor", "org_type", "control_mode", "order", "primary", "article", "condition")
COLUMNS = (
    "ORG_HEAD",
    "COLLABORATOR",
    vocabulary.CENTER,
    "OPS",
    "LEADER",
    "PRESIDENT",
    "COMMITTEE",
    "HR",
    "AUDITOR",
)


class Tried(forms.Schema):
    """A matrix as the page holds it, and the case it is tried on."""

    matrix = forms.text(required=True, most=LARGEST_MATRIX)
    kinds = forms.text(required=True, most=20_000)
    org = forms.number()
    category = forms.text(most=40)
    key = forms.tick()
    heavy = forms.tick()
    helped = forms.tick()
    note = forms.text(most=500)
    at = forms.text(most=20)


@blueprint.get("/authority")
@access.roles(*READERS)
def authority() -> Any:
    with engine().start_work(reading=True) as work:
        kinds, rows = versions.present(work)
    return _page(kinds, _by_mode(rows), forms.filled())


@blueprint.post("/authority/try")
@access.roles(*CHANGERS)
def authority_try() -> Any:
    """What breaks the matrix, and which routes it changes."""
    said = forms.must_read(Tried)
    kinds, rows = _matrix(said)
    with engine().start_work(reading=True) as work:
        return render_template("people/authority_tried.html", **_tried(work, kinds, rows, said))


@blueprint.post("/authority")
@access.roles(*CHANGERS)
def authority_save() -> Any:
    form = forms.read(Tried)
    kinds, rows = _matrix(form.values if form.valid else forms.must_read(Tried))
    try:
        wanted = Saving(kinds, rows, form.values.get("note", ""), _moment(form.values.get("at")))
        saved = versions.save(engine(), wanted, viewer().id)
    except (InvalidInput, BadDefinition) as refused:
        form.errors |= _refusal(refused)
        return make_response(_page(kinds, rows, form), 422)
    flash(_("Saved as version %(no)s.", no=saved.no))
    return redirect(url_for("people.authority"), 303)


@blueprint.get("/authority/versions/<int:version>")
@access.roles(*READERS)
def authority_version(version: int) -> Any:
    """What a version changed against the one before it."""
    with engine().start_work(reading=True) as work:
        known = versions.view(work, version)
        before = next((each for each in versions.everyone(work) if each.no < known.no), None)
        old = versions.view(work, before.id).rows if before else vocabulary.whole_template()
        maker = persons.names(work, [known.by] if known.by else [])
    changes = comparing.compare(_by_mode(old), _by_mode(known.rows))
    return render_template("people/authority_version.html", version=known, before=before, changes=changes, names=maker)


@blueprint.post("/authority/versions/<int:version>/call-off")
@access.roles(*CHANGERS)
def authority_call_off(version: int) -> Any:
    versions.call_off(engine(), version, viewer().id)
    flash(_("The version will not come into force."))
    return redirect(url_for("people.authority"), 303)


def _page(kinds: tuple[WorkItemType, ...], rows: tuple[Authority, ...], form: forms.Form) -> str:
    mode = request.args.get("mode", "")
    mode = mode if mode in ControlMode.__members__ else str(ControlMode.STRONG)
    with engine().start_work(reading=True) as work:
        history = versions.everyone(work, 12)
        tree = orgs.tree(work)
        chosen = next((org for org in tree if org.control_mode == mode and org.head), tree[0] if tree else None)
        said = {"org": chosen.id if chosen else None, **form.values}
        tried = _tried(work, kinds, rows, said) if chosen else {"findings": [], "routes": (), "people": {}}
        names = persons.names(work, {each.by for each in history if each.by})
    extra = sorted({row.actor for row in rows} - set(COLUMNS))
    held = {"matrix": _compact(rows), "template": _compact(vocabulary.whole_template())}
    listed = {"kinds": kinds, "rows": rows, "columns": (*COLUMNS, *extra), "mode": mode, "modes": list(ControlMode)}
    offers = {"roles": _roles(), "org_types": list(OrgType), "duties": list(Duty), "conditions": list(Condition)}
    return render_template(
        "people/authority.html", form=form, history=history, names=names, tree=tree, org=said["org"], **tried, **held,
        **listed, **offers, kinds_json=orjson.dumps([asdict(kind) for kind in kinds]).decode(),
        categories=_categories(), may_change=viewer().may(*CHANGERS), words=_words(), unit_prefix=vocabulary.UNIT,
    )  # fmt: skip


def _words() -> dict[str, Any]:
    """What the script writes into cells."""
    return {
        "lead": _("lead"),
        "conditions": {str(each): word(f"condition.{each}") for each in Condition if each},
        "types": {str(each): word(f"org.{each}") for each in OrgType},
        "roles": {each: word(f"role.{each}") for each in (*COLUMNS, *_roles())},
        "failed": _("This could not be worked out: check the line and edit again."),
    }


def _tried(work: Work, kinds: tuple[WorkItemType, ...], rows: tuple[Authority, ...], said: Any) -> dict[str, Any]:
    found = versions.findings(kinds, rows)
    helper = next((each.id for each in orgs.tree(work) if each.is_professional_center and each.id != said["org"]), None)
    scene = Scene(
        said["org"] or 0,
        bool(said.get("key")),
        bool(said.get("heavy")),
        said.get("category") or _categories()[0],
        (helper,) if said.get("helped") and helper else (),
    )
    try:
        routes = trying.routes(engine(), work, scene, rows) if said["org"] else ()
    except BadDefinition as broken:
        return {"findings": found, "routes": (), "people": {}, "broken": broken, "kinds_named": _named(kinds)}
    asked = {person for route in routes for stage in (*route.now, *route.then) for person in stage.people}
    people = persons.many(work, asked)
    return {"findings": found, "routes": routes, "people": people, "broken": None, "kinds_named": _named(kinds)}


def _named(kinds: tuple[WorkItemType, ...]) -> dict[str, str]:
    return {kind.code: kind.name for kind in kinds}


def _by_mode(rows: tuple[Authority, ...]) -> tuple[Authority, ...]:
    """Rows that hold under any mode, written once for each: the page shows one mode at a time."""
    return tuple(
        replace(row, control_mode=mode)
        for row in rows
        for mode in ([row.control_mode] if row.control_mode else [str(each) for each in ControlMode])
    )


def _compact(rows: tuple[Authority, ...]) -> str:
    return orjson.dumps([[getattr(row, name) for name in FIELDS] for row in rows]).decode()


def _matrix(said: Any) -> tuple[tuple[WorkItemType, ...], tuple[Authority, ...]]:
    """What the page holds. Raises InvalidInput where it is not readable as a matrix."""
    try:
        kinds = tuple(WorkItemType(**each) for each in orjson.loads(said["kinds"]))
        lines = [dict(zip(FIELDS, each, strict=True)) for each in orjson.loads(said["matrix"])]
        rows = tuple(versions.row_of({**each, "order": _order(each["order"])}) for each in lines)
    except (ValueError, TypeError) as unreadable:
        raise InvalidInput("authority.unreadable", "the matrix cannot be read: load the page again") from unreadable
    return kinds, rows


def _order(value: Any) -> int | None:
    return None if value in (None, "") else int(value)


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=LOCAL)
    except ValueError:
        raise InvalidInput("authority.moment", f"'{text}' is no moment", field="at") from None


def _refusal(refused: InvalidInput | BadDefinition) -> dict[str, str]:
    if refused.code == "authority.broken":
        return {"grid": _("The matrix breaks its rules: see the findings beside it.")}
    shown = forms.Form()
    return shown.refuse(InvalidInput(refused.code, refused.message, **refused.fields), "grid").errors


def _roles() -> list[str]:
    follow = {Role.OWNER, Role.EXECUTOR, Role.ADMIN, Role.PROCESS_OWNER}
    return [str(role) for role in Role if role not in follow and str(role) not in COLUMNS]


def _categories() -> tuple[str, ...]:
    return Drafting().categories
