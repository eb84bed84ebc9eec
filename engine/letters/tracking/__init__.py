"""Tracking: progress against plan, and deliverables handed in and accepted (domain.md §5, §8, §12)."""
