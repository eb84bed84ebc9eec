"""The blueprint that warnings, orders and the wall hang their routes on."""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint

blueprint = Blueprint("watching", __name__)


@blueprint.app_template_global("names_of")
def names_of(names: Mapping[int, str], person: int | None) -> str:
    """A person's name, a dash for nobody."""
    return names.get(person, "—") if person is not None else "—"


@blueprint.app_template_global("moment_of")
def moment_of(text: str) -> datetime:
    """A moment that was kept as text."""
    return datetime.fromisoformat(text)
