"""Scoring: the list of letters, the sheet of one, self-report and data (`ux.md` §4.10)."""

from flask import url_for

from webui.family import Entry, Family
from webui.i18n import lazy_gettext as _l
from webui.scores import bars, entering, sheet  # noqa: F401  (routes)
from webui.scores.blueprint import blueprint


def _address(endpoint: str, subject: str) -> str:
    number = int(subject.partition(":")[2] or 0)
    return url_for(endpoint, letter=number)


FAMILY = Family(
    blueprint,
    entries=(Entry("scoring", _l("Scoring"), "scores.scoring", "stars", group="targets", rank=40),),
    task_pages={
        "score.self": lambda subject: _address("scores.self_report", subject),
        "score.data": lambda subject: _address("scores.data", subject),
        "score.deliverable": lambda subject: _address("scores.deliverable", subject),
        "score.sheet": lambda subject: _address("scores.score", subject),
        "score.review": lambda subject: _address("scores.score", subject),
    },
)
