"""What a person signs and says with: the stored signature, and opinions that are one click away."""

from typing import Any

from flask import Response, flash, make_response, redirect, request, url_for

from engine.kernel.errors import InvalidInput, NotFound
from webui import forms
from webui.account import showing
from webui.account.blueprint import blueprint
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.inbox import pen

MOST_PHRASES = 8
LONGEST_PHRASE = 60


class Signature(forms.Schema):
    drawn = forms.text(most=400_000)


class Phrases(forms.Schema):
    phrases = forms.text(most=MOST_PHRASES * (LONGEST_PHRASE + 2))


@blueprint.get("/signature")
def signature() -> Response:
    """The stored signature, for its owner alone."""
    if not viewer().settings.signature:
        raise NotFound("file.unknown", "no signature is stored")
    with engine().start_work(reading=True) as work:
        content = engine().files.read(work, viewer().settings.signature)
    response = Response(content, mimetype="image/png")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.post("/signature")
def keep_signature() -> Any:
    """A drawn signature or a PNG picture; what was signed before keeps its own."""
    form = forms.read(Signature)
    try:
        kept = _picture(form)
    except InvalidInput as refusal:
        return make_response(showing.page(form.refuse(refusal, "image")), 422)
    showing.keep(signature=kept)
    flash(_("The signature is stored."))
    return redirect(url_for("account.show") + "#signature", 303)


@blueprint.post("/signature/delete")
def delete_signature() -> Any:
    showing.keep(signature="")
    flash(_("No signature is stored any more."))
    return redirect(url_for("account.show") + "#signature", 303)


@blueprint.post("/phrases")
def phrases() -> Any:
    """One phrase a line; none: the usual ones are offered again."""
    form = forms.read(Phrases)
    lines = [line.strip() for line in str(form.values.get("phrases") or "").splitlines() if line.strip()]
    if len(lines) > MOST_PHRASES or any(len(line) > LONGEST_PHRASE for line in lines):
        text = _("At most %(lines)s phrases of %(letters)s characters.", lines=MOST_PHRASES, letters=LONGEST_PHRASE)
        form.errors["phrases"] = text
    if not form.valid:
        return make_response(showing.page(form), 422)
    showing.keep(phrases=list(dict.fromkeys(lines)))
    flash(_("Saved."))
    return redirect(url_for("account.show") + "#phrases", 303)


def _picture(form: forms.Form) -> str:
    chosen = request.files.get("image")
    if chosen is not None and chosen.filename:
        return pen.keep(chosen.filename, chosen.read())
    drawn = pen.picture(str(form.values.get("drawn") or ""))
    if drawn is None:
        raise InvalidInput("signature.none", "draw your signature or choose a picture", field="image")
    return pen.keep("signature.png", drawn)
