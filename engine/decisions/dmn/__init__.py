"""Decision models of DMN 1.3 to 1.5: read, ask, check.

`read(xml)` gives a `Model`; `model.decide(name, data)` gives an `Outcome` with the value and the rows that fired.
"""

from engine.decisions.dmn.checks import check
from engine.decisions.dmn.graph import read
from engine.decisions.dmn.model import Model, Outcome
from engine.decisions.dmn.tables import FiredRule
from engine.decisions.dmn.xml import Limits

__all__ = ["FiredRule", "Limits", "Model", "Outcome", "check", "read"]
