"""Makes letters-2026.xlsx (the year) and letters-202610.xlsx (October) for the organisations of organisation.xlsx.

python examples/make_letters.py
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from engine.kernel import workbook
from engine.letters.workbook import sheets
from engine.people import workbook_sheets as group

FOLDER = Path(__file__).resolve().parent
YEAR, OCTOBER = "2026", "202610"
Lines = dict[str, list[dict[str, Any]]]


def main() -> None:
    """Write both workbooks beside this file."""
    company = Company.read(FOLDER / "organisation.xlsx")
    promises = yaml.safe_load((FOLDER / "letters.yaml").read_text())
    for period in (YEAR, OCTOBER):
        lines: Lines = {sheet.name: [] for sheet in sheets.ALL}
        for org in company.orgs:
            if org["type"] in promises and (period == YEAR or org["type"] != "GROUP"):
                Letter(org, period, promises, company).write(lines)
        (FOLDER / f"letters-{period}.xlsx").write_bytes(workbook.write(sheets.ALL, lines))


class Company:
    """The organisations and persons of the example, as their workbook says."""

    def __init__(self, orgs: list[Mapping[str, Any]], posts: list[Mapping[str, Any]]) -> None:
        self.orgs, self._posts = orgs, posts

    @classmethod
    def read(cls, path: Path) -> "Company":
        found = workbook.read(path.read_bytes(), group.ALL).lines
        return cls([line.values for line in found["组织"]], [line.values for line in found["任职"]])

    def center(self, word: str) -> Mapping[str, Any]:
        """The first centre whose name holds the word."""
        return next(org for org in self.orgs if org["type"] == "CENTER" and word in org["name"])

    def staff(self, org: Mapping[str, Any]) -> list[str]:
        """The people of an organisation and of those below it, its head last."""
        own = {org["code"]}
        for below in self.orgs:
            if below["parent"] in own:
                own.add(below["code"])
        found = dict.fromkeys(post["person"] for post in self._posts if post["org"] in own)
        head = org["head"]
        return [*(each for each in found if each != head), head]


class Letter:
    """One organisation's letter for a year or a month."""

    def __init__(self, org: Mapping[str, Any], period: str, promises: Mapping[str, Any], company: Company) -> None:
        self._org, self._period, self._promises, self._company = org, period, promises, company
        self._name = f"{org['code']}-{period}"
        self._monthly = period != YEAR

    def write(self, lines: Lines) -> None:
        kept = [line for line in self._promised() if self._takes(line)]
        scale = Decimal(100) / (sum(line["weight"] for line in kept) or 1)
        word = "年 10 月" if self._monthly else "年度"
        head = {
            "title": f"{self._org['name']} 2026 {word}目标责任书",
            "org": self._org["code"],
            "level": "MONTH" if self._monthly else "ANNUAL",
            "period": self._period,
            "authority": "年度预算内费用审批、部门内人员调配" if not self._monthly else None,
            "terms": "考核结果按《目标责任考核管理办法》应用。",
        }
        lines["责任书"].append({"letter": self._name, **head})
        rest = Decimal(100)
        for number, line in enumerate(kept):
            weight = (line["weight"] * scale).quantize(Decimal("0.01"))
            last = all(not later["weight"] for later in kept[number + 1 :])
            weight = rest if line["weight"] and last else weight
            rest -= weight
            lines["指标"].append(self._item(line, weight, number))
            self._parts(line, lines)

    def _promised(self) -> Iterator[dict[str, Any]]:
        for line in self._promises[self._org["type"]]:
            yield {**self._promises["defaults"], **line}

    def _takes(self, line: Mapping[str, Any]) -> bool:
        return not self._monthly or line["monthly"] != "none"

    def _item(self, line: Mapping[str, Any], weight: Decimal, number: int) -> dict[str, Any]:
        low, target, high = (self._figure(line, value, self._period) for value in line["values"])
        weighted = line["kind"] in ("KPI", "TASK")
        provider, source = self._source(line["category"])
        staff = self._company.staff(self._org)
        return {
            **{key: line.get(key) for key in ("code", "kind", "name", "category", "importance", "unit", "direction")},
            **{key: line.get(key) for key in ("method", "params", "veto", "max_plus")},
            "letter": self._name,
            "origin": "DECOMPOSED",
            "definition": f"{line['name']}，按集团统一口径统计" if line["kind"] == "KPI" else line.get("standard"),
            "formula": f"{line['name']} = 期末确认值" if line["kind"] == "KPI" else None,
            "additive": line["monthly"] == "sum",
            "threshold": low,
            "target": target,
            "challenge": high,
            "weight": weight if weighted else Decimal(0),
            "data_source": source if weighted else None,
            "data_provider": provider if line["kind"] in ("KPI", "BONUS") else None,
            "due": line.get("due"),
            "completion_standard": line.get("standard"),
            "owner": staff[number % max(1, len(staff) - 1)],
            "alignment_reason": f"支撑集团 2026 年经营目标：{line['name']}",
            "parent": self._above(line),
        }

    def _figure(self, line: Mapping[str, Any], value: Any, period: str) -> Decimal | None:
        if value is None:
            return None
        number = Decimal(str(value))
        if period == YEAR or line["monthly"] != "sum":
            return number
        share = self._promises["shares"][int(period[4:]) - 1]
        return (number * share / 100).quantize(Decimal(1))

    def _source(self, category: str) -> tuple[str, str]:
        """Who confirms the figures: never the organisation itself."""
        sources = self._promises["sources"]
        word, text = sources.get(category, sources["default"])
        code = self._company.center(word)["code"]
        other = self._company.center("财务" if word != "财务" else "运营")["code"]
        return (other if code == self._org["code"] else code), text

    def _above(self, line: Mapping[str, Any]) -> str | None:
        if self._monthly:
            return f"ZRS-{self._org['code']}-{YEAR}-v1#{line['code']}"
        top = next(org["code"] for org in self._company.orgs if org["type"] == "GROUP")
        code = self._promises["above"].get(line["name"])
        return f"{top}-{YEAR}#{code}" if code and self._org["code"] != top else None

    def _parts(self, line: Mapping[str, Any], lines: Lines) -> None:
        own = {"letter": self._name, "item": line["code"]}
        if not self._monthly and line["monthly"] != "none" and line["kind"] == "KPI":
            for number in range(1, 13):
                month = f"{YEAR}{number:02d}"
                low, target, high = (self._figure(line, value, month) for value in line["values"])
                lines["分解"].append({**own, "period": month, "threshold": low, "target": target, "challenge": high})
        if line.get("deliverable"):
            document = {"name": line["deliverable"], "stage": "FINAL", "criteria": line["criteria"]}
            reviewer = self._company.center("运营")["head"]
            lines["成果文件"].append({**own, **document, "weight": Decimal(100), "reviewer": reviewer})


if __name__ == "__main__":
    main()
