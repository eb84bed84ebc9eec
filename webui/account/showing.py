"""The page of all settings, with what is wrong in the group that was sent."""

from typing import Any

from flask import g, render_template

from engine.approvals import substitutes
from engine.kernel.clock import local
from engine.people import credentials, persons, preferences, sessions
from engine.workflow import definitions
from webui import access, forms
from webui.account import wishes
from webui.account.blueprint import blueprint
from webui.current import engine, viewer


@blueprint.get("/")
def show() -> Any:
    return page(forms.Form())


def page(form: forms.Form) -> str:
    """The settings; `form` is the group that was refused, its texts kept."""
    with engine().start_work(reading=True) as work:
        rules = substitutes.of(work, viewer().id)
        acting = substitutes.principals(work, viewer().id)
        context = {
            "sessions": sessions.of(work, viewer().id),
            "account": credentials.account_of(work, viewer().id),
            "rules": rules,
            "acting": acting,
            "names": persons.names(work, {each.substitute for each in rules} | {each.person for each in acting}),
            "kinds": [(each.key, each.name) for each in definitions.active(work)],
            "wishes": wishes.shown(work, viewer().id),
        }
    return render_template(
        "account/show.html",
        form=form,
        here=sessions.id_of(g.viewer.session_token),
        today=local(g.now).date(),
        must_change=access.must_change(),
        **context,
    )


def keep(**chosen: Any) -> None:
    """Keep some of the person's choices; the others stay."""
    with engine().start_work() as work:
        preferences.change(work, viewer().id, **chosen)
        work.commit()
