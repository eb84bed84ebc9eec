"""The machine's verb of migration: one state from one version of a program to another, whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.kernel.errors import LetterflowError
from engine.kernel.findings import Finding
from engine.workflow.spiff import codec, reporting
from engine.workflow.spiff.migration import joins, needs
from engine.workflow.spiff.migration.carrying import Carrier, Since
from engine.workflow.spiff.migration.targets import Targets
from engine.workflow.spiff.programs import Program
from engine.workflow.spiff.recount import Recounted
from engine.workflow.spiff.run import Run
from engine.workflow.step import Ports, Step


@dataclass(frozen=True)
class Migrated:
    """What came of it: `step` is what is true in the new version, None where it cannot be; `findings` say why not.

    `renamed` maps ids of nodes where something stands to those they have now; `moved` are timers due at another moment.
    """

    step: Step | None
    findings: tuple[Finding, ...] = ()
    renamed: Mapping[str, str] | None = None
    moved: tuple[Recounted, ...] = ()


def migrate(  # noqa: PLR0913, PLR0917 - two programs, a state, and what says how
    old: Program, new: Program, state: bytes, mapping: Mapping[str, str], ports: Ports, since: Since
) -> Migrated:
    """Take a state to another version; no token moves, nothing is carried out. Raises nothing that a diagram causes."""
    run = codec.load(state, Run(old, ports))
    targets = Targets(old, new, mapping)
    targets.settle(run.root, new.process.start)
    if not _refused(targets):
        joins.check(run, targets)
        needs.check(run, targets)
    if _refused(targets):
        return Migrated(None, tuple(targets.findings))
    renamed = _renamed(run, targets)
    carrier = Carrier(run, targets, since)
    try:
        carrier.carry()
    except LetterflowError as error:
        targets.note("cannot_listen", new.process.start, reason=error.message)
        return Migrated(None, tuple(targets.findings))
    after = codec.dump(run)
    step = reporting.step(codec.load(after, Run(new, ports)), after)
    return Migrated(step, tuple(targets.findings), renamed, tuple(carrier.moved))


def _refused(targets: Targets) -> bool:
    return any(each.severity == "error" for each in targets.findings)


def _renamed(run: Run, targets: Targets) -> dict[str, str]:
    pairs = {
        token.task_spec.node.said.id: targets.of[token.id].node.said.id
        for token in run.tokens()
        if token.id in targets.of
    }
    return {before: after for before, after in pairs.items() if before != after}
