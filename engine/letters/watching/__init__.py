"""Watching: warnings by level, replies that climb, orders that only OPS closes (domain.md §8, §12)."""
