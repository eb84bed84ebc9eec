"""Plan and progress as two bars on one line: per cent in, pixels and a sentence out."""

from dataclasses import dataclass
from decimal import Decimal

from engine.letters.tracking.updating import Outlook
from webui.i18n import gettext as _
from webui.tracking.blueprint import blueprint

PIXELS = 120


@dataclass(frozen=True)
class Bar:
    """Pixels of what is reached and where the plan stands; None where figures say nothing about progress."""

    reached: int | None
    planned: int
    label: str


@blueprint.app_template_global("progress_of")
def progress(outlook: Outlook) -> Bar:
    """The bar of an item as it stands."""
    planned = f"{outlook.planned:.0f}"
    if outlook.reached is None:
        return Bar(None, _pixels(outlook.planned), _("plan %(planned)s%%", planned=planned))
    reached = f"{outlook.reached:.0f}"
    label = _("plan %(planned)s%%, reached %(reached)s%%", planned=planned, reached=reached)
    return Bar(_pixels(outlook.reached), _pixels(outlook.planned), label)


def _pixels(percent: Decimal) -> int:
    return int(min(max(percent, Decimal(0)), Decimal(100)) * PIXELS / 100)
