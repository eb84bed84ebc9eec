"""Makes organisation.xlsx for 星河集团 from organisation.yaml; the same names every time.

python examples/make_organisation.py
"""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import yaml

from engine.kernel import workbook
from engine.people import spelling, workbook_sheets

FOLDER = Path(__file__).resolve().parent
FIRST = 1001
KEYS = ("code", "name", "type", "parent", "head", "leader", "control_mode", "categories", "staff")


def main() -> None:
    """Write the workbook beside this file."""
    said = yaml.safe_load((FOLDER / "organisation.yaml").read_text())
    group = Group(said)
    lines = {
        "组织": list(group.units()),
        "人员": list(group.people()),
        "任职": list(group.posts()),
        "角色": list(group.grants()),
        "权责": [dict(zip(_MATRIX, row, strict=True)) for row in said["authority"]],
    }
    (FOLDER / "organisation.xlsx").write_bytes(workbook.write(workbook_sheets.ALL, lines))


_MATRIX = ("type", "name", "category", "control_mode", "duty", "actor", "order", "primary", "article", "condition")


class Group:
    """The units with everybody in them; each person has a number in the order of the units."""

    def __init__(self, said: dict[str, Any]) -> None:
        self._said = said
        self._units = [dict(zip(KEYS, row, strict=True)) for row in said["orgs"]]
        self._posts = list(self._filled())
        self._numbers = {name: str(number) for number, name in enumerate(self._names(), start=FIRST)}

    def _names(self) -> list[str]:
        return list(dict.fromkeys(post["name"] for post in self._posts))

    def _filled(self) -> Iterator[dict[str, str]]:
        """Heads and named people first, then everybody who fills the posts."""
        named = {row[0] for row in self._said["named"]}
        for name, org, title, rank in self._said["named"]:
            yield {"name": name, "org": org, "title": title, "rank": rank}
        for unit in self._units:
            if unit["head"] not in named:
                rank = "R3" if unit["type"] == "DEPT" else "R1"
                yield {"name": unit["head"], "org": unit["code"], "title": "负责人", "rank": rank}
        known = named | {unit["head"] for unit in self._units}
        strangers = (name for name in self._made_up() if name not in known)
        titles = cycle(self._said["titles"])
        for unit in self._units:
            for _ in range(unit["staff"]):
                title, rank = next(titles)
                yield {"name": next(strangers), "org": unit["code"], "title": title, "rank": rank}

    def _made_up(self) -> Iterator[str]:
        given = self._said["given"]
        for round_ in range(len(given)):
            for place, surname in enumerate(self._said["surnames"]):
                yield surname + given[(place * 7 + round_ * 11) % len(given)]

    def units(self) -> Iterator[dict[str, Any]]:
        for unit in self._units:
            people = {key: self._numbers.get(unit[key]) for key in ("head", "leader")}
            yield {**unit, **people}

    def people(self) -> Iterator[dict[str, Any]]:
        taken: set[str] = set()
        for name, number in self._numbers.items():
            account = spelling.pinyin(name)
            account = account if account not in taken else f"{account}{number}"
            taken.add(account)
            yield {"number": number, "name": name, "account": account, "email": f"{account}@xinghe.example"}

    def posts(self) -> Iterator[dict[str, Any]]:
        for post in self._posts:
            yield {"person": self._numbers[post["name"]], **post}

    def grants(self) -> Iterator[dict[str, Any]]:
        for name, role, org in self._said["roles"]:
            yield {"person": self._numbers[name], "role": role, "org": org}


if __name__ == "__main__":
    main()
