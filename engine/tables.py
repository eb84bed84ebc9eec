"""Imports every module that declares tables, so that `Base.metadata` is complete."""

from engine.kernel import audit, calendar_days, settings  # noqa: F401
