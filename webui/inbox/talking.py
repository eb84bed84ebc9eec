"""What people do on a task besides deciding: comment, attach files, fill in fields that depend on each other."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from engine.approvals import comments, copies, drafts, looking, record
from engine.approvals.rows import Case
from engine.kernel.errors import InvalidInput, NotFound
from engine.people import persons
from engine.workflow import standings
from webui import forms
from webui.current import by_htmx, engine, viewer
from webui.i18n import gettext as _
from webui.inbox import fields, tasks
from webui.inbox.blueprint import blueprint
from webui.words import sentence

SHOWN_IN_PLACE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif"})


class Comment(forms.Schema):
    comment = forms.text(required=True, most=comments.LONGEST)


@blueprint.post("/tasks/<int:task_id>/fields")
def refill(task_id: int) -> str:
    """The drawn form again, as it stands with what is filled in now; nothing is kept."""
    with engine().start_work(reading=True) as work:
        node, _instance = tasks.visible(work, task_id)
        standings.hold(work, standings.read(work, node.instance_id))
        form = tasks.form_of(Case(engine(), work, node), fields.sent(request.form))
    return render_template("inbox/fields.html", form=form, task=task_id, errors={})


@blueprint.post("/tasks/<int:task_id>/comments")
def comment(task_id: int) -> Any:
    named = comments.say(engine(), task_id, viewer().id, forms.must_read(Comment)["comment"])
    if not by_htmx():
        flash(_("The comment is there.") if not named else _("The comment is there; whoever you named was told."))
        return redirect(url_for("inbox.task", task_id=task_id), 303)
    return render_template("inbox/opinions.html", page=tasks.load(task_id))


@blueprint.post("/tasks/<int:task_id>/files")
def attach(task_id: int) -> Any:
    """Files that will go with the decision; one that is refused does not take the others with it (U35)."""
    refused = []
    for each in request.files.getlist("files"):
        if each.filename:
            try:
                drafts.attach(engine(), task_id, viewer().id, each.filename, each.read())
            except InvalidInput as refusal:
                refused.append((each.filename, sentence(refusal)))
    return _attached(task_id, refused)


@blueprint.post("/tasks/<int:task_id>/files/<file>/remove")
def detach(task_id: int, file: str) -> Any:
    drafts.detach(engine(), task_id, viewer().id, file)
    return _attached(task_id, [])


@blueprint.get("/tasks/<int:task_id>/files/<file>")
def file(task_id: int, file: str) -> Response:
    """A file that goes with the task, for those who may see it; pictures and PDF open in place."""
    with engine().start_work(reading=True) as work:
        node, instance = tasks.visible(work, task_id)
        said = {one for act in record.of_instance(work, instance.id) for one in act.detail.get("files", ())}
        mine = (drafts.find(work, node.task_id, viewer().id) or {}).get(drafts.FILES, ())
        if file not in said and file not in mine:
            raise NotFound("file.unknown", f"task {task_id} has no file {file}", file=file)
        known, content = engine().files.view(work, file), engine().files.read(work, file)
    response = Response(content, mimetype=known.media_type)
    place = "inline" if known.media_type in SHOWN_IN_PLACE else "attachment"
    response.headers.set("Content-Disposition", place, filename=known.name)
    return response


@blueprint.get("/tasks/<int:task_id>/live")
def task_live(task_id: int) -> Response:
    """Opinions and who else looks, for the task's own page: 204 where nothing is new."""
    looking.seen(engine(), task_id, viewer().id)
    with engine().start_work(reading=True) as work:
        node, instance = tasks.visible(work, task_id)
        others = looking.others(work, task_id, viewer().id)
        acts = record.of_instance(work, instance.id, limit=1)
        names = persons.names(work, others)
    revision = f"{acts[0].id if acts else 0}-{node.status}-{'.'.join(map(str, others))}"
    if request.args.get("rev") == revision:
        return Response(status=204)
    page = tasks.load(task_id) if "rev" in request.args else None
    told = render_template("inbox/task_live.html", task=task_id, revision=revision, names=names.values(), page=page)
    return make_response(told)


@blueprint.get("/copies/<int:instance_id>")
def open_copy(instance_id: int) -> Any:
    """已阅: the copy is opened, which is noted the first time; then the instance shows itself."""
    copies.read(engine(), viewer().id, instance=instance_id)
    return redirect(url_for("processes.instance", instance_id=instance_id), 303)


def _attached(task_id: int, refused: list[tuple[str, str]]) -> Any:
    if not by_htmx():
        for _name, why in refused:
            flash(why)
        return redirect(url_for("inbox.task", task_id=task_id), 303)
    page = render_template("inbox/attached.html", page=tasks.load(task_id), refused=refused)
    return make_response(page, 422 if refused else 200)
