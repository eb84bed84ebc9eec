"""What a view asks its surroundings for: the engine, the person who looks, whether htmx asks."""

from flask import current_app, request

from engine.workflow.engine import Engine
from webui.access import viewer

__all__ = ["by_htmx", "engine", "viewer"]


def engine() -> Engine:
    """The engine that `create_app` was given."""
    found: Engine = current_app.extensions["letterflow"]
    return found


def by_htmx() -> bool:
    """Whether a part of a page is wanted, not a whole one (going back in the history wants a whole one)."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
