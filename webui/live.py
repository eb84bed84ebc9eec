"""The numbers around every page, asked for again and again: 204 while none changed, so that nothing is swapped."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from webui import navigation, registry
from webui.current import engine, viewer
from webui.family import Family

blueprint = Blueprint("live", __name__)
FAMILY = Family(blueprint)


@blueprint.get("/live")
def numbers() -> Any:
    """The numbers beside the entries and on the bell; `rev` is what the page shows."""
    found = navigation.counts(registry.families(), engine(), viewer())
    revision = "-".join(f"{name}.{number}" for name, number in sorted(found.items()))
    if request.args.get("rev") == revision:
        return Response(status=204)
    return render_template("layout/numbers.html", numbers=found, revision=revision)
