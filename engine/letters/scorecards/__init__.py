"""Scorecards: self-report, data, scores, review, publication, and what the group makes of them (domain.md §6, §7)."""
