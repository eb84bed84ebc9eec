"""Persons, organisations, positions, roles, authority, credentials."""
