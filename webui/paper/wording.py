"""The words of a printed letter in the reader's language: a `Paper` becomes texts that the layout only places."""

import base64
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import segno

from engine.letters import weights
from engine.letters.items import ItemView
from engine.letters.kinds import Importance, Party
from engine.letters.papers import Paper
from webui.dates import long_day, long_moment
from webui.i18n import gettext as _
from webui.i18n import language
from webui.money import capital_in, number, two
from webui.words import known, word


def of(paper: Paper, address: str) -> dict[str, Any]:
    """Everything on the paper; `address` is where its code can be verified, empty for a draft."""
    whole, head = paper.content, paper.content.letter
    return {
        "language": language(),
        "draft": paper.draft,
        "title": f"{head.no} {whole.org.name}",
        "heading": head.title or _("Target responsibility letter"),
        "subtitle": f"{whole.org.name}  {word(f'level.{head.level}')} {head.period}",
        "no": head.no,
        "sha256": paper.sha256,
        "code": head.verify_code or "",
        "address": address,
        "qr": _qr(address) if head.verify_code else "",
        "facts": _facts(paper),
        "columns": [*("#", _("Item"), _("Target"), _("Weight"), _("Method"), _("Due"), _("Owner"))],
        "rows": list(_rows(paper)),
        "total": f"{two(weights.total(whole.weights))} / {number(head.full_score)}",
        "deliverables": _deliverables(paper),
        "promises": _promises(paper),
        "terms": _terms(paper),
        "clauses": [[str(each.get("no", "")), str(each.get("text", ""))] for each in paper.regulation.articles],
        "parties": [_party(paper, party) for party in Party],
        "signed_as": _signed_as(paper),
        "words": _words(),
    }


def _words() -> dict[str, str]:
    return {
        "draft": _("DRAFT"),
        "items": _("Items and targets"),
        "total": _("Sum of weights"),
        "deliverables": _("Deliverables"),
        "promises": _("Promises of others"),
        "terms": _("Terms"),
        "clauses": _("Clauses of the regulation"),
        "signatures": _("Signatures"),
        "unsigned": _("not signed"),
        "hash": _("SHA-256 of the content"),
        "code": _("Verification code"),
        "unsealed": _("A draft: nothing of it is agreed; it carries no verification code."),
    }


def _facts(paper: Paper) -> list[list[str]]:
    head = paper.content.letter
    found = [
        [_("Number"), head.no],
        [_("Period"), f"{long_day(head.starts_on)} – {long_day(head.ends_on)}"],
        [_("Party A"), _named(paper, head.party_a)],
        [_("Party B"), _named(paper, head.party_b)],
        [_("Regulation"), f"{paper.regulation.no} {paper.regulation.title}"],
        [_("Control mode"), word(f"mode.{paper.content.org.control_mode}")],
    ]
    if head.difficulty != 1:
        found += [[_("Difficulty"), number(head.difficulty)], [_("Full score"), number(head.full_score)]]
    return found


def _named(paper: Paper, person: int | None) -> str:
    if person is None or person not in paper.people:
        return "—"
    known_person = paper.people[person]
    return " ".join(part for part in (known_person.name, known_person.org_name, known_person.title) if part)


def _rows(paper: Paper) -> Iterator[dict[str, Any]]:
    whole = paper.content
    loose = [item for item in whole.items if item.group is None]
    yield from (_row(paper, item) for item in loose)
    for group in whole.groups:
        yield {"group": group.name, "weight": two(group.weight) if group.weight is not None else ""}
        yield from (_row(paper, item) for item in whole.items if item.group == group.id)


def _row(paper: Paper, item: ItemView) -> dict[str, Any]:
    owner = paper.people.get(item.owner) if item.owner is not None else None
    return {
        "number": str(paper.content.rows[item.id]),
        "name": item.name,
        "below": list(_below(paper, item)),
        "aims": list(_aims(item)),
        "capital": capital_in(item.target, item.unit),
        "weight": two(paper.content.weights.get(item.id)) if item.id in paper.content.weights else "—",
        "method": word(f"method.{item.method}"),
        "due": _short(item.due),
        "owner": owner.name if owner else "—",
    }


