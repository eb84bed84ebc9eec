"""All draft rules over one draft, in the order of their numbers."""

from collections.abc import Sequence

from engine.kernel.findings import Finding
from engine.kernel.work import Work
from engine.letters.content import Content
from engine.letters.draft_rules import (
    baselines,
    bounds,
    conflicts,
    decomposition,
    funding,
    owners,
    promises,
    smart,
    surroundings,
    weighting,
)
from engine.letters.draft_rules.surroundings import Surroundings


def findings(content: Content, around: Surroundings) -> list[Finding]:
    """What rules 1–5 and 7–9 find; promises (rule 6) are asked for only after the draft was submitted."""
    return [
        *weighting.check(content),
        *bounds.check(content),
        *smart.check(content),
        *owners.check(content, around),
        *decomposition.check(content, around),
        *funding.check(content, around),
        *baselines.check(content),
        *conflicts.check(content, around),
    ]


def of(work: Work, content: Content) -> list[Finding]:
    """The findings of a stored draft."""
    return findings(content, surroundings.load(work, content))


def before_approval(work: Work, content: Content) -> list[Finding]:
    """The findings that keep a draft out of approval: all of them, and promises without an answer (rule 6)."""
    return [*of(work, content), *promises.check(content)]


def errors(found: Sequence[Finding]) -> list[Finding]:
    """Those that block."""
    return [each for each in found if each.severity == "error"]


def warnings(found: Sequence[Finding]) -> list[Finding]:
    """Those that need the consent of OPS."""
    return [each for each in found if each.severity == "warning"]
