"""Imports every module that declares tables, so that `Base.metadata` is complete."""
