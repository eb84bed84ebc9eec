"""How a draft rule speaks: a finding with the rule's number, the row, the field, and the mechanical repair."""

from typing import Any

from engine.kernel.findings import Finding
from engine.letters.content import Content
from engine.letters.groups import GroupView
from engine.letters.items import ItemView


def blocking(code: str, message: str, remedy: str, **fields: Any) -> Finding:
    """A finding on the whole letter that keeps it from being submitted; `code` is `<rule>.<what>`."""
    return Finding(f"draft.{code}", "error", "letter", message, remedy, {"rule": _rule(code), **fields})


def doubtful(code: str, message: str, remedy: str, **fields: Any) -> Finding:
    """A finding on the whole letter that OPS may consent to."""
    return Finding(f"draft.{code}", "warning", "letter", message, remedy, {"rule": _rule(code), **fields})


def on_item(  # noqa: PLR0913  (a remark has these parts)
    content: Content, item: ItemView, code: str, message: str, remedy: str, *, warn: bool = False, **fields: Any
) -> Finding:
    """A finding on one row; `field` names the cell, `fix` the mechanical repair."""
    row = content.rows.get(item.id, 0)
    told = {"rule": _rule(code), "row": row, "item": item.id, "name": item.name, **fields}
    severity = "warning" if warn else "error"
    return Finding(f"draft.{code}", severity, f"item:{item.id}", f"row {row}: {message}", remedy, told)  # type: ignore[arg-type]  # one of the two words


def on_group(group: GroupView, code: str, message: str, remedy: str, **fields: Any) -> Finding:
    """A finding on one group that keeps the letter from being submitted."""
    told = {"rule": _rule(code), "group": group.id, "name": group.name, **fields}
    return Finding(f"draft.{code}", "error", f"group:{group.id}", message, remedy, told)


def _rule(code: str) -> str:
    return code.partition(".")[0]
