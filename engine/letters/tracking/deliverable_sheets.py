"""What the page of an item's deliverables shows: versions, files, who may do what, what the item is worth so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.kernel.files import FileView
from engine.kernel.work import Work
from engine.letters import access, deliverable_specs, items, regulations
from engine.letters.deliverable_specs import DeliverableSpecView
from engine.letters.items import ItemView
from engine.letters.kinds import Method
from engine.letters.letters import LetterView
from engine.letters.scorecards import agreed
from engine.letters.scoring import item as scoring
from engine.letters.scoring.exact import HUNDRED
from engine.letters.scoring.terms import Facts, Score
from engine.letters.tracking import handing_in, submissions
from engine.letters.tracking.submissions import SubmissionView
from engine.workflow.engine import Engine


@dataclass(frozen=True)
class Sheet:
    """The page of an item's deliverables; `versions` newest first by spec, `files` by id; who may do what.

    `worth`: what a MILESTONE item would score as it stands, with its formula.
    """

    item: ItemView
    letter: LetterView
    specs: Sequence[DeliverableSpecView]
    versions: Mapping[int, Sequence[SubmissionView]]
    files: Mapping[str, FileView]
    may_hand_in: bool
    judges: frozenset[int]
    worth: Score | None = None


def sheet(engine: Engine, item_id: int, actor: int) -> Sheet:
    """The deliverables of an item. Raises NotFound for strangers."""
    with engine.start_work(reading=True) as work:
        item = items.view(work, item_id)
        letter = access.see(work, item.letter, actor)
        specs = deliverable_specs.of_item(work, item_id)
        versions = submissions.of_specs(work, [spec.id for spec in specs])
        names = [name for listed in versions.values() for version in listed for name in version.files]
        return Sheet(
            item=item,
            letter=letter,
            specs=specs,
            versions=versions,
            files={name: engine.files.view(work, name) for name in names},
            may_hand_in=letter.status in handing_in.RUNNING and handing_in.hands_in(work, item, letter, actor),
            judges=frozenset(spec.id for spec in specs if handing_in.judges(work, item, spec, actor)),
            worth=_worth(work, letter, item, specs, versions),
        )


def _worth(
    work: Work,
    letter: LetterView,
    item: ItemView,
    specs: Sequence[DeliverableSpecView],
    versions: Mapping[int, Sequence[SubmissionView]],
) -> Score | None:
    """What the deliverables that are in would score; None for other methods and before anything is in."""
    days = {spec.id: spec.due or item.due or letter.ends_on for spec in specs}
    made = [
        submissions.delivery(spec, day, versions[spec.id])
        for spec in specs
        if spec.id in versions and (day := days[spec.id]) is not None
    ]
    if item.method is not Method.MILESTONE or not made:
        return None
    counted = tuple(replace(each, result="PASS") if each.result == "PENDING" else each for each in made)
    rules = regulations.view(work, letter.regulation).parameters.scoring
    return scoring.score(
        agreed.terms(item, item.weight or HUNDRED, letter.weight_mode), Facts(deliveries=counted), rules
    )
