"""The approvals floor on both databases, on the real workflow."""
