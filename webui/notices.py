"""Notices of a person: the bell and the whole list."""

from typing import Any

from flask import Blueprint, render_template

from webui.family import Family

blueprint = Blueprint("notices", __name__, url_prefix="/notices")
FAMILY = Family(blueprint)


@blueprint.get("/")
def index() -> Any:
    return render_template("notices/index.html")


@blueprint.get("/bell")
def bell() -> Any:
    return render_template("notices/bell.html")
