"""Drafting a letter: generate, edit, negotiate, force, submit, approve, sign, activate (`processes.md`, drafting)."""
