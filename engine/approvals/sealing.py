"""What somebody signs on a task without a page of its own: the hash of what the instance says at that moment."""

import hashlib
from typing import Any

import orjson

from engine.kernel.errors import Conflict
from engine.kernel.work import Work
from engine.workflow import instances
from engine.workflow.engine import Engine

SHOWN = 8
"""Characters of the hash that a person compares."""


def of(engine: Engine, work: Work, instance_id: int) -> str:
    """SHA-256, in hexadecimal, over title, number and process data, in one fixed order of names."""
    view = instances.view_in(work, instance_id)
    said = {"title": view.title, "number": view.business_key, "data": instances.look(engine, work, instance_id).data}
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS, default=_plain)).hexdigest()


def check(engine: Engine, work: Work, instance_id: int, seen: str) -> str:
    """The hash, if it is still what the signer saw. Raises Conflict `signature.changed`."""
    now = of(engine, work, instance_id)
    if seen != now:
        raise Conflict("signature.changed", "what you were about to sign has changed: read it again, then sign")
    return now


def _plain(value: Any) -> Any:
    return dict(value) if hasattr(value, "keys") else str(value)
