"""Imports every module that declares tables, so that `Base.metadata` is complete."""

from engine.kernel import audit  # noqa: F401  (history)
from engine.people import orgs, persons, posts, roles  # noqa: F401  (org, person, position, post, role_grant)
