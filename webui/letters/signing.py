"""Signing: what is signed, its hash, the password again, the handwriting."""

import base64
import binascii
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from engine.kernel.errors import InvalidInput, NotAllowed
from engine.letters import content
from engine.letters.drafting import signing
from engine.letters.drafting.signing import Pen
from webui import forms
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.letters import sheets
from webui.letters.blueprint import blueprint
from webui.words import sentence

_PNG = "data:image/png;base64,"


class SignForm(forms.Schema):
    """The pen: password, hash that was read, handwriting as a data address (drawn) or a file."""

    password = forms.secret(required=True)
    sha256 = forms.text(required=True, most=64)
    drawn = forms.text(most=400_000)
    stored = forms.tick()


@blueprint.route("/<int:letter>/sign", methods=["GET", "POST"])
def sign(letter: int) -> Any:
    """The letter's text in short, its hash, and the signature."""
    form = forms.read(SignForm) if request.method == "POST" else forms.Form()
    if request.method == "POST" and form.valid:
        try:
            pen = Pen(form.values["password"], form.values["sha256"], _image(form), request.remote_addr or "")
            signed = signing.sign(engine(), letter, pen, actor=viewer().id)
        except InvalidInput as refused:
            form.refuse(refused, "drawn")
        except NotAllowed as refused:
            form.errors["password"] = sentence(refused)
        else:
            flash(_("Signed: %(no)s", no=signed.no))
            return redirect(url_for("letters.show", letter=letter), 303)
    with engine().start_work(reading=True) as work:
        sheet = sheets.load(work, letter, viewer().id)
        sealed = content.sha256(sheet.content)
    page = render_template("letters/sign.html", sheet=sheet, sealed=sealed, form=form)
    return make_response(page, 422 if form.errors else 200)


def _image(form: forms.Form) -> bytes | None:
    """The handwriting as PNG: the stored one, drawn, or a file that was chosen; None without."""
    if form.values.get("stored") and viewer().settings.signature:
        with engine().start_work(reading=True) as work:
            return engine().files.read(work, viewer().settings.signature)
    chosen = request.files.get("image")
    if chosen is not None and chosen.filename:
        return bytes(chosen.read())
    drawn = str(form.values.get("drawn") or "")
    if not drawn.startswith(_PNG):
        return None
    try:
        return base64.b64decode(drawn.removeprefix(_PNG), validate=True)
    except binascii.Error as broken:
        raise InvalidInput("signature.image", "the drawn signature cannot be read: draw it again") from broken
