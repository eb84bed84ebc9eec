"""Says what in a diagram cannot run, or would run otherwise than it looks: findings with element and remedy."""

from engine.workflow.spiff.linter.checking import SUFFIXES, check, form_fields, keys_of

__all__ = ["SUFFIXES", "check", "form_fields", "keys_of"]
