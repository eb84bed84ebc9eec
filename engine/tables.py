"""Imports every module that declares tables, so that `Base.metadata` is complete."""

from engine.kernel import audit  # noqa: F401  (history)
