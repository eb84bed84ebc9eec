"""The letter as a PDF, and the public page to which the code on its paper leads."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for

from engine.kernel.errors import NotFound
from engine.letters import papers, verifying
from engine.letters.letters import LetterView
from webui.access import public
from webui.current import engine, viewer
from webui.paper import typesetting, wording

PDF = "application/pdf"

blueprint = Blueprint("paper", __name__)


@blueprint.get("/letters/<int:letter>/letter.pdf")
def pdf(letter: int) -> Response:
    """The letter on paper; set after the reading is over."""
    with engine().start_work(reading=True) as work:
        found = papers.of(work, engine().files, letter, viewer().id)
    head = found.content.letter
    made = typesetting.pdf(wording.of(found, _address(head)), _dated(found, head))
    answer = make_response(made)
    answer.headers["Content-Type"] = PDF
    answer.headers["Content-Disposition"] = f'inline; filename="{head.no}.pdf"'
    return answer


@blueprint.get("/verify/<code>")
@public
def verify(code: str) -> Any:
    """What was signed, by whom, when, and whether content and history still are what they were."""
    try:
        with engine().start_work(reading=True) as work:
            found = verifying.of_code(work, code)
    except NotFound:
        return make_response(render_template("paper/unknown.html"), HTTPStatus.NOT_FOUND)
    return render_template("paper/verify.html", found=found)


def _address(head: LetterView) -> str:
    if head.verify_code is None:
        return ""
    stands = current_app.config["ADDRESS"] or request.host_url
    return stands.rstrip("/") + url_for("paper.verify", code=head.verify_code)


def _dated(found: papers.Paper, head: LetterView) -> datetime:
    """The last thing that happened to what is printed: the same content is always dated the same."""
    moments = [each.at for each in found.signed] + [each for each in (head.approved_at, head.created_at) if each]
    return max(moments)
