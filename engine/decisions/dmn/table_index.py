"""Which rules a value lets through, by one look-up for each column instead of one test for each cell."""

from typing import Any

from engine.decisions.dmn.cells import INDEXED, Axis, Cell
from engine.decisions.feel.budget import Run
from engine.decisions.feel.compiler import RUN, Closure


class ColumnIndex:
    """For each type of value: the rules let through at every position, as bits (rule 0 is bit 0).

    Cells that must be evaluated let everything through here; `residual` holds their bits.
    """

    def __init__(self, cells: list[Cell | None], tests: list[Closure]) -> None:
        self.everything = (1 << len(cells)) - 1
        self.residual = sum(1 << rule for rule, cell in enumerate(cells) if cell is None)
        self.tests = tests
        self.cells = cells
        self._null: int | None = None
        self._axes: dict[type, tuple[Axis, list[int]]] = {}
        known = [cell for cell in cells if cell is not None]
        for kind in INDEXED:
            axis = Axis(kind, known)
            self._axes[kind] = axis, self._masks(axis)

    def _masks(self, axis: Axis) -> list[int]:
        """For each position the rules; built by noting where each rule begins and ends."""
        toggles = [0] * (axis.size + 1)
        for rule, cell in enumerate(self.cells):
            accepted = axis.full if cell is None else axis.accepted(cell)
            edges = accepted ^ (accepted << 1)
            while edges:
                lowest = edges & -edges
                toggles[lowest.bit_length() - 1] ^= 1 << rule
                edges ^= lowest
        masks, current = [], 0
        for toggle in toggles[:-1]:
            current ^= toggle
            masks.append(current)
        return masks

    def rules(self, value: Any, scope: dict[str, Any]) -> int:
        """The rules whose cell in this column may accept the value; exact except for `residual`."""
        if value is None:
            return self._for_null() | self.residual
        found = self._axes.get(value.__class__)
        if found is None:
            return self._tested(value, scope, self.everything & ~self.residual) | self.residual
        axis, masks = found
        return masks[axis.position(value)]

    def _for_null(self) -> int:
        """The rules whose constant cell accepts null; the same for every scope."""
        if self._null is None:
            self._null = self._tested(None, {RUN: Run()}, self.everything & ~self.residual)
        return self._null

    def _tested(self, value: Any, scope: dict[str, Any], rules: int) -> int:
        """The rules among these whose test the value passes, one by one."""
        inner = {**scope, "?": value}
        passed = 0
        while rules:
            lowest = rules & -rules
            if self.tests[lowest.bit_length() - 1](inner) is True:
                passed |= lowest
            rules ^= lowest
        return passed

    def confirmed(self, value: Any, scope: dict[str, Any], rules: int) -> int:
        """These rules without those whose evaluated cell refuses the value."""
        doubtful = rules & self.residual
        if not doubtful:
            return rules
        scope[RUN].spend(doubtful.bit_count() * 5)
        return rules & ~self.residual | self._tested(value, scope, doubtful)
