"""制度: versions of the rules, each parameter beside its article, what is locked and why, whom a version reaches."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for

from engine.kernel.clock import local
from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.work import Work
from engine.letters import parameters, regulating, regulations
from engine.letters.parameters import Described
from engine.letters.regulating import Draft
from engine.letters.regulations import RegulationView
from engine.people import persons
from webui import access, forms
from webui.admin.blueprint import blueprint
from webui.current import engine, viewer
from webui.i18n import gettext as _

READERS = ("OPS", "OPS_HEAD", "HR", "PROCESS_OWNER", "ADMIN", "AUDITOR", "LEADER", "PRESIDENT", "COMMITTEE",
           "COMMITTEE_CHAIR", "ORG_HEAD")  # fmt: skip
MAKERS = tuple(str(role) for role in regulating.MAKERS)
APPROVERS = tuple(str(role) for role in regulating.APPROVERS)
PREFIX = "p."
PARTS_OF_AN_ARTICLE = 3


class New(forms.Schema):
    no = forms.text(required=True, most=40)
    effective_from = forms.day(required=True)


class Edit(forms.Schema):
    title = forms.text(required=True, most=200)
    effective_from = forms.day(required=True)
    articles = forms.text(most=20_000)


@blueprint.get("/regulations")
@blueprint.get("/regulations/<no>")
@access.roles(*READERS)
def regulation(no: str | None = None) -> Any:
    return _page(no, forms.filled())


@blueprint.post("/regulations")
@access.roles(*MAKERS)
def new_regulation() -> Any:
    form = forms.read(New)
    if form.valid:
        try:
            regulating.copy_last(engine().start_work, form.values["no"], form.values["effective_from"], viewer().id)
        except InvalidInput as refused:
            form.refuse(refused, "no")
        else:
            return redirect(url_for("admin.regulation", no=form.values["no"]), 303)
    return make_response(_page(None, form, opened="new"), 422)


@blueprint.post("/regulations/<no>")
@access.roles(*MAKERS)
def edit_regulation(no: str) -> Any:
    form = forms.read(Edit, besides=PREFIX)
    known = _known(no)
    if form.valid:
        try:
            regulating.change(engine().start_work, known.id, _draft(known, form.values), viewer().id)
        except InvalidInput as refused:
            _tell(form, refused)
        else:
            flash(_("Saved."))
            return redirect(url_for("admin.regulation", no=no), 303)
    return make_response(_page(no, form, typed=_typed()), 422)


@blueprint.post("/regulations/<no>/hand-in")
@access.roles(*MAKERS)
def hand_in_regulation(no: str) -> Any:
    return _moved(no, regulating.hand_in, _("Handed in: it waits for approval."))


@blueprint.post("/regulations/<no>/take-back")
@access.roles(*{*MAKERS, *APPROVERS})
def take_back_regulation(no: str) -> Any:
    return _moved(no, regulating.take_back, _("Taken back: it can be changed again."))


@blueprint.post("/regulations/<no>/approve")
@access.roles(*APPROVERS)
def approve_regulation(no: str) -> Any:
    return _moved(no, regulating.approve, _("Approved."))


def _moved(no: str, act: Callable[[Any, int, int], None], done: str) -> Any:
    try:
        act(engine().start_work, _known(no).id, viewer().id)
    except InvalidInput as refused:
        return make_response(_page(no, forms.filled().refuse(refused, "effective_from")), 422)
    flash(done)
    return redirect(url_for("admin.regulation", no=no), 303)


def _page(no: str | None, form: forms.Form, *, opened: str = "", typed: Mapping[str, str] | None = None) -> str:
    with engine().start_work(reading=True) as work:
        versions = regulations.everyone(work)
        if not versions:
            return render_template("admin/regulations_none.html", form=form, today=local(g.now).date())
        chosen = _chosen(work, versions, no)
        before = next((each for each in versions if each.id == chosen.previous), None)
        context = {
            "reach": regulating.reach(work, chosen.id),
            "in_force": regulations.find_in_force(work, local(g.now).date()),
            "two": regulating.needs_two(work),
            "names": persons.names(work, [each for each in (chosen.submitted_by, chosen.approved_by) if each]),
        }
    edits = chosen.status == "DRAFT" and chosen.submitted_at is None and viewer().may(*MAKERS)
    return render_template(
        "admin/regulation.html", chosen=chosen, versions=versions, before=before, form=form, opened=opened,
        edits=edits, sections=_sections(chosen, before, typed, form.errors), articles=_written(chosen), state=_state,
        may_approve=viewer().may(*APPROVERS) and (not context["two"] or chosen.submitted_by != viewer().id),
        next_year=_next_year(chosen), **context,
    )  # fmt: skip


def _chosen(work: Work, versions: tuple[RegulationView, ...], no: str | None) -> RegulationView:
    if no is None:
        return regulations.find_in_force(work, local(g.now).date()) or versions[0]
    return _named(versions, no)


def _named(versions: tuple[RegulationView, ...], no: str) -> RegulationView:
    found = next((each for each in versions if each.no == no), None)
    if found is None:
        raise NotFound("regulation.unknown", f"there is no regulation {no}", regulation=no)
    return found


def _known(no: str) -> RegulationView:
    with engine().start_work(reading=True) as work:
        return _named(regulations.everyone(work), no)


def _state(each: RegulationView, in_force: RegulationView | None) -> str:
    if each.status == "DRAFT":
        return "SUBMITTED" if each.submitted_at else "DRAFT"
    replaced = each.status == "EFFECTIVE" and in_force is not None and each.id != in_force.id
    begun = each.effective_from is not None and each.effective_from <= local(g.now).date()
    return "REPLACED" if replaced and begun else str(each.status)


def _sections(
    chosen: RegulationView, before: RegulationView | None, typed: Mapping[str, str] | None, errors: Mapping[str, str]
) -> list[tuple[str, list[Mapping[str, Any]], list[dict[str, Any]]]]:
    """Each section with the articles that cite it and its parameters as the page shows them."""
    found: dict[str, list[dict[str, Any]]] = {}
    year = (before or chosen).parameters.cycle.fiscal_year_start
    for each in parameters.describe():
        section = each.name.partition(".")[0]
        now = _text(_value(chosen, each))
        old = _text(_value(before, each)) if before else now
        locked = before is not None and regulating.locked(each, chosen.effective_from or date.max, year)
        shown = (typed or {}).get(each.name, now)
        line = {"name": each.name, "kind": str(each.kind), "value": shown, "before": old, "changed": old != now}
        found.setdefault(section, []).append(
            {**line, "locked": locked, "many": isinstance(each.default, Mapping), "wrong": errors.get(each.name)}
        )
    return [
        (section, [each for each in chosen.articles if _cites(each, section)], lines)
        for section, lines in found.items()
    ]


def _cites(article: Mapping[str, Any], section: str) -> bool:
    return any(str(name).partition(".")[0] == section for name in article.get("names", ()))


def _value(known: RegulationView, each: Described) -> Any:
    section, _dot, key = each.name.partition(".")
    return getattr(getattr(known.parameters, section), key)


def _text(value: Any) -> str:
    """A parameter as it is typed: lists by comma, tables a line for each key."""
    if isinstance(value, Mapping):
        return "\n".join(f"{key} = {_text(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_text(each) for each in value)
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def _typed() -> dict[str, str]:
    return {
        name.removeprefix(PREFIX): text.replace("\r\n", "\n")
        for name, text in request.form.items()
        if name.startswith(PREFIX)
    }


def _draft(known: RegulationView, said: Mapping[str, Any]) -> Draft:
    typed = _typed()
    params: dict[str, dict[str, Any]] = {}
    for each in parameters.describe():
        section, _dot, key = each.name.partition(".")
        text = typed.get(each.name)
        value = _value(known, each) if text is None else _read(text, each.default)
        params.setdefault(section, {})[key] = _plain(value)
    return Draft(known.no, said["title"], said["effective_from"], params, _read_articles(said.get("articles", "")))


def _read(text: str, like: Any) -> Any:
    if isinstance(like, Mapping):
        pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
        return {key.strip(): value.strip() for key, _sign, value in pairs}
    if isinstance(like, tuple):
        return [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]
    return text.strip()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return format(value, "f") if isinstance(value, Decimal) else value


def _written(known: RegulationView) -> str:
    return "\n".join(
        f"{each['no']} | {each.get('text', '')} | {', '.join(each.get('names', ()))}" for each in known.articles
    )


def _read_articles(text: str) -> tuple[dict[str, Any], ...]:
    """One article a line: number | text | what it is cited for."""
    lines = [[part.strip() for part in line.split("|")] for line in text.splitlines() if line.strip()]
    wrong = next((line for line in lines if len(line) != PARTS_OF_AN_ARTICLE or not line[0]), None)
    if wrong is not None:
        raise InvalidInput("regulation.article", f"'{' | '.join(wrong)}' is no article", field="articles")
    return tuple({"no": no, "text": said, "names": _read(names, ())} for no, said, names in lines)


def _tell(form: forms.Form, refused: InvalidInput) -> None:
    """Each mistake at its parameter."""
    for name, wrong in refused.fields.get("mistakes", {}).items():
        form.errors[name] = "; ".join(map(str, wrong)) if isinstance(wrong, list) else str(wrong)
    for name in refused.fields.get("names", ()):
        form.refuse(InvalidInput(refused.code, refused.message, **{**refused.fields, "field": name}))
    if not form.errors:
        form.refuse(refused, "title")


def _next_year(chosen: RegulationView) -> date:
    return regulating.next_year(local(g.now).date(), chosen.parameters.cycle.fiscal_year_start)