def _short(when: date | None) -> str:
    return "—" if when is None else when.isoformat()


def _below(paper: Paper, item: ItemView) -> Iterator[str]:
    marks = [word(f"kind.{item.kind}")]
    if item.importance is not Importance.NORMAL:
        marks.append(word(f"importance.{item.importance}"))
    yield "  ".join([*marks, *([item.category] if item.category else [])])
    texts = (
        (_("Definition"), item.definition),
        (_("Formula"), item.formula),
        (_("Completion standard"), item.completion_standard),
        (_("Rule"), item.rule_text),
        (_("Data source"), " ".join(part for part in (item.data_source, _provider(paper, item)) if part)),
    )
    yield from (f"{name}: {text}" if language() != "zh" else f"{name}：{text}" for name, text in texts if text)


def _provider(paper: Paper, item: ItemView) -> str:
    provider = paper.orgs.get(item.data_provider) if item.data_provider is not None else None
    return provider.name if provider else ""


def _aims(item: ItemView) -> Iterator[str]:
    for name, value in (
        (_("Threshold"), item.threshold),
        (_("Target"), item.target),
        (_("Stretch"), item.challenge),
    ):
        if value is not None:
            yield f"{name} {number(value)} {item.unit}".strip()
    if item.target is None and item.target_text:
        yield item.target_text


def _deliverables(paper: Paper) -> list[list[str]]:
    found = []
    for item in paper.content.items:
        for spec in paper.content.specs.get(item.id, ()):
            told = [spec.name, word(f"stage.{spec.stage}"), long_day(spec.due or item.due), spec.criteria]
            found.append([f"{paper.content.rows[item.id]}. {item.name}", "  ".join(each for each in told if each)])
    return found


def _promises(paper: Paper) -> list[list[str]]:
    found = []
    for each in paper.content.commitments:
        provider = paper.orgs[each.provider].name if each.provider in paper.orgs else ""
        found.append([provider, f"{each.content}  {long_day(each.due)}  {word(f'duty.{each.duty}')}"])
    return found


def _terms(paper: Paper) -> list[list[str]]:
    head = paper.content.letter
    found = [
        [word(f"section.{name}"), text]
        for name, text in sorted(head.sections.items())
        if text and known(f"section.{name}")
    ]
    found += [
        [_("Reward or penalty"), "  ".join(str(value) for value in each.values() if value)]
        for each in head.consequences
    ]
    return found + ([[_("Copies to"), "、".join(head.distribution)]] if head.distribution else [])


def _party(paper: Paper, party: Party) -> dict[str, Any]:
    head = paper.content.letter
    person = head.party_a if party is Party.A else head.party_b
    signed = next((each for each in paper.signed if each.party is party), None)
    who = paper.people.get(signed.person if signed else person or 0)
    return {
        "role": word(f"party.{party}"),
        "name": who.name if who else "—",
        "post": " ".join(part for part in (who.org_name, who.title) if part) if who else "",
        "moment": long_moment(signed.at) if signed else "",
        "image": _framed(paper.handwriting[party]) if party in paper.handwriting else "",
    }


def _signed_as(paper: Paper) -> str:
    if not paper.signed or paper.signed_version.id == paper.content.letter.id:
        return ""
    return _("Signed as %(no)s; this version came from an approved adjustment.", no=paper.signed_version.no)


def _framed(png: bytes) -> str:
    """A PNG as SVG: texts are all that the typesetter takes."""
    width, height = (int.from_bytes(png[start : start + 4], "big") for start in (16, 20))
    image = base64.b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{image}"/></svg>'
    )


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", xmldecl=False, border=1)
    return drawn.getvalue().decode()
