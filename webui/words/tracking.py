"""Progress and deliverables: refusals, verdicts, states of items, notices."""

from webui.i18n import lazy_gettext as _l

WORDS = {
    "progress.reason": _l("From yellow on an update needs a cause and a measure"),
    "progress.empty": _l("Enter an actual figure or a percentage"),
    "progress.percent": _l("A percentage lies between 0 and 100"),
    "progress.not_yours": _l("Progress of this item is reported by its owner"),
    "progress.letter": _l("Letter %(no)s is not running: its progress is closed"),
    "progress.item": _l("This item is done: nothing is left to report"),
    "item.no_deliverable": _l("Before the item is done it needs its deliverable: %(missing)s"),
    "deliverable.not_yours": _l("The owner of the item hands in its deliverables"),
    "deliverable.no_file": _l("Attach at least one file"),
    "deliverable.comment": _l("Say what is missing"),
    "deliverable.reviewer": _l("The named reviewer judges, never the owner"),
    "deliverable.cut_off": _l("The evidence is closed: this item scores 0 and is carried over"),
    "deliverable.waiting": _l("Version %(version)s waits for its verdict or has passed"),
    "submission.judged": _l("Version %(version)s was judged already: %(result)s"),
    "file.name": _l("The file has no usable name: rename it and try again"),
    "file.size": _l("%(name)s is empty or larger than allowed"),
    "file.kind": _l("%(name)s is of no kind that is taken: %(allowed)s"),
    "file.content": _l("The content of %(name)s is not what its ending says"),
    "stage.STAGE": _l("on the way"),
    "stage.FINAL": _l("final"),
    "state.submission.PENDING": _l("waits for its verdict"),
    "state.submission.PASS": _l("passed"),
    "state.submission.CONDITIONAL": _l("to be mended"),
    "state.submission.FAIL": _l("failed"),
    "notice.deliverable.review": _l("Judge a deliverable: %(name)s, version %(version)s"),
    "notice.deliverable.PASS": _l("Your deliverable %(name)s has passed"),
    "notice.deliverable.CONDITIONAL": _l("Your deliverable %(name)s has to be mended"),
    "notice.deliverable.FAIL": _l("Your deliverable %(name)s has failed"),
}
