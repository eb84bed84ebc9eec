"""One line of a letter's history in words: the act, what it is about, what it changed, which level it led to."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.kernel.audit import Entry
from engine.letters.watching.levels import WarningLevel
from webui.dates import stamp
from webui.i18n import gettext as _
from webui.letters.blueprint import blueprint
from webui.money import number
from webui.words import known, word

_STATES = {
    "item.moved": "item",
    "adjustment.moved": "adjustment",
    "commitment.answered": "commitment",
    "forced.moved": "forced",
    "letter.moved": "letter",
    "warning.moved": "warning",
    "order.moved": "order",
}
_SILENT = frozenset(
    {
        *("before", "after", "facts", "item", "name", "no", "level", "warning", "image", "node", "task", "signature"),
        *("adjustment", "commitment", "provider", "element", "fix", "code", "rule", "values", "at"),
    }
)
"""What a line says elsewhere, or only machines read."""


@blueprint.app_template_global("happened_act")
def act(entry: Entry) -> str:
    """What was done."""
    code = f"act.{entry.act}"
    return word(code, node=entry.detail.get("node", "")) if known(code) else entry.act


@blueprint.app_template_global("happened_about")
def about(entry: Entry, item_names: Mapping[int, str]) -> str:
    """What it is about: the item, or what has a name or number of its own."""
    detail = entry.detail
    item = detail.get("item")
    name = item_names.get(item, "") if isinstance(item, int) else ""
    return str(detail.get("name") or name or detail.get("no") or "")


@blueprint.app_template_global("happened_levels")
def levels(entry: Entry) -> tuple[str | None, str | None]:
    """The warning level before and after, None where there is none."""
    if not entry.act.startswith("warning."):
        return None, None
    detail = entry.detail
    return _level(detail.get("before")), _level(detail.get("after", detail.get("level")))


@blueprint.app_template_global("happened_changes")
def changes(entry: Entry) -> list[tuple[str, str, str]]:
    """What changed as (name, before, after); where only something is told, before is empty."""
    detail = entry.detail
    before, after = detail.get("before"), detail.get("after")
    found: list[tuple[str, str, str]] = []
    if isinstance(before, dict) or isinstance(after, dict):
        old, new = before or {}, after or {}
        found += [
            (_named(key), _said(old.get(key)), _said(new.get(key)))
            for key in {**old, **new}
            if old.get(key) != new.get(key)
        ]
    elif ("before" in detail or "after" in detail) and _level(after) is None:
        kind = _STATES.get(entry.act, "letter")
        found.append(("", _state(kind, before), _state(kind, after)))
    if isinstance(detail.get("changes"), dict):
        found += [(_named(key), _said(old), _said(new)) for key, (old, new) in detail["changes"].items()]
    told = {key: value for key, value in detail.items() if key not in _SILENT | {"changes"} and known(f"detail.{key}")}
    return found + [(_named(key), "", _said(value)) for key, value in told.items() if value not in (None, "", [], {})]


@blueprint.app_template_global("happened_why")
def why(entry: Entry) -> str:
    """The figures behind a warning's level, in short: which of them were out of bounds."""
    facts = entry.detail.get("facts") or {}
    found = []
    if facts.get("days_overdue"):
        found.append(_("%(num)s days overdue", num=facts["days_overdue"]))
    if facts.get("lag"):
        found.append(_("%(points)s points behind", points=number(Decimal(str(facts["lag"])))))
    if facts.get("missed_reports"):
        found.append(_("%(num)s reports missed", num=facts["missed_reports"]))
    return ", ".join(found)


def in_one_line(entry: Entry) -> str:
    """The changes as one text, for workbooks."""
    return "; ".join(
        f"{name} {old} → {new}".strip() if old else f"{name} {new}".strip() for name, old, new in changes(entry)
    )


def _level(value: Any) -> str | None:
    return value if value in set(WarningLevel) else None


def _state(kind: str, state: Any) -> str:
    code = f"state.{kind}.{state}"
    return word(code) if known(code) else _said(state)


def _named(name: str) -> str:
    for code in (f"field.{name}", f"detail.{name}"):
        if known(code):
            return word(code)
    return name


def _said(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, str) and known(value):
        return word(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(_said(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{_named(key)} {_said(each)}" for key, each in value.items())
    return _figure(str(value))


def _figure(text: str) -> str:
    """Numbers without superfluous zeros, moments as people read them; hashes short."""
    try:
        return number(Decimal(text))
    except InvalidOperation:
        pass
    if len(text) == 64 and text.isalnum():
        return f"{text[:12]}…"
    try:
        return stamp(datetime.fromisoformat(text)) if "T" in text else text
    except ValueError:
        return text
