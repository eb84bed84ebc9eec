"""Signing a task: the password again, the hash that was read, and handwriting that was drawn or is kept."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from flask import request

from engine.approvals import sealing
from engine.kernel.errors import InvalidInput
from engine.people import credentials
from webui.current import engine, viewer

PNG = "data:image/png;base64,"


def sign(instance_id: int, said: Mapping[str, Any]) -> dict[str, Any]:
    """Proof of who signed what. Raises NotAllowed for a wrong password, Conflict when the content has changed."""
    credentials.confirm(engine().start_work, viewer().id, said["password"], request.remote_addr or "")
    with engine().start_work(reading=True) as work:
        sealed = sealing.check(engine(), work, instance_id, said.get("sha256") or "")
    signature = {"method": "password", "person": viewer().id, "sha256": sealed}
    image = viewer().settings.signature if said.get("stored") else _drawn(said)
    return {**signature, "image": image} if image else signature


def picture(drawn: str) -> bytes | None:
    """A drawing as the page sends it, None for an empty one. Raises InvalidInput."""
    if not drawn.startswith(PNG):
        return None
    try:
        return base64.b64decode(drawn.removeprefix(PNG), validate=True)
    except binascii.Error as broken:
        raise InvalidInput("signature.image", "the drawn signature cannot be read: draw it again") from broken


def keep(name: str, content: bytes) -> str:
    """A picture of a signature among the files; its id. Raises InvalidInput for anything but a PNG."""
    if not name.lower().endswith(".png"):
        raise InvalidInput("signature.image", "a signature is a PNG picture: save it as .png", field="image")
    with engine().start_work() as work:
        kept = engine().files.keep(work, name, content, actor=viewer().id)
        work.commit()
    return kept.id


def _drawn(said: Mapping[str, Any]) -> str | None:
    image = picture(str(said.get("drawn") or ""))
    return keep("signature.png", image) if image else None
