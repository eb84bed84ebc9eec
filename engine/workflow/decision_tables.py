"""Decision tables that travel with a definition: found by name, evaluated with the step's time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Tables:
    """The `.dmn` files of a definition and of those it calls."""

    files: Mapping[str, bytes]

    def __call__(self, table: str, decision: str | None, data: Mapping[str, Any], now: datetime) -> Any:
        raise NotImplementedError
