"""The account of a played month: what happened, in sentences with the time on the wall, in Chinese or English."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webui.demo.words import SENTENCES, WEEKDAYS

LANGUAGES = ("zh", "en")


@dataclass
class Account:
    """Writes sentences through `write` as things happen, and keeps them."""

    write: Callable[[str], object]
    now: Callable[[], datetime]
    language: str = "zh"
    lines: list[str] = field(default_factory=list)

    def chapter(self, key: str, **fields: Any) -> None:
        """A heading."""
        self._put("")
        self._put("== " + self._said(key, fields))

    def tell(self, key: str, **fields: Any) -> None:
        """A sentence with the time at which it happened."""
        moment = self.now()
        day = WEEKDAYS[self.language][moment.weekday()]
        self._put(f"{moment:%m-%d} {day} {moment:%H:%M}  {self._said(key, fields)}")

    def add(self, key: str, **fields: Any) -> None:
        """A sentence that belongs to the one before."""
        self._put(" " * 16 + self._said(key, fields))

    def word(self, key: str, **fields: Any) -> str:
        """A part of a sentence."""
        return self._said(key, fields)

    def _said(self, key: str, fields: dict[str, Any]) -> str:
        return SENTENCES[key][LANGUAGES.index(self.language)].format(**fields)

    def _put(self, line: str) -> None:
        self.lines.append(line)
        self.write(line)
