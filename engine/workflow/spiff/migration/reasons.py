"""Why an instance cannot be taken over, or what should be looked at: one wording for all."""

from engine.kernel.findings import Finding, Severity
from engine.workflow.step import NodeSpec

_SAID: dict[str, tuple[Severity, str, str]] = {
    "target_missing": ("error", "{name} does not exist in the new version.", "Choose a node that takes its place."),
    "other_scope": (
        "error",
        "{target} of the new version does not stand in the same subprocess as {name}.",
        "Choose a node of the same scope, or wait until the instance has left {name}.",
    ),
    "other_type": (
        "error",
        "{name} is a {before}; in the new version {target} is a {after}.",
        "Choose a node of the same type.",
    ),
    "other_task": (
        "error",
        "{name} asks people to {before}; in the new version {target} asks them to {after}.",
        "Choose a task of the same kind, or let the open one be done first.",
    ),
    "repetition": (
        "error",
        "{name} is being repeated, and the new version repeats {target} in another way.",
        "Wait until all its instances are done.",
    ),
    "other_event": (
        "error",
        "{name} waits for {before}; in the new version {target} waits for {after}.",
        "Choose an event of the same kind.",
    ),
    "other_called": (
        "error",
        "{name} runs process {before}; in the new version {target} calls {after}.",
        "Wait until the called process has ended.",
    ),
    "compensating": ("error", "{name} is undoing what was done before.", "Wait until that has ended."),
    "undo_lost": (
        "error",
        "{name} was done and may have to be undone; the new version cannot undo it.",
        "Keep the activity and its compensation in the new version.",
    ),
    "join_flows": (
        "error",
        "A branch waits at {name} on a flow that the new version does not have.",
        "Keep the flows into the gateway, or let the instance pass it first.",
    ),
    "join_starves": (
        "error",
        "{name} of the new version waits for a branch that this instance never began.",
        "Let the instance pass the gateway first.",
    ),
    "join_missing": (
        "error",
        "Parallel branches of this instance are to meet at {name}, which the new version does not have.",
        "Keep the gateway, or let the instance pass it first.",
    ),
    "join_merges": (
        "error",
        "Parallel branches of this instance would come to {name} on one flow of the new version.",
        "Keep the branches apart until the gateway, or let the instance pass it first.",
    ),
    "join_complete": (
        "error",
        "In the new version nothing more is awaited at {name}; nobody would wake it.",
        "Let the instance pass the gateway first.",
    ),
    "cannot_listen": (
        "error",
        "{name} of the new version cannot begin to wait: {reason}.",
        "Give the data that it needs, or correct the expression.",
    ),
    "data_missing": (
        "warning",
        "The new version reads {variable} at {name}; this instance does not have it and nothing ahead sets it.",
        "Set it in the diagram before it is read.",
    ),
    "called_unknown": (
        "error",
        "{name} of the new version calls process {called}, which has no active version.",
        "Deploy and activate it.",
    ),
}


def reason(code: str, node: NodeSpec, **fields: str) -> Finding:
    """A finding `migration.<code>` at a node of the old version (of the new one where only that has it)."""
    severity, said, remedy = _SAID[code]
    told = {"name": node.name or node.id, **fields}
    return Finding(
        f"migration.{code}", severity, node.id, said.format(**told), remedy.format(**told), {"element": node.id, **told}
    )
