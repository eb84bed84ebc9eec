"""Adjusting a letter in force: windows, counts, effects, the new version (`domain.md` §9)."""
