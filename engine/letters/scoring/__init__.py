"""Scoring without a database: methods of items, letters, vetoes, grades, group index (domain.md §6, §7, §10)."""
